import { openDataset } from '../stores/dataset/open.ts';
import type { CommandIo } from './command.ts';
import type { Config } from './config.ts';
import type { OpenedRewriter } from './main.ts';
import { createRewriter } from './rewrite/pipeline.ts';
import { openRules } from './rules/live-rules.ts';

/**
 * Opens a dataset version and the live rules, and makes the rewriter of them.
 *
 * @param dataset absolute path of the dataset version's folder
 * @throws {StoreError} when a file is missing, damaged or of a version that this program does not read
 */
export async function openRewriter(dataset: string, config: Config, io: CommandIo): Promise<OpenedRewriter> {
  const opened = openDataset(dataset, { cacheBytes: config.cacheBytes });
  try {
    const rules = openRules(config.rulesDir, {
      onProblem: (problem) => io.stderr.write(`emend: rules: ${problem.message}\n`),
    });
    return {
      rewriter: createRewriter({ dataset: opened.id, stores: opened.stores, rules }),
      cacheCounts: () => ({
        ...opened.cache.counters,
        bytes: opened.cache.usedBytes,
        capacityBytes: opened.cache.capacityBytes,
      }),
      close() {
        rules.close();
        opened.close();
      },
    };
  } catch (error) {
    opened.close();
    throw error;
  }
}
