import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** A process that was started, what it has said so far, and its end. */
export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly out: () => string;
  readonly err: () => string;
  /** The exit code; null: a signal ended it. */
  readonly exit: Promise<number | null>;
}

/** A service among them. */
export interface Served extends Started {
  readonly port: number;
  readonly url: string;
}

/** Processes of one test; none outlives it. */
export class Processes {
  readonly #running = new Set<ChildProcess>();

  start(
    command: string,
    args: readonly string[],
    options: { cwd?: string; env?: Record<string, string> } = {},
  ): Started {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString('utf8');
    });
    const exit = once(child, 'exit').then(([code]) => {
      this.#running.delete(child);
      return code as number | null;
    });
    return { child, pid: child.pid ?? 0, out: () => out, err: () => err, exit };
  }

  /** Starts a service and waits for its ready line. */
  async serve(
    command: string,
    args: readonly string[],
    options: { cwd?: string; env?: Record<string, string> } = {},
  ): Promise<Served> {
    const started = this.start(command, args, options);
    let code: number | null | undefined;
    void started.exit.then((ended) => {
      code = ended;
    });
    for (;;) {
      const port = Number(/ready on http:\/\/localhost:(\d+)/.exec(started.err())?.[1]);
      if (port > 0) return { ...started, port, url: `http://127.0.0.1:${port}` };
      if (code !== undefined) throw new Error(`it ended with ${code} before it was ready: ${started.err()}`);
      await wait(10);
    }
  }

  killAll(): void {
    for (const child of this.#running) child.kill('SIGKILL');
    this.#running.clear();
  }
}

export async function untilTrue(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(20);
}

/** The processes that `pid` started and that still run; Linux only. */
export function childrenOf(pid: number): number[] {
  try {
    const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return pids.trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Whether a process runs: one that has ended and that nobody has asked about does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
