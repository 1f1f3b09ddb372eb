/** A service of several processes that something live is changed under, with requests meanwhile. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { compiled } from '../../data/package-root.ts';

export interface RunningService {
  readonly child: ChildProcess;
  readonly url: string;
}

/** Answers in a row, from connection after connection, for each process that there is: then all of them have shown it. */
const ANSWERS_A_PROCESS = 3;
const LONGEST_MS = 30_000;

/** Starts `emend serve` on a free port; resolves when it is ready. */
export async function startService(dataset: string, args: readonly string[]): Promise<RunningService> {
  const child = spawn(
    process.execPath,
    [compiled('services/emend.js'), 'serve', '--port', '0', '--dataset', dataset, '--log-level', 'silent', ...args],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  for (;;) {
    const port = /ready on http:\/\/localhost:(\d+)/.exec(said)?.[1];
    if (port !== undefined) return { child, url: `http://127.0.0.1:${port}` };
    if (child.exitCode !== null) throw new Error(said);
    await wait(20);
  }
}

/** Keeps some requests in progress. */
export function startLoad(url: string, clientCount: number): { stop(): Promise<{ answered: number; failed: number }> } {
  let isOn = true;
  let answered = 0;
  let failed = 0;
  const client = async (): Promise<void> => {
    for (let i = 0; isOn; i++) {
      try {
        const response = await fetch(`${url}/rewrite?q=wireles+hedphones+${i % 500}`);
        await response.arrayBuffer();
        if (response.status === 200) answered++;
        else failed++;
      } catch {
        failed++;
      }
    }
  };
  const clients = Promise.all(Array.from({ length: clientCount }, client));
  return {
    async stop() {
      isOn = false;
      await clients;
      return { answered, failed };
    },
  };
}

/**
 * Milliseconds from now to the first of the answers from which on connection after connection, and so process after process,
 * gives only answers that are as wanted.
 */
export async function msUntilAll(
  url: string,
  workers: number,
  query: string,
  isWanted: (answer: { readonly rewritten: string; readonly rules: string | null }) => boolean,
): Promise<number> {
  const began = performance.now();
  for (let inARow = 0, firstMs = 0; ; ) {
    // Connections go to the processes in turn.
    const response = await fetch(`${url}/rewrite?q=${encodeURIComponent(query)}`, { headers: { connection: 'close' } });
    const answer = (await response.json()) as { rewritten: string; rules: string | null };
    if (!isWanted(answer)) inARow = 0;
    else if (++inARow === 1) firstMs = performance.now() - began;
    if (inARow === ANSWERS_A_PROCESS * workers) return firstMs;
    if (performance.now() - began > LONGEST_MS) throw new Error(`a change was not seen within ${LONGEST_MS} ms`);
  }
}
