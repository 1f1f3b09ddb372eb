import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { BuildError, reasonOf } from '../errors.ts';
import type { BuildProgress } from '../progress.ts';
import { buildDataset } from './build-dataset.ts';
import { BuildLock, type HeldLock } from './build-lock.ts';
import type { BuildPlan } from './plan.ts';
import { isWholeDataset } from './whole-dataset.ts';

const LOCK_POLL_MS = 100;

/**
 * Builds a dataset at `dir` unless a whole one is there. When two processes come at once, one builds and the other waits for
 * it, or takes over when it dies: see `BuildLock`. What lies at `dir` and is no whole dataset is removed.
 *
 * @param quietMs how long a lock is waited for whose holder cannot be seen and does nothing; a minute by default
 * @throws {BuildError} when it cannot be built; `BUILD_OUTPUT` at once where nothing can be written
 */
export async function buildOnce(
  plan: BuildPlan,
  dir: string,
  progress: BuildProgress,
  quietMs?: number,
): Promise<void> {
  refusing(dir, 'creating its folder', () => mkdirSync(dirname(dir), { recursive: true }));
  const lock = new BuildLock(`${dir}.lock`, quietMs);
  let held: HeldLock | undefined;
  while (held === undefined) {
    held = lock.tryTake();
    if (held !== undefined) break;
    progress.step(`waiting for the process that holds ${lock.path}`, 0, 'entries');
    await sleep(LOCK_POLL_MS);
    await progress.breathe();
    if (isWholeDataset(dir)) return;
  }
  try {
    if (isWholeDataset(dir)) return;
    refusing(dir, 'removing what is there and is no whole dataset', () =>
      rmSync(dir, { recursive: true, force: true }),
    );
    await buildDataset(plan, dir, Readable.from([]), progress);
  } catch (error) {
    // Two that took a dead process's lock in the same instant both build; the second finds the first one's work.
    if (!isWholeDataset(dir)) throw error;
  } finally {
    held.release();
  }
}

function refusing(dir: string, what: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    throw new BuildError('BUILD_OUTPUT', `${dir}: ${what}: ${reasonOf(cause)}`, { cause });
  }
}
