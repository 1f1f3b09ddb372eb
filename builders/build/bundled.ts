import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
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
import { BuildError, reasonOf } from '../errors.ts';
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
  'stores/titles',
  'stores/vectors',
];

/** What the bundled dataset of a language is built from, as `--config` takes it, in the language's folder. */
const INPUTS_FILE = 'dataset.json';

/** Bytes that the bundled dataset takes at least; while it is built it takes somewhat more. */
const BUNDLE_BYTES = 115e6;

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

/** What {@link ensureBundled} needs of a command's surroundings. */
type BundleIo = Pick<CommandIo, 'stderr' | 'env' | 'cwd'>;

/**
 * Builds the bundled dataset of the default language unless it is there, and answers its path. Each version of the bundle and of
 * the program has a folder of its own. When two processes come at once, one builds and the other waits.
 *
 * It is looked for in `cacheDir`, in `folder` and in the user's cache folder. It is built in `cacheDir`; where that is null, in
 * `folder`, and where `folder` cannot be written in the user's cache folder, which is then named.
 *
 * Builds in a process of its own, so that what it takes goes back to the system. Says so on `io.stderr`, with progress: a line
 * that is drawn over on a terminal, else a line every few seconds. Tens of seconds; 30 ms when it is there.
 *
 * @param cacheDir relative to `io.cwd`, or null
 * @param folder `data/build` by default
 * @throws {BuildError} when it cannot be built; `BUILD_OUTPUT`, at once, where no folder can be written
 */
export async function ensureBundled(io: BundleIo, cacheDir: string | null, folder = defaultFolder()): Promise<string> {
  const language = languageFolder(DEFAULT_LANGUAGE);
  const name = `${DEFAULT_LANGUAGE}-${bundleVersion(language)}`;
  const chosen = cacheDir === null ? [] : [resolve(io.cwd, cacheDir)];
  const usual = [folder, ...userCacheFolder(io.env)];
  const found = [...chosen, ...usual].map((place) => join(place, name)).find(isWholeDataset);
  if (found !== undefined) return found;
  return await interruptible(async (signal) => {
    const progress = io.stderr.isTTY ? new ProgressLine(io.stderr, signal) : new ProgressLog(io.stderr, signal);
    // Loaded only now: a service that finds its dataset loads no build code.
    const { buildInChild } = await import('./build-in-child.ts');
    const build = async (place: string) => {
      const dir = join(place, name);
      io.stderr.write(`emend: building the bundled dataset in ${dir} (once)\n`);
      refuseWithoutRoom(place);
      try {
        await buildInChild(bundledPlan(language), dir, progress);
      } finally {
        progress.clear();
      }
      removeEarlier(place, dir);
    };
    const tell = (message: string) => void io.stderr.write(`emend: ${message}\n`);
    return join(await firstWritable(chosen.length > 0 ? chosen : usual, build, tell), name);
  });
}

/**
 * Runs `build` for the first of several folders that can be written.
 *
 * @param tell told why a folder was passed over
 * @returns the folder
 * @throws {BuildError} `BUILD_OUTPUT` when none can be written; whatever else `build` throws
 */
export async function firstWritable(
  folders: readonly string[],
  build: (folder: string) => Promise<void>,
  tell: (message: string) => void,
): Promise<string> {
  const reasons: string[] = [];
  for (const folder of folders) {
    try {
      await build(folder);
      return folder;
    } catch (error) {
      if (!(error instanceof BuildError) || error.code !== 'BUILD_OUTPUT') throw error;
      reasons.push(error.message);
      if (reasons.length < folders.length) tell(error.message);
    }
  }
  throw new BuildError(
    'BUILD_OUTPUT',
    `no folder for the bundled dataset can be written: ${reasons.join('; ')}; name one with --cache-dir, or a dataset with --dataset`,
  );
}

/** A disk that is full is found out before half a minute of work. */
function refuseWithoutRoom(place: string): void {
  try {
    mkdirSync(place, { recursive: true });
    const { bavail, bsize } = statfsSync(place);
    if (bavail * bsize >= BUNDLE_BYTES) return;
    throw new Error(`expected ${BUNDLE_BYTES / 1e6} MB free on its disk, found ${Math.floor((bavail * bsize) / 1e6)}`);
  } catch (cause) {
    throw new BuildError('BUILD_OUTPUT', `${place}: building a dataset there: ${reasonOf(cause)}`, { cause });
  }
}

/** The folder of this program among the user's caches, as the XDG specification has it; none where there is no home. */
export function userCacheFolder(env: CommandIo['env']): string[] {
  const { XDG_CACHE_HOME: caches = '', HOME: home = '' } = env;
  // The specification: a relative path is to be ignored.
  if (isAbsolute(caches)) return [join(caches, 'emend')];
  return isAbsolute(home) ? [join(home, '.cache', 'emend')] : [];
}

function bundledPlan(dir: string): BuildPlan {
  const { inputs, vectors, titles, minCounts, channel = null } = bundledConfig(dir);
  return {
    language: readLanguageData(dir),
    inputs,
    ...(vectors === undefined ? {} : { vectors }),
    ...(titles === undefined ? {} : { titles }),
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
  const { inputs, vectors, titles = [], channel } = bundledConfig(language);
  for (const { file } of inputs) hash.update(`${statSync(file).size} `);
  if (vectors !== undefined) hash.update(`${statSync(vectors).size} `);
  for (const file of titles) hash.update(`${statSync(file).size} `);
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

/**
 * Removes the bundled datasets of earlier versions but the latest, and `dir`: each takes some 100 MB. What another user owns
 * stays.
 */
export function removeEarlier(folder: string, dir: string): void {
  const prefixes = [DEFAULT_LANGUAGE, FORMER_PREFIXES[DEFAULT_LANGUAGE]];
  const earlier = readdirSync(folder)
    .filter((name) => prefixes.includes(/^(.+)-[0-9a-f]{12}$/.exec(name)?.[1]))
    .map((name) => join(folder, name))
    .filter((path) => path !== dir && isWholeDataset(path))
    .map((path) => ({ path, time: statSync(path).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of earlier.slice(KEPT_EARLIER)) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // No reason not to use what was built.
    }
  }
}
