import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that holds package.json: the same one for the sources and for the compiled program under `dist/`, so files
 * that are not compiled (data, the API description, the playground) are found from both.
 *
 * @throws {Error} when no folder above this module has one
 */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('looking for package.json above the program: found none; reinstall emend');
    folder = parent;
  }
  return folder;
}

/** The version in package.json, for example `0.1.0`. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  return '0.0.0';
}

/** A compiled file of the package, as `compiled('load/run.js')`. */
export function compiled(path: string): string {
  return join(packageRoot(), 'dist', path);
}
