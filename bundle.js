/**
 * The last step of `npm run build`: puts the modules of the `emend` program together into a few files, `dist/services/emend.js`
 * and `dist/services/chunks/`, one for what each command needs. Finding, reading and linking 130 single modules took 55 ms of
 * each start. Nothing else changes: no minifying, packages stay where they are, and the single modules stay in `dist/` for the
 * tests and for `load/`.
 *
 * Where esbuild has no binary for the machine the program starts from its single modules, as `tsc` left it.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const root = import.meta.dirname;
const outdir = join(root, 'dist', 'services');

try {
  const { build } = await import('esbuild');
  rmSync(join(outdir, 'chunks'), { recursive: true, force: true });
  await build({
    entryPoints: [join(root, 'services', 'emend.ts')],
    outdir,
    bundle: true,
    splitting: true,
    // Two folders below dist/, as the modules are that look for files beside them.
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'error',
  });
} catch (error) {
  // What it says of the sources is a failed build; all else, that it is not there or does not run.
  if (Array.isArray(error?.errors)) throw error;
  process.stderr.write(`bundle: left as single modules: ${error instanceof Error ? error.message : error}\n`);
}
