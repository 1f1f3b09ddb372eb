import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../errors.ts';

/**
 * Remembers the sizes of a dataset's files, and tells of one that has another size later: a dataset version never changes, so somebody
 * has cut or overwritten it, and what is read of it from now on is wrong. A file that was removed, or replaced by another of its
 * name, still is what it was to whoever has it open.
 *
 * @returns what tells, at the cost of one `stat` for each file
 */
export function watchFiles(dir: string): () => StoreError | undefined {
  const known = new Map<string, Stats>();
  for (const name of readdirSync(dir)) {
    const path = join(dir, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() === true) known.set(path, stats);
  }
  return () => {
    for (const [path, { ino, size }] of known) {
      let now: Stats | undefined;
      try {
        now = statSync(path, { throwIfNoEntry: false });
      } catch {
        // Not to be looked at any more: that says nothing of the open file.
      }
      if (now === undefined || now.ino !== ino || now.size === size) continue;
      const message = `${path}: expected ${size} bytes as when it was opened, found ${now.size}; restore the file and restart the service`;
      return new StoreError('STORE_CORRUPT', message);
    }
    return undefined;
  };
}
