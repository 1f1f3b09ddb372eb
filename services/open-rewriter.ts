import type { CommandIo } from './command.ts';
import type { Config } from './config.ts';
import type { OpenedRewriter } from './main.ts';

/**
 * Opens a dataset version and the live rules, and makes the rewriter of them.
 *
 * @param dataset absolute path of the dataset version's folder
 * @throws {StoreError} when a file is missing, damaged or of a version that this program does not read
 */
export async function openRewriter(dataset: string, _config: Config, _io: CommandIo): Promise<OpenedRewriter> {
  throw new Error(`${dataset}: opening the dataset: this build has no pipeline`);
}
