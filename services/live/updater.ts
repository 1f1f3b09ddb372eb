/**
 * Has files imported by a process of its own, one at a time: what it takes in memory is gone when it ends. It is there before
 * it is needed, and one that took little memory waits for the next order: to start a process takes a third of a second
 * where the processor is busy.
 */
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
  /** Told of what the process did beside: one line. */
  onNote(line: string): void;
  /** How long records of removed entries are kept at least, in days, when the file is compacted. */
  readonly keepRemovedDays: number;
  /** The process's program. Default: the compiled module beside this one. */
  readonly program?: string;
}

type Child = ReturnType<typeof fork>;

/** What the process says. */
interface Message {
  readonly result?: FileResult;
  readonly note?: string;
  /** After the last result: whether it waits for another order. */
  readonly done?: 'waiting' | 'ending';
  readonly failed?: FileError;
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
  #child: Child | undefined;
  /** The process for the next import, which waits for its order. */
  #spare: Child | undefined;
  #forgetSpare: () => void = () => {};
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

  /** Kills what is at work, and what waits. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#child?.kill('SIGKILL');
    this.#spare?.kill('SIGKILL');
  }

  #fork(): Child {
    return fork(this.#program, [this.#options.collections], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  /** Has a process wait for the next import. Should it end meanwhile, that import starts one of its own. */
  #prepare(): void {
    if (!this.#closed && this.#spare === undefined) this.#keepSpare(this.#fork());
  }

  #keepSpare(spare: Child): void {
    this.#spare = spare;
    // It keeps nobody from ending.
    spare.unref();
    spare.channel?.unref();
    const forget = (): void => {
      if (this.#spare === spare) this.#spare = undefined;
    };
    this.#forgetSpare = forget;
    spare.on('error', forget);
    spare.on('exit', forget);
  }

  /** The process that waits, or a new one. */
  #takeSpare(): Child {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare === undefined || !spare.connected) return this.#fork();
    spare.off('error', this.#forgetSpare);
    spare.off('exit', this.#forgetSpare);
    spare.ref();
    spare.channel?.ref();
    return spare;
  }

  #next(): void {
    if (this.#closed || this.#child !== undefined || this.#retry !== undefined) return;
    if (this.#wanted.size === 0) {
      this.#prepare();
      this.#options.onIdle();
      return;
    }
    const left = new Set(this.#wanted);
    this.#wanted = new Set();
    this.#run(left);
  }

  #run(left: Set<string>): void {
    const child = this.#takeSpare();
    this.#child = child;
    const limit = setTimeout(() => child.kill('SIGKILL'), MOST_MS).unref();
    let isDone = false;
    let failure: FileError | undefined;
    const onMessage = (message: Message): void => {
      if (message.note !== undefined) this.#options.onNote(message.note);
      if (message.result !== undefined) {
        if (message.result.outcome === 'moving') this.#wanted.add(message.result.file);
        left.delete(message.result.file);
        this.#options.onResult(message.result);
      }
      if (message.done !== undefined) isDone = true;
      failure = message.failed;
      if (message.done === 'waiting') end('');
    };
    let hasEnded = false;
    /** @param how the process ended; '' when it waits for the next order */
    const end = (how: string): void => {
      if (hasEnded) return;
      hasEnded = true;
      clearTimeout(limit);
      this.#child = undefined;
      child.off('message', onMessage);
      child.off('error', onError);
      child.off('exit', onExit);
      if (how === '' && !this.#closed) this.#keepSpare(child);
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
    const onError = (error: Error): void => end(error.message);
    const onExit = (code: number | null, signal: string | null): void => {
      end(signal === null ? `exit code ${code}` : `signal ${signal}`);
    };
    child.on('message', onMessage);
    child.on('error', onError);
    child.on('exit', onExit);
    child.send({
      collections: this.#options.collections,
      files: this.#options.files,
      names: [...left],
      keepRemovedDays: this.#options.keepRemovedDays,
    } satisfies UpdateOrder);
  }
}
