import { resolve } from 'node:path';
import { fileInput } from '../sources/input.ts';
import { readQueries, type TakeQuery } from '../sources/queries.ts';
import { parseQueryLogSpec } from '../sources/query-columns.ts';

/**
 * Reads a query log by itself, as `FILE[:COLUMN=NAME,...]` names it.
 *
 * @param cwd what the path is relative to
 * @throws {BuildError} `BUILD_INPUT` for a log that cannot be read; for the first line that cannot be used, unless such are
 *   skipped
 */
export async function readQueryLog(spec: string, cwd: string, skipInvalid: boolean, take: TakeQuery): Promise<void> {
  const { file, named } = parseQueryLogSpec(spec);
  const input = fileInput(resolve(cwd, file), file);
  const invalid = { skip: skipInvalid, count: 0, first: '' };
  await readQueries(input, { bytes: 0, sha256: '' }, { named, invalid }, take);
}
