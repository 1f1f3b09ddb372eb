import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DATASET_FORMAT_VERSION, MANIFEST_FILE } from '../../stores/dataset/manifest.ts';
import { readManifest } from '../../stores/dataset/open.ts';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import type { CommandIo } from '../command.ts';
import { packageRoot, packageVersion } from '../package-root.ts';
import { type BuildProgress, silentProgress } from '../progress.ts';
import { readBuildConfig } from './build-config.ts';
import { buildDataset } from './build-dataset.ts';
import { interruptible } from './interrupt.ts';
import { type BuildPlan, DEFAULT_MEMORY_BYTES, DEFAULT_MIN_COUNTS, type InputPlan } from './plan.ts';
import { ProgressLine } from './progress-line.ts';
import { isAlive } from './staging.ts';

const LOCK_POLL_MS = 100;

/** A lock is written within this time of being made. */
const EMPTY_LOCK_MS = 2000;

/** The inputs of the bundled English default, as `data/bundled.json` lists them. */
export function bundledInputs(): readonly InputPlan[] {
  return readBuildConfig(bundleFile()).inputs;
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
  if (isWhole(dir)) return dir;
  io.stderr.write(`emend: building the bundled dataset in ${dir} (once)\n`);
  return await interruptible(async (signal) => {
    const line = io.stderr.isTTY ? new ProgressLine(io.stderr, signal) : undefined;
    try {
      return await buildOrWait(dir, folder, line ?? silentProgress(signal));
    } finally {
      line?.clear();
    }
  });
}

async function buildOrWait(dir: string, folder: string, progress: BuildProgress): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const lock = `${dir}.lock`;
  while (!takeLock(lock)) {
    progress.step('waiting for the process that builds the dataset', 0, 'entries');
    await sleep(LOCK_POLL_MS);
    await progress.breathe();
    if (isWhole(dir)) return dir;
  }
  try {
    if (isWhole(dir)) return dir;
    // What is there but no dataset of ours is of no use to anyone: this folder is the program's own.
    rmSync(dir, { recursive: true, force: true });
    await buildDataset(bundledPlan(), dir, Readable.from([]), progress);
    return dir;
  } catch (error) {
    // Two that took a dead process's lock in the same instant both build; the second finds the first one's work.
    if (isWhole(dir)) return dir;
    throw error;
  } finally {
    rmSync(lock, { force: true });
  }
}

function bundledPlan(): BuildPlan {
  return {
    inputs: bundledInputs(),
    minCounts: readBuildConfig(bundleFile()).minCounts ?? DEFAULT_MIN_COUNTS,
    engines: {},
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
 * bytes would take longer to read than the answer), and the versions of all that turns them into stores.
 */
function bundleVersion(): string {
  const hash = createHash('sha256');
  hash.update(readFileSync(bundleFile()));
  for (const { file } of bundledInputs()) hash.update(`${statSync(file).size} `);
  hash.update(`${packageVersion()} ${DATASET_FORMAT_VERSION} ${TEXT_VERSION}`);
  return `english-${hash.digest('hex').slice(0, 12)}`;
}

function isWhole(dir: string): boolean {
  if (!existsSync(join(dir, MANIFEST_FILE))) return false;
  try {
    readManifest(dir);
    return true;
  } catch {
    return false;
  }
}

/** Takes the lock unless a living process of this machine holds it. */
function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    try {
      const holder = Number(readFileSync(lock, 'utf8'));
      // An empty lock is one that is being written, or was when its process died.
      const isStale = holder > 0 ? !isAlive(holder) : Date.now() - statSync(lock).mtimeMs > EMPTY_LOCK_MS;
      if (isStale) rmSync(lock, { force: true });
    } catch {
      // Released meanwhile.
    }
    return false;
  }
}
