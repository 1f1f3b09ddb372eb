/** The service under attack: its processes, their memory, their stalls and their ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { readFigures } from '../server/exposition.ts';

const SAMPLE_MS = 200;
/** How often the figures are asked for; reading them starts the event loop's delays anew. */
const FIGURES_MS = 1_000;
/** The event loop's delay is measured by a timer of 10 ms, whose own time is part of it. */
const LAG_TIMER_MS = 10;

/** What was seen of it. */
export interface Observed {
  /** Resident memory of a worker before the attack and at most during it, bytes. */
  readonly idleBytes: number;
  readonly peakBytes: number;
  /** Longest stall of an event loop, milliseconds; NaN where it could not be asked. */
  readonly longestStallMs: number;
  /** Processes that ended though nobody asked them to. */
  readonly aborts: number;
  /** Whether it ended in time when it was asked to, and how. */
  readonly exit: string;
}

export class Target {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #aborts: () => number;
  #idleBytes = 0;
  #peakBytes = 0;
  #longestStallMs = Number.NaN;
  #isWatched = true;
  #hasEnded = false;

  private constructor(child: ChildProcess, port: number, aborts: () => number) {
    this.#child = child;
    this.port = port;
    this.#aborts = aborts;
    child.once('exit', () => {
      this.#hasEnded = true;
    });
  }

  /** @param args of `emend serve`, after it */
  static async start(emend: string, args: readonly string[]): Promise<Target> {
    const child = spawn(process.execPath, [emend, 'serve', '--port', '0', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    let ends = 0;
    let text = '';
    const port = await new Promise<number>((resolve, reject) => {
      child.stderr?.setEncoding('utf8').on('data', (part: string) => {
        ends += part.match(/worker process \d+ ended|heap out of memory|unexpected error/g)?.length ?? 0;
        text = (text + part).slice(-4_000);
        const found = /ready on http:\/\/[^\s]*?:(\d+)/.exec(text)?.[1];
        if (found !== undefined) resolve(Number(found));
      });
      child.once('exit', (code) => reject(new Error(`the service ended with ${code} before it was ready: ${text}`)));
    });
    return new Target(child, port, () => ends);
  }

  /** Whether it is still there. */
  get isUp(): boolean {
    return !this.#hasEnded;
  }

  /** Takes what it has now for its memory at rest, and watches it from here on. */
  watch(): void {
    this.#idleBytes = Math.max(0, ...this.#workers().map(residentBytes));
    void this.#sample();
    void this.#askFigures();
  }

  async #sample(): Promise<void> {
    while (this.#isWatched) {
      this.#peakBytes = Math.max(this.#peakBytes, ...this.#workers().map(residentBytes));
      await wait(SAMPLE_MS);
    }
  }

  async #askFigures(): Promise<void> {
    while (this.#isWatched) {
      try {
        const figures = await readFigures({ host: '127.0.0.1', port: this.port });
        const lagS = figures.get('nodejs_eventloop_lag_max_seconds');
        if (lagS !== undefined) {
          const stallMs = Math.max(0, 1000 * lagS - LAG_TIMER_MS);
          this.#longestStallMs = Math.max(stallMs, Number.isNaN(this.#longestStallMs) ? 0 : this.#longestStallMs);
        }
      } catch {
        // It has ended, or has no connection to spare: the paced client sees that too.
      }
      await wait(FIGURES_MS);
    }
  }

  /** Asks it to end. */
  async stop(limitMs = 20_000): Promise<Observed> {
    this.#isWatched = false;
    const aborts = this.#aborts() + (this.#hasEnded ? 1 : 0);
    let exit = 'before it was asked to';
    if (!this.#hasEnded) {
      const ended = new Promise<string>((resolve) =>
        this.#child.once('exit', (code, signal) => resolve(`${signal ?? code}`)),
      );
      this.#child.kill('SIGTERM');
      exit = await Promise.race([ended, wait(limitMs, 'not in time')]);
      if (exit === 'not in time') this.#child.kill('SIGKILL');
    }
    const { idle, peak } = { idle: this.#idleBytes, peak: this.#peakBytes };
    return { idleBytes: idle, peakBytes: peak, longestStallMs: this.#longestStallMs, aborts, exit };
  }

  /** The processes that answer: with one worker, the service itself. */
  #workers(): number[] {
    const pid = this.#child.pid ?? 0;
    const children = read(`/proc/${pid}/task/${pid}/children`).trim();
    return children === '' ? [pid] : children.split(/\s+/).map(Number);
  }
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
