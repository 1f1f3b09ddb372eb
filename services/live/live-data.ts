/** Live data from a folder of files: watched, imported by a process of its own, its state told. */

import { setTimeout as wait } from 'node:timers/promises';
import { parseDataName } from './data-file.ts';
import { type FileError, type FileResult, KEEP_REMOVED_DAYS } from './update.ts';
import { Updater } from './updater.ts';
import { FolderWatcher } from './watcher.ts';

/** What is known of a file. */
export interface FileState {
  readonly file: string;
  readonly collection: string;
  /** What is wrong with the file as it is now; the collection has what was imported before. */
  readonly error: FileError | null;
  /** Entries of the collection; -1 when there is none. */
  readonly entries: number;
}

/** What is known of all of them: plain data, which one process sends another. */
export interface LiveDataState {
  /** Why the service should get no requests yet; null when it may. */
  readonly notReady: string | null;
  readonly files: readonly FileState[];
  /** What is wrong with all of them: the folder cannot be read, the updater does not run. */
  readonly error: FileError | null;
  /** Files imported since the start, and failures. */
  readonly imports: number;
  readonly failures: number;
}

export interface LiveDataOptions {
  /** Folder of the files. */
  readonly files: string;
  /** Folder of the collections. */
  readonly collections: string;
  /** One line for the log. */
  report(line: string): void;
  /** Told of every new state. */
  onState?(state: LiveDataState): void;
  /** How long records of removed entries are kept at least, in days. Default 30. */
  readonly keepRemovedDays?: number;
  /** For tests: the updater's program. */
  readonly program?: string;
}

/** Watches the files until it is closed. */
export class LiveData {
  /** Settles when every file that was there at the start has been looked at. */
  readonly first: Promise<void>;
  readonly #options: LiveDataOptions;
  readonly #files = new Map<string, FileState>();
  readonly #watcher: FolderWatcher;
  readonly #updater: Updater;
  #error: FileError | null = null;
  #imports = 0;
  #failures = 0;
  #isFirst = true;
  #wasReady = false;
  #settleFirst: () => void = () => {};

  constructor(options: LiveDataOptions) {
    this.#options = options;
    this.first = new Promise((resolve) => {
      this.#settleFirst = resolve;
    });
    this.#updater = new Updater({
      collections: options.collections,
      files: options.files,
      ...(options.program === undefined ? {} : { program: options.program }),
      onResult: (result) => this.#onResult(result),
      onFailure: (error) => this.#onFailure(error),
      onIdle: () => this.#onIdle(),
      onNote: (line) => options.report(line),
      keepRemovedDays: options.keepRemovedDays ?? KEEP_REMOVED_DAYS,
    });
    this.#watcher = new FolderWatcher({
      folder: options.files,
      onChange: (changed, gone) => this.#onChange(changed, gone),
      onProblem: (problem) => {
        this.#onFailure({
          code: String((problem as { code?: unknown }).code),
          message: problem.message,
          line: 0,
          column: 0,
        });
      },
    });
  }

  start(): void {
    this.#watcher.start();
    if (this.#files.size === 0 && this.#error === null) this.#updater.submit([]);
  }

  state(): LiveDataState {
    const files = [...this.#files.values()];
    return {
      notReady: this.#notReady(files),
      files,
      error: this.#error,
      imports: this.#imports,
      failures: this.#failures,
    };
  }

  close(): void {
    this.#watcher.close();
    this.#updater.close();
  }

  #onChange(changed: readonly string[], gone: readonly string[]): void {
    for (const file of gone) {
      const entries = this.#files.get(file)?.entries ?? -1;
      this.#files.delete(file);
      if (entries >= 0) this.#options.report(`${file}: the file is gone; its collection stays as it is`);
    }
    const wanted: string[] = [];
    for (const file of changed) {
      const other = this.#otherOf(file);
      if (other === undefined) {
        if (!this.#files.has(file))
          this.#set({ file, collection: parseDataName(file)?.name ?? '', error: null, entries: -1 });
        wanted.push(file);
        continue;
      }
      const message = `${file}: ${other} holds that collection too; remove one of them`;
      this.#fail({ file, collection: '', error: { code: 'DATA_NAME', message, line: 0, column: 0 }, entries: -1 });
    }
    this.#tell();
    // What is left of two files of one collection has its turn when the other is gone.
    for (const [file, { collection }] of this.#files) {
      if (gone.length > 0 && collection === '' && this.#otherOf(file) === undefined) wanted.push(file);
    }
    if (wanted.length > 0) this.#updater.submit(wanted);
  }

  #otherOf(file: string): string | undefined {
    const name = parseDataName(file)?.name;
    if (name === undefined) return undefined;
    for (const other of this.#files.values()) if (other.file !== file && other.collection === name) return other.file;
    return undefined;
  }

  #onResult({ file, collection, outcome, error, entries }: FileResult): void {
    if (outcome === 'moving' || !this.#files.has(file)) return;
    this.#error = null;
    const state = { file, collection, error, entries };
    if (error !== null) this.#fail(state);
    else {
      if (outcome === 'changed') {
        this.#imports++;
        this.#options.report(`${file}: imported, ${entries} entries`);
      }
      this.#set(state);
    }
    this.#tell();
  }

  #onFailure(error: FileError): void {
    this.#error = error;
    this.#failures++;
    this.#options.report(error.message);
    this.#tell();
  }

  #onIdle(): void {
    if (!this.#isFirst) return;
    this.#isFirst = false;
    this.#tell();
    this.#settleFirst();
  }

  #fail(state: FileState): void {
    this.#failures++;
    this.#set(state);
    const kept = state.entries >= 0 ? `; ${state.collection} stays as it was` : '';
    this.#options.report(`${state.error?.message}${kept}`);
  }

  #set(state: FileState): void {
    this.#files.set(state.file, state);
  }

  #notReady(files: readonly FileState[]): string | null {
    if (this.#wasReady) return null;
    const reason = this.#missing(files);
    // Once ready it stays so: a file that goes wrong later takes no service away.
    this.#wasReady = reason === null;
    return reason;
  }

  #missing(files: readonly FileState[]): string | null {
    const missing = files.find(({ collection, error, entries }) => collection !== '' && error !== null && entries < 0);
    if (missing !== undefined) return `${missing.error?.message}; there is no earlier import of it`;
    if (!this.#isFirst) return null;
    if (this.#error !== null) return this.#error.message;
    const waiting = files.filter(({ entries }) => entries < 0).map(({ file }) => file);
    return `the first import of ${waiting.join(', ') || this.#options.files} has not ended`;
  }

  #tell(): void {
    this.#options.onState?.(this.state());
  }
}

/**
 * Starts watching and waits for the first import, at most `waitMs`.
 *
 * @returns undefined when there is no folder of files
 */
export async function startLiveData(
  options: Omit<LiveDataOptions, 'files'> & { readonly files: string | null; readonly waitMs: number },
): Promise<LiveData | undefined> {
  const { files, waitMs, ...rest } = options;
  if (files === null) return undefined;
  const live = new LiveData({ ...rest, files });
  live.start();
  const limit = new AbortController();
  await Promise.race([live.first, wait(waitMs, undefined, { signal: limit.signal }).catch(() => {})]);
  limit.abort();
  const { notReady } = live.state();
  if (notReady !== null) options.report(`not ready: ${notReady}`);
  return live;
}
