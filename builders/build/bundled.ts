import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot, packageVersion } from '../../data/package-root.ts';
import { BLOCKS_VERSION } from '../../stores/blocks/format.ts';
import { DATASET_FORMAT_VERSION } from '../../stores/dataset/manifest.ts';
import { FST_VERSION } from '../../stores/fst/format.ts';
import { LEXICON_VERSION } from '../../stores/lexicon/format.ts';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import type { CommandIo } from '../command.ts';
import { silentProgress } from '../progress.ts';
import { readBuildConfig } from './build-config.ts';
import { interruptible } from './interrupt.ts';
import { type BuildPlan, DEFAULT_MEMORY_BYTES, DEFAULT_MIN_COUNTS, type InputPlan } from './plan.ts';
import { ProgressLine } from './progress-line.ts';
import { isWholeDataset } from './whole-dataset.ts';

/**
 * Folders of the program that decide what a dataset says, below the root of its code. How stores are laid out is left
 * out: their format versions and the program's version stand for it.
 */
const DECIDING_FOLDERS: readonly string[] = [
  'builders/assemble',
  'builders/channel',
  'builders/count',
  'builders/deletes',
  'builders/extract',
  'stores/channel',
  'stores/deletes',
  'stores/language',
  'stores/letters',
  'stores/lexicon',
  'stores/misspellings',
  'stores/phonetic',
  'stores/text',
  'stores/vectors',
];

const NAME_PREFIX = 'english-';

/** Bundled datasets of earlier versions that are kept, for a service that may still be running on one. */
const KEPT_EARLIER = 1;

/** The inputs of the bundled English default, as `data/bundled.json` lists them. */
export function bundledInputs(): readonly InputPlan[] {
  return readBuildConfig(bundleFile()).inputs;
}

/** The error model for English, trained on free lists of misspellings: `data/README.md` says which. */
export function bundledChannel(): string {
  return join(packageRoot(), 'data', 'models', 'channel_en.tsv');
}

/**
 * Builds the bundled dataset below `folder` unless it is there, and answers its path. Each version of the bundle and of
 * the program has a folder of its own. When two processes come at once, one builds and the other waits.
 *
 * Says so on `io.stderr` when it builds, with progress where that is a terminal. Tens of seconds; 30 ms when it is there.
 *
 * @param folder `data/build` by default
 * @throws {BuildError} when it cannot be built
 */
export async function ensureBundled(io: Pick<CommandIo, 'stderr'>, folder = defaultFolder()): Promise<string> {
  const dir = join(folder, bundleVersion());
  if (isWholeDataset(dir)) return dir;
  io.stderr.write(`emend: building the bundled dataset in ${dir} (once)\n`);
  return await interruptible(async (signal) => {
    const line = io.stderr.isTTY ? new ProgressLine(io.stderr, signal) : undefined;
    try {
      // Loaded only now: a service that finds its dataset loads no build code.
      const { buildOnce } = await import('./build-once.ts');
      await buildOnce(bundledPlan(), dir, line ?? silentProgress(signal));
      removeEarlier(folder, dir);
      return dir;
    } finally {
      line?.clear();
    }
  });
}

/** The word vectors of the bundled English default, if there are some: a path. */
export function bundledVectors(): string | undefined {
  return readBuildConfig(bundleFile()).vectors;
}

function bundledPlan(): BuildPlan {
  const { inputs, vectors, minCounts } = readBuildConfig(bundleFile());
  return {
    inputs,
    ...(vectors === undefined ? {} : { vectors }),
    minCounts: minCounts ?? DEFAULT_MIN_COUNTS,
    engines: {},
    channel: bundledChannel(),
    skipInvalid: false,
    memoryBytes: DEFAULT_MEMORY_BYTES,
  };
}

function bundleFile(): string {
  return join(packageRoot(), 'data', 'bundled.json');
}

function defaultFolder(): string {
  return join(packageRoot(), 'data', 'build');
}

/**
 * Names what the bundled dataset is built from and by: the description of the bundle, the sizes of its files (their
 * bytes would take longer to read than the answer), and the code that turns them into stores. About 10 ms.
 */
function bundleVersion(): string {
  const hash = createHash('sha256');
  hash.update(readFileSync(bundleFile()));
  const { inputs, vectors } = bundledPlan();
  for (const { file } of inputs) hash.update(`${statSync(file).size} `);
  if (vectors !== undefined) hash.update(`${statSync(vectors).size} `);
  hash.update(readFileSync(bundledChannel()));
  hash.update(
    [packageVersion(), DATASET_FORMAT_VERSION, TEXT_VERSION, BLOCKS_VERSION, FST_VERSION, LEXICON_VERSION].join(' '),
  );
  const code = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  for (const folder of DECIDING_FOLDERS) {
    const names = existsSync(join(code, folder)) ? readdirSync(join(code, folder)).sort() : [];
    for (const name of names) if (/\.[jt]s$/.test(name)) hash.update(readFileSync(join(code, folder, name)));
  }
  return `${NAME_PREFIX}${hash.digest('hex').slice(0, 12)}`;
}

/** Removes the bundled datasets of earlier versions but the latest few: each takes some 100 MB. */
function removeEarlier(folder: string, dir: string): void {
  const earlier = readdirSync(folder)
    .filter((name) => name.startsWith(NAME_PREFIX) && join(folder, name) !== dir && isWholeDataset(join(folder, name)))
    .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of earlier.slice(KEPT_EARLIER)) rmSync(path, { recursive: true, force: true });
}
