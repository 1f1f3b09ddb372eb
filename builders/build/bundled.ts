import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_LANGUAGE, languageFolder } from '../../data/languages.ts';
import { packageRoot, packageVersion } from '../../data/package-root.ts';
import { BLOCKS_VERSION } from '../../stores/blocks/format.ts';
import { DATASET_FORMAT_VERSION } from '../../stores/dataset/manifest.ts';
import { MODEL_FILE } from '../../stores/dataset/model.ts';
import { FST_VERSION } from '../../stores/fst/format.ts';
import { LEXICON_VERSION } from '../../stores/lexicon/format.ts';
import { LANGUAGE_FILE } from '../../stores/profile/language.ts';
import { RUDE_FILE } from '../../stores/profile/rude-words.ts';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import { type CommandIo, UsageError } from '../command.ts';
import { type BuildConfig, readBuildConfig } from './build-config.ts';
import { interruptible } from './interrupt.ts';
import { readLanguageData } from './language-folder.ts';
import { type BuildPlan, DEFAULT_MEMORY_BYTES, DEFAULT_MIN_COUNTS } from './plan.ts';
import { ProgressLine, ProgressLog } from './progress-line.ts';
import { isWholeDataset } from './whole-dataset.ts';

/**
 * Folders of the program that decide what a dataset says, with all below them, from the root of its code on. How stores are laid out is left
 * out: their format versions and the program's version stand for it.
 */
const DECIDING_FOLDERS: readonly string[] = [
  'builders/assemble',
  'builders/channel',
  'builders/count',
  'builders/deletes',
  'builders/extract',
  'builders/sources',
  'stores/channel',
  'stores/deletes',
  'stores/language',
  'stores/letters',
  'stores/lexicon',
  'stores/marks',
  'stores/misspellings',
  'stores/neighbours',
  'stores/phonetic',
  'stores/profile',
  'stores/text',
  'stores/vectors',
];

/** What the bundled dataset of a language is built from, as `--config` takes it, in the language's folder. */
const INPUTS_FILE = 'dataset.json';

/** Bundled datasets of earlier versions that are kept, for a service that may still be running on one. */
const KEPT_EARLIER = 1;

/** What the folders of bundled datasets began with before they were named after their language. */
const FORMER_PREFIXES: Readonly<Record<string, string>> = { en: 'english' };

/**
 * What the bundled dataset of a language is built from.
 *
 * @param language the language's folder
 * @throws {UsageError} when the language has no inputs of its own, or describes them wrongly
 */
export function bundledConfig(language: string): BuildConfig {
  if (!hasBundle(language)) {
    const message = `${language}: expected ${INPUTS_FILE}, the inputs of the language, found none; leave out --bundled`;
    throw new UsageError(message);
  }
  return readBuildConfig(join(language, INPUTS_FILE));
}

/** The path of the error model in a language's folder, or null if it has none. */
export function languageChannel(language: string): string | null {
  return hasBundle(language) ? (bundledConfig(language).channel ?? null) : null;
}

function hasBundle(language: string): boolean {
  return existsSync(join(language, INPUTS_FILE));
}

/**
 * Builds the bundled dataset of the default language below `folder` unless it is there, and answers its path. Each version of
 * the bundle and of the program has a folder of its own. When two processes come at once, one builds and the other waits.
 *
 * Builds in a process of its own, so that what it takes goes back to the system. Says so on `io.stderr`, with progress: a line
 * that is drawn over on a terminal, else a line every few seconds. Tens of seconds; 30 ms when it is there.
 *
 * @param folder `data/build` by default
 * @throws {BuildError} when it cannot be built
 */
export async function ensureBundled(io: Pick<CommandIo, 'stderr'>, folder = defaultFolder()): Promise<string> {
  const language = languageFolder(DEFAULT_LANGUAGE);
  const dir = join(folder, `${DEFAULT_LANGUAGE}-${bundleVersion(language)}`);
  if (isWholeDataset(dir)) return dir;
  io.stderr.write(`emend: building the bundled dataset in ${dir} (once)\n`);
  return await interruptible(async (signal) => {
    const progress = io.stderr.isTTY ? new ProgressLine(io.stderr, signal) : new ProgressLog(io.stderr, signal);
    try {
      // Loaded only now: a service that finds its dataset loads no build code.
      const { buildInChild } = await import('./build-in-child.ts');
      await buildInChild(bundledPlan(language), dir, progress);
      removeEarlier(folder, dir);
      return dir;
    } finally {
      progress.clear();
    }
  });
}

function bundledPlan(dir: string): BuildPlan {
  const { inputs, vectors, minCounts, channel = null } = bundledConfig(dir);
  return {
    language: readLanguageData(dir),
    inputs,
    ...(vectors === undefined ? {} : { vectors }),
    minCounts: minCounts ?? DEFAULT_MIN_COUNTS,
    engines: {},
    channel,
    skipInvalid: false,
    memoryBytes: DEFAULT_MEMORY_BYTES,
  };
}

function defaultFolder(): string {
  return join(packageRoot(), 'data', 'build');
}

/**
 * A digest of what the bundled dataset of a language is built from and by: what the language's folder says, the sizes of its
 * inputs (their bytes would take longer to read than the answer), and the code that turns them into stores. About 10 ms.
 *
 * @returns 12 hexadecimal digits
 */
function bundleVersion(language: string): string {
  const hash = createHash('sha256');
  for (const name of [INPUTS_FILE, LANGUAGE_FILE, MODEL_FILE, RUDE_FILE]) {
    const path = join(language, name);
    if (existsSync(path)) hash.update(readFileSync(path));
  }
  const { inputs, vectors, channel } = bundledConfig(language);
  for (const { file } of inputs) hash.update(`${statSync(file).size} `);
  if (vectors !== undefined) hash.update(`${statSync(vectors).size} `);
  if (channel) hash.update(readFileSync(channel));
  hash.update(
    [packageVersion(), DATASET_FORMAT_VERSION, TEXT_VERSION, BLOCKS_VERSION, FST_VERSION, LEXICON_VERSION].join(' '),
  );
  const code = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  for (const path of DECIDING_FOLDERS.flatMap((folder) => codeBelow(join(code, folder))))
    hash.update(readFileSync(path));
  return hash.digest('hex').slice(0, 12);
}

/** The files of code in a folder and below, in order; none if the folder does not exist. */
export function codeBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Removes the bundled datasets of earlier versions but the latest, and `dir`: each takes some 100 MB. */
export function removeEarlier(folder: string, dir: string): void {
  const prefixes = [DEFAULT_LANGUAGE, FORMER_PREFIXES[DEFAULT_LANGUAGE]];
  const earlier = readdirSync(folder)
    .filter((name) => prefixes.includes(/^(.+)-[0-9a-f]{12}$/.exec(name)?.[1]))
    .map((name) => join(folder, name))
    .filter((path) => path !== dir && isWholeDataset(path))
    .map((path) => ({ path, time: statSync(path).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of earlier.slice(KEPT_EARLIER)) rmSync(path, { recursive: true, force: true });
}
