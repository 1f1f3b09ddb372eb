/**
 * Watches a folder for files of live data that appear, change and vanish, in whatever way: written in place, renamed over
 * (editors), or behind a symbolic link that is changed (`..data` of a Kubernetes ConfigMap). A change is told once the
 * file has been left alone for a moment; what is in it is compared by whoever reads it.
 */
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { parseDataName } from './data-file.ts';

/** How long a file is left alone before it is read. */
const QUIET_MS = 40;
/** After the system told of a change: more of them come at once. */
const EVENT_MS = 5;
/** How often to look, whatever the system tells: events get lost, and some file systems have none. */
const LOOK_MS = 2000;

export interface WatcherOptions {
  readonly folder: string;
  /** Told of files that appeared or changed, and of those that are gone. */
  onChange(changed: readonly string[], gone: readonly string[]): void;
  /** Told once when the folder cannot be read, and again after it could be. */
  onProblem(problem: Error): void;
}

interface Seen {
  readonly state: string;
  readonly sinceMs: number;
  isTold: boolean;
}

export class FolderWatcher {
  readonly #options: WatcherOptions;
  readonly #files = new Map<string, Seen>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;
  #lastProblem = '';
  #isFirst = true;

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  /** Looks at once: files that are there are told before it returns. */
  start(): void {
    this.#look();
  }

  close(): void {
    this.#watcher?.close();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#watcher = undefined;
  }

  #look(): void {
    let names: string[] = [];
    try {
      names = readdirSync(this.#options.folder);
      this.#lastProblem = '';
    } catch (error) {
      this.#watcher?.close();
      this.#watcher = undefined;
      this.#report(error as Error);
      this.#schedule(LOOK_MS);
      return;
    }
    this.#watch();
    const now = performance.now();
    const changed: string[] = [];
    let nextMs = LOOK_MS;
    const here = new Set<string>();
    for (const name of names.sort()) {
      const state = isCandidate(name) ? this.#stateOf(name) : undefined;
      if (state === undefined) continue;
      here.add(name);
      const seen = this.#files.get(name);
      const isSame = seen?.state === state;
      const current = isSame ? seen : { state, sinceMs: now, isTold: false };
      if (!isSame) this.#files.set(name, current);
      if (current.isTold) continue;
      // At the start nobody is waited for: a file that is being written is told again.
      if (this.#isFirst || now - current.sinceMs >= QUIET_MS) {
        current.isTold = true;
        changed.push(name);
      } else nextMs = Math.min(nextMs, Math.ceil(current.sinceMs + QUIET_MS - now));
    }
    const gone = [...this.#files.keys()].filter((name) => !here.has(name));
    for (const name of gone) this.#files.delete(name);
    this.#isFirst = false;
    if (changed.length > 0 || gone.length > 0) this.#options.onChange(changed, gone);
    this.#schedule(nextMs);
  }

  #watch(): void {
    if (this.#watcher !== undefined) return;
    try {
      this.#watcher = watch(this.#options.folder, { persistent: false }, () => this.#schedule(EVENT_MS));
      this.#watcher.on('error', () => {
        this.#watcher?.close();
        this.#watcher = undefined;
      });
    } catch {
      // No watches left: `LOOK_MS` has to do.
    }
  }

  /** Looks after that time, or when it is to look anyway: nobody who writes all the time keeps it from looking. */
  #schedule(ms: number): void {
    const dueMs = performance.now() + ms;
    if (this.#timer !== undefined && this.#dueMs <= dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, ms).unref();
  }

  /** What the file is by the system's account, links followed; undefined when it is no file, or gone. */
  #stateOf(name: string): string | undefined {
    try {
      const stat = statSync(join(this.#options.folder, name));
      return stat.isFile() ? `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}` : undefined;
    } catch {
      return undefined;
    }
  }

  #report(problem: Error): void {
    if (problem.message === this.#lastProblem) return;
    this.#lastProblem = problem.message;
    this.#options.onProblem(problem);
  }
}

/** Whether a file may be meant for us: hidden ones and those that editors leave are not, a wrong name of ours is told. */
function isCandidate(name: string): boolean {
  if (name.startsWith('.')) return false;
  return parseDataName(name) !== undefined || /\.(?:json|jsonl|txt)$/.test(name);
}
