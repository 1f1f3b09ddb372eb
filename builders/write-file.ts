import { writeFileSync } from 'node:fs';
import { BuildError, reasonOf } from './errors.ts';

/**
 * Writes a file of a dataset in the making. The system's own message of a full disk names no file.
 *
 * @throws {BuildError} `BUILD_OUTPUT` when it cannot be written
 */
export function writeFile(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content);
  } catch (cause) {
    throw new BuildError('BUILD_OUTPUT', `${path}: writing it: ${reasonOf(cause)}`, { cause });
  }
}
