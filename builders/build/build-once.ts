import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BuildProgress } from '../progress.ts';
import { buildDataset } from './build-dataset.ts';
import { isAlive } from './builder-mark.ts';
import type { BuildPlan } from './plan.ts';
import { isWholeDataset } from './whole-dataset.ts';

const LOCK_POLL_MS = 100;

/** A lock is written within this time of being made. */
const EMPTY_LOCK_MS = 2000;

/**
 * Builds a dataset at `dir` unless a whole one is there. When two processes of this machine come at once, one builds and
 * the other waits for it, or takes over when it dies. What lies at `dir` and is no whole dataset is removed.
 *
 * @throws {BuildError} when it cannot be built
 */
export async function buildOnce(plan: BuildPlan, dir: string, progress: BuildProgress): Promise<void> {
  mkdirSync(dirname(dir), { recursive: true });
  const lock = `${dir}.lock`;
  while (!takeLock(lock)) {
    progress.step('waiting for the process that builds the dataset', 0, 'entries');
    await sleep(LOCK_POLL_MS);
    await progress.breathe();
    if (isWholeDataset(dir)) return;
  }
  try {
    if (isWholeDataset(dir)) return;
    rmSync(dir, { recursive: true, force: true });
    await buildDataset(plan, dir, Readable.from([]), progress);
  } catch (error) {
    // Two that took a dead process's lock in the same instant both build; the second finds the first one's work.
    if (!isWholeDataset(dir)) throw error;
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Takes the lock unless a living process holds it; a dead one's is removed, to be taken at the next try. */
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
