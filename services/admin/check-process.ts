/** Runs a check in a process of its own, one at a time: a dataset is opened for it, and its memory goes when it is done. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { overloaded } from '../http/problems.ts';
import type { SetEdits } from './rule-edits.ts';
import type { AskedQuery } from './server/deps.ts';

/** Longest that a check may take; then its process is killed. */
const MOST_MS = 10 * 60_000;

/** To the process. */
export interface CheckOrder {
  readonly rules: string;
  readonly dataset: string;
  readonly config: Config;
  readonly edits: SetEdits;
  readonly queries: readonly AskedQuery[];
}

/** From the process. */
export interface CheckMessage {
  readonly report?: unknown;
  readonly failed?: string;
}

let isBusy = false;

/**
 * The report of a check.
 *
 * @throws {HttpProblem} `overloaded` while another runs; an Error where the process fails
 */
export async function checkInProcess(order: CheckOrder): Promise<unknown> {
  if (isBusy) throw overloaded('another check runs');
  isBusy = true;
  const child = fork(fileURLToPath(new URL('../admin/check-main.js', import.meta.url)), [], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), MOST_MS).unref();
  try {
    return await new Promise((resolve, reject) => {
      child.on('message', ({ report, failed }: CheckMessage) => {
        if (failed === undefined) resolve(report);
        else reject(new Error(`checking a draft: ${failed}`));
      });
      child.once('error', reject);
      child.once('exit', (code, signal) =>
        reject(new Error(`checking a draft: its process ended with ${signal ?? `exit code ${code}`}`)),
      );
      child.send(order);
    });
  } finally {
    clearTimeout(limit);
    isBusy = false;
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}
