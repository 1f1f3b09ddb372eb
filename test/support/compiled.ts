import { execFile } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../data/package-root.ts';

/** The compiled program. */
export interface Compiled {
  /** Path of the compiled `emend.js`. */
  readonly emend: string;
  /** Removes what was compiled for the test. */
  remove(): void;
}

/**
 * The program as `npm run build` leaves it in `dist/`; where sources have changed since, or there is none, it is compiled
 * into a folder of its own below `dist/`, so a test never runs yesterday's program and never disturbs another test's.
 */
export async function compiledProgram(): Promise<Compiled> {
  const root = packageRoot();
  const built = join(root, 'dist', 'services', 'emend.js');
  const newest = Math.max(
    ...['services', 'stores', 'builders', 'load', 'data'].map((folder) => newestMs(join(root, folder))),
  );
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return { emend: built, remove: () => {} };
  const out = join(root, 'dist', `.test-${process.pid}`);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', join(root, 'tsconfig.json'), '--outDir', out]);
  return { emend: join(out, 'services', 'emend.js'), remove: () => rmSync(out, { recursive: true, force: true }) };
}

function newestMs(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.name.endsWith('.ts')) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return newest;
}
