/**
 * The rewriter of a proxy in a process of its own: whatever becomes of it, requests are passed on, and looking for words takes
 * no time of those that are only forwarded.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Syntax } from '../../stores/text/token.ts';
import type { Config } from '../config.ts';
import type { Reading } from '../engines/reading.ts';
import type { RewriteOptions } from '../rewrite/options.ts';
import { type AskedRewriter, type AskFailure, Breaker } from './asked-rewriter.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
const SILENCE_MS = 10_000;
/** Texts that may wait for it at once: at a fifth of a millisecond each, what fits a budget. */
const MOST_WAITING = 256;
const STOP_MS = 2_000;

/** To the process, first. */
export interface RewriterOrder {
  /** Absolute path. */
  readonly dataset: string;
  readonly config: Config;
  readonly options: RewriteOptions;
  readonly cwd: string;
}

/** To the process. */
export interface Question {
  readonly id: number;
  readonly text: string;
  readonly syntax: Syntax;
  /** Milliseconds since 1970 after which nobody waits for it. */
  readonly untilMs: number;
}

/** From the process: first that it is ready, then an answer to each question; null where it has none. */
export type RewriterMessage =
  | { readonly ready: string }
  | { readonly id: number; readonly reading: Reading | null; readonly late?: boolean };

export interface RewriterProcessOptions {
  /** What it is to open, asked for each time it is started. */
  order(): Promise<RewriterOrder>;
  /** One line on what has become of it. */
  report(line: string): void;
  /** The process's program. Default: the compiled module beside this one. */
  readonly program?: string;
  /** So long it may be asked without a word from it, milliseconds. Then it is ended, and another started. Default: 10,000. */
  readonly silenceMs?: number;
}

/** Starts the process, and starts it again whenever it ends. Never throws: until it is ready, it is `stopped`. */
export function startRewriterProcess(options: RewriterProcessOptions): AskedRewriter {
  return new RewriterProcess(options);
}

class RewriterProcess implements AskedRewriter {
  readonly #options: RewriterProcessOptions;
  readonly #waiting = new Map<number, (answer: Reading | AskFailure) => void>();
  #breaker = new Breaker();
  #child: ChildProcess | undefined;
  #isReady = false;
  #isClosing = false;
  #lastId = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #retry: NodeJS.Timeout | undefined;
  /** When it was first asked since it last said something; undefined: nothing is owed. */
  #silentSinceMs: number | undefined;

  constructor(options: RewriterProcessOptions) {
    this.#options = options;
    void this.#start();
  }

  isUp(): boolean {
    return this.#isReady && this.#breaker.isClosed();
  }

  ask(text: string, syntax: Syntax, budgetMs: number): Promise<Reading | AskFailure> {
    const child = this.#child;
    if (child === undefined || !this.#isReady || !child.connected) return Promise.resolve('stopped');
    if (!this.#breaker.allows()) return Promise.resolve('stopped');
    if (this.#waiting.size >= MOST_WAITING) return Promise.resolve('busy');
    return new Promise((resolve) => {
      const id = ++this.#lastId;
      const timer = setTimeout(() => {
        this.#breaker.failed();
        settle('late');
        this.#endIfSilent();
      }, budgetMs);
      const settle = (answer: Reading | AskFailure) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(answer);
      };
      this.#waiting.set(id, settle);
      this.#silentSinceMs ??= performance.now();
      const question: Question = { id, text, syntax, untilMs: Date.now() + budgetMs };
      child.send(question, (error) => {
        if (error !== null) settle('stopped');
      });
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#retry);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    if (child.connected) child.disconnect();
    await ended;
    clearTimeout(limit);
  }

  async #start(): Promise<void> {
    try {
      const order = await this.#options.order();
      if (this.#isClosing) return;
      const program = this.#options.program ?? compiledProgram();
      const child = fork(program, [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      this.#child = child;
      this.#breaker = new Breaker();
      this.#silentSinceMs = undefined;
      child.on('message', (message: RewriterMessage) => this.#hear(message, child));
      // What cannot be started, or sent to, ends.
      child.on('error', () => {});
      let isOver = false;
      const over = (how: string) => {
        if (isOver) return;
        isOver = true;
        this.#ended(`the rewriter ended (${how})`);
      };
      child.once('exit', (code, signal) => over(signal === null ? `exit code ${code}` : `signal ${signal}`));
      // One that was never there does not exit.
      child.once('error', (error) => {
        if (child.pid === undefined) over(error.message);
      });
      child.send(order, () => {});
    } catch (error) {
      this.#ended(`the rewriter cannot be started: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #hear(message: RewriterMessage, child: ChildProcess): void {
    this.#silentSinceMs = undefined;
    if ('ready' in message) {
      this.#isReady = true;
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#options.report(`the rewriter is ready: process ${child.pid}, dataset ${message.ready.slice(0, 19)}`);
      return;
    }
    const settle = this.#waiting.get(message.id);
    if (settle === undefined || message.late === true) return;
    this.#breaker.answered();
    settle(message.reading ?? 'failed');
  }

  #ended(how: string): void {
    this.#isReady = false;
    this.#child = undefined;
    for (const settle of [...this.#waiting.values()]) settle('stopped');
    if (this.#isClosing) return;
    this.#options.report(`${how}; requests pass as they came; starting another in ${this.#pauseMs} ms`);
    this.#retry = setTimeout(() => void this.#start(), this.#pauseMs);
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
  }

  #endIfSilent(): void {
    const since = this.#silentSinceMs;
    const { silenceMs = SILENCE_MS, report } = this.#options;
    if (since === undefined || performance.now() - since < silenceMs) return;
    report(`the rewriter has said nothing for ${silenceMs / 1000} s: it is ended`);
    this.#child?.kill('SIGKILL');
  }
}

/** The compiled module. */
function compiledProgram(): string {
  // From dist/services/proxy and from the bundle's chunks alike.
  const path = fileURLToPath(new URL('../proxy/rewriter-main.js', import.meta.url));
  if (existsSync(path)) return path;
  throw new Error(`there is no ${path}; run "npm run build"`);
}
