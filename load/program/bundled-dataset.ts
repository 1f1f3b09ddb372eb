import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiled, packageRoot } from '../../data/package-root.ts';

/**
 * The folder of the bundled dataset, which the program builds first if need be, as it does for whoever starts it without
 * naming a dataset. The program says which one it took; its id finds the folder.
 */
export function bundledDataset(): string {
  const { status, stdout } = spawnSync(process.execPath, [compiled('services/emend.js'), 'rewrite', 'wireles'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`emend rewrite ended with code ${status}`);
  const { dataset } = JSON.parse(stdout) as { dataset: string };
  const builds = join(packageRoot(), 'data', 'build');
  const folder = readdirSync(builds)
    .map((name) => join(builds, name))
    .find((path) => idOf(path) === dataset);
  if (folder === undefined) throw new Error(`${builds}: expected a folder of the dataset ${dataset}, found none`);
  return folder;
}

/** The id in a dataset's manifest; undefined for a folder that is none. */
function idOf(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { id?: string }).id;
  } catch {
    return undefined;
  }
}
