import cluster, { type Worker } from 'node:cluster';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { answerMetrics } from './cluster-metrics.ts';

/** A process that lived this long had started well: its next restart is prompt again. */
const SETTLED_MS = 10_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 30_000;

/** How much longer than the drain a worker may take to be gone before it is killed. */
const EXIT_GRACE_MS = 2_000;

/** How the workers are run. */
export interface SupervisorOptions {
  readonly config: Config;
  /** The program's arguments, the same for each worker. */
  readonly args: readonly string[];
  /** Settles when the service is to stop. */
  readonly stop: Promise<unknown>;
  /** Called once, when every worker listens. */
  onListening(port: number): void;
  /** One line about a worker that ended or comes back. */
  report(line: string): void;
}

/**
 * Runs `config.workers` processes that share one port; one that ends on its own is started again, after a pause that
 * doubles while it keeps ending soon. Workers run this same program, from its compiled files.
 *
 * @returns the exit code: 0, or 1 when a worker ended before the service was up, or not all requests were answered
 */
export async function supervise(options: SupervisorOptions): Promise<number> {
  const { config } = options;
  cluster.setupPrimary({ args: [...options.args] });
  answerMetrics();

  let failed = false;
  let stopping = false;
  let everUp = false;
  let listening = 0;
  let giveUp: () => void = () => {};
  const gaveUp = new Promise<void>((resolve) => {
    giveUp = resolve;
  });

  const start = (delayMs: number): void => {
    const startedMs = performance.now();
    const worker = cluster.fork();
    let served = false;
    worker.once('listening', (address) => {
      served = true;
      listening += 1;
      if (listening < config.workers || everUp) return;
      everUp = true;
      options.onListening(address.port);
    });
    worker.once('exit', (code, signal) => {
      if (stopping) {
        // One that was still starting had nothing to answer, however the signal found it.
        if (served && code !== 0) failed = true;
        return;
      }
      const how = signal ? `signal ${signal}${likelyReason(signal)}` : `exit code ${code}`;
      if (!everUp) {
        // What keeps the first ones from starting (a port, a dataset) will keep the next ones too.
        options.report(`worker process ${worker.process.pid} ended while starting (${how})`);
        failed = true;
        giveUp();
        return;
      }
      const pauseMs = performance.now() - startedMs > SETTLED_MS ? FIRST_DELAY_MS : delayMs;
      options.report(`worker process ${worker.process.pid} ended (${how}); starting another in ${pauseMs} ms`);
      setTimeout(() => {
        if (!stopping) start(Math.min(pauseMs * 2, LONGEST_DELAY_MS));
      }, pauseMs).unref();
    });
  };
  for (let i = 0; i < config.workers; i++) start(FIRST_DELAY_MS);

  await Promise.race([options.stop, gaveUp]);
  stopping = true;
  if (!(await stopAll(config.drainDelayMs + config.drainTimeoutMs + EXIT_GRACE_MS))) failed = true;
  return failed ? 1 : 0;
}

/** What a signal of the system most likely means here, since the process cannot say it any more. */
function likelyReason(signal: string): string {
  if (signal === 'SIGBUS') return ': a file that it had mapped was cut or overwritten in place, or the disk is full';
  return signal === 'SIGKILL' ? ': killed, perhaps because memory ran out' : '';
}

/** @returns whether all ended by themselves */
async function stopAll(limitMs: number): Promise<boolean> {
  const workers = Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker !== undefined);
  const ended = Promise.all(
    workers.map((worker) => (worker.isDead() ? undefined : new Promise((resolve) => worker.once('exit', resolve)))),
  );
  for (const worker of workers) worker.process.kill('SIGTERM');
  const limit = new AbortController();
  const inTime = await Promise.race([
    ended.then(() => true),
    wait(limitMs, false, { signal: limit.signal }).catch(() => false),
  ]);
  limit.abort();
  if (!inTime) for (const worker of workers) worker.process.kill('SIGKILL');
  await ended;
  return inTime;
}
