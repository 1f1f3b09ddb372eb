/** Has files imported by a process of its own, one at a time: what it takes in memory is gone when it ends. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FileError, FileResult, UpdateOrder } from './update.ts';

/** Longest that an import may take; then its process is killed, and the old state stays. */
const MOST_MS = 10 * 60_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

export interface UpdaterOptions {
  /** Folder of the collections. */
  readonly collections: string;
  /** Folder of the files. */
  readonly files: string;
  /** Told what became of each file. */
  onResult(result: FileResult): void;
  /** Told that a process ended without having done what it was to do; it is tried again after a pause. */
  onFailure(error: FileError): void;
  /** Told when nothing is left to do. */
  onIdle(): void;
  /** The process's program. Default: the compiled module beside this one. */
  readonly program?: string;
}

/** The compiled module. */
function compiledProgram(): string {
  // From dist/services/live and from the bundle's chunks alike.
  const path = fileURLToPath(new URL('../live/updater-main.js', import.meta.url));
  if (existsSync(path)) return path;
  throw new Error(`starting the updater: there is no ${path}; run "npm run build"`);
}

export class Updater {
  readonly #options: UpdaterOptions;
  readonly #program: string;
  #wanted = new Set<string>();
  #child: ReturnType<typeof fork> | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: UpdaterOptions) {
    this.#options = options;
    this.#program = options.program ?? compiledProgram();
  }

  /** Has these files imported as soon as the process at work is done. */
  submit(names: Iterable<string>): void {
    for (const name of names) this.#wanted.add(name);
    this.#next();
  }

  /** Kills what is at work. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#child?.kill('SIGKILL');
  }

  #next(): void {
    if (this.#closed || this.#child !== undefined || this.#retry !== undefined) return;
    if (this.#wanted.size === 0) {
      this.#options.onIdle();
      return;
    }
    const left = new Set(this.#wanted);
    this.#wanted = new Set();
    this.#run(left);
  }

  #run(left: Set<string>): void {
    const child = fork(this.#program, [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child = child;
    const limit = setTimeout(() => child.kill('SIGKILL'), MOST_MS).unref();
    let isDone = false;
    let failure: FileError | undefined;
    child.on('message', (message: { result?: FileResult; done?: true; failed?: FileError }) => {
      if (message.result !== undefined) {
        if (message.result.outcome === 'moving') this.#wanted.add(message.result.file);
        left.delete(message.result.file);
        this.#options.onResult(message.result);
      }
      if (message.done) isDone = true;
      failure = message.failed;
    });
    let hasEnded = false;
    const end = (how: string): void => {
      if (hasEnded) return;
      hasEnded = true;
      clearTimeout(limit);
      this.#child = undefined;
      if (this.#closed) return;
      if (isDone && left.size === 0) {
        this.#pauseMs = FIRST_PAUSE_MS;
        this.#next();
        return;
      }
      const message = `importing ${[...left].join(', ')}: its process ended with ${how}; the old state stays, and it is tried again in ${this.#pauseMs} ms`;
      this.#options.onFailure(failure ?? { code: 'UPDATER', message, line: 0, column: 0 });
      for (const name of left) this.#wanted.add(name);
      this.#retry = setTimeout(() => {
        this.#retry = undefined;
        this.#next();
      }, this.#pauseMs).unref();
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    };
    child.on('error', (error) => end(error.message));
    child.on('exit', (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`));
    child.send({
      collections: this.#options.collections,
      files: this.#options.files,
      names: [...left],
    } satisfies UpdateOrder);
  }
}
