/**
 * A build in a process of its own: what it takes, some hundreds of megabytes, goes back to the system when it is done. For a
 * process that lives on, such as a service that builds its dataset at the first start.
 */
import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { BuildError } from '../errors.ts';
import type { BuildProgress } from '../progress.ts';
import { moduleBeside } from './beside.ts';
import { buildOnce } from './build-once.ts';
import type { BuildPlan } from './plan.ts';
import { type ThreadError, unpackError } from './thread-error.ts';

/** To the process: what to build, where. */
export interface ChildOrder {
  readonly plan: BuildPlan;
  readonly dir: string;
}

/** From the process: its progress, and its end. */
export type ChildMessage =
  | { readonly type: 'step'; readonly label: string; readonly total: number; readonly unit: 'bytes' | 'entries' }
  | { readonly type: 'update'; readonly done: number }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly error: ThreadError };

/** How often an interrupted build is noticed. */
const WAIT_MS = 50;

/**
 * `buildOnce` in a process of its own. Where there is no compiled module to run, in this one.
 *
 * @throws {BuildError} as `buildOnce`; `BUILD_LIMIT` when the process was killed. What `progress.breathe` throws, once the
 *   process has cleaned up after itself
 */
export async function buildInChild(plan: BuildPlan, dir: string, progress: BuildProgress): Promise<void> {
  const entry = moduleBeside('child');
  if (entry === undefined) return buildOnce(plan, dir, progress);
  const child = fork(entry, [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let end: ChildMessage | undefined;
  let isGone = false;
  const gone = new Promise<Error | undefined>((resolve) => {
    child.on('error', (cause) => {
      isGone = true;
      resolve(new BuildError('BUILD_LIMIT', `starting a process to build in: ${cause.message}`, { cause }));
    });
    child.on('exit', (code, signal) => {
      isGone = true;
      if (end?.type === 'done') return resolve(undefined);
      if (end?.type === 'failed') return resolve(unpackError(end.error));
      const how = signal === null ? `exit code ${code}` : signal;
      const message = `the process of the build ended with ${how}; if memory ran out, build where there is 1 GB free`;
      resolve(new BuildError('BUILD_LIMIT', message));
    });
  });
  child.on('message', (message: ChildMessage) => {
    if (message.type === 'step') progress.step(message.label, message.total, message.unit);
    else if (message.type === 'update') progress.update(message.done);
    else end = message;
  });
  child.send({ plan, dir } satisfies ChildOrder);
  try {
    while (!isGone) {
      await Promise.race([gone, sleep(WAIT_MS)]);
      await progress.breathe();
    }
  } catch (error) {
    child.kill('SIGTERM');
    await gone;
    throw error;
  }
  const error = await gone;
  if (error !== undefined) throw error;
}
