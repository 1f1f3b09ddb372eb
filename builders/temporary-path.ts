import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';

/**
 * A new name beside `path`, to write under until the file is whole: two processes, or two writers of one, never share it.
 * Short, so that it is legal wherever `path` is.
 */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.emend-${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
}
