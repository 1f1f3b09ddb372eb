import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project, from the source tree and from `dist` alike. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no folder above this file holds a package.json');
    folder = parent;
  }
  return folder;
}

/** A compiled file of the project, such as `compiled('load/run.js')`. */
export function compiled(path: string): string {
  return join(packageRoot(), 'dist', path);
}
