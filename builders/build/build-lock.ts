/**
 * The lock of a folder that is built once: a file beside it that says which process builds.
 *
 * It dies with its holder. On the same machine and in the same container a process that is gone is seen to be gone, even when
 * another has its number by now (`builder-mark.ts`). A holder elsewhere, in a container that shares the folder or on another
 * machine, cannot be seen: it touches its lock every few seconds, and a lock that nobody touches for a minute is free. The time is
 * taken here, not read from two clocks.
 */
import { closeSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { BuildError, errorCode, reasonOf } from '../errors.ts';
import { builderMark, lifeOf } from './builder-mark.ts';

const TOUCH_MS = 5_000;
/** Twelve times as long: stretches of a build that give the timer no turn take seconds at most. */
const QUIET_MS = 60_000;

/** A lock that this process holds. */
export interface HeldLock {
  /** Gives it back. A lock that somebody else took meanwhile is left to them. */
  release(): void;
}

/** One process's wait for a lock. */
export class BuildLock {
  readonly path: string;
  readonly #quietMs: number;
  /** What was seen of somebody else's lock last, and since when it has looked so. */
  #seen: string;
  #sinceMs: number;

  /** @param quietMs how long an unseen holder may leave its lock alone */
  constructor(path: string, quietMs = QUIET_MS) {
    this.path = path;
    this.#quietMs = quietMs;
    this.#seen = '';
    this.#sinceMs = 0;
  }

  /**
   * Takes the lock unless somebody holds it. That of a process that is gone is removed, to be taken at the next try.
   *
   * @throws {BuildError} `BUILD_OUTPUT` when it cannot be taken for another reason: a folder without the right to write, a
   *   read-only file system, a full disk
   */
  tryTake(): HeldLock | undefined {
    const mark = builderMark();
    let file: number;
    try {
      file = openSync(this.path, 'wx');
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw this.#refused('taking', error);
      this.#removeIfFree();
      return undefined;
    }
    try {
      writeSync(file, mark);
    } catch (error) {
      rmSync(this.path, { force: true });
      throw this.#refused('writing', error);
    } finally {
      closeSync(file);
    }
    return this.#hold(mark);
  }

  #hold(mark: string): HeldLock {
    const { path } = this;
    const timer = setInterval(() => ignoringErrors(() => utimesSync(path, new Date(), new Date())), TOUCH_MS);
    timer.unref();
    return {
      release() {
        clearInterval(timer);
        ignoringErrors(() => {
          if (readFileSync(path, 'latin1') === mark) rmSync(path, { force: true });
        });
      },
    };
  }

  #removeIfFree(): void {
    let mark: string;
    let touchedMs: number;
    try {
      mark = readFileSync(this.path, 'latin1');
      touchedMs = statSync(this.path).mtimeMs;
    } catch (error) {
      // Given back meanwhile.
      if (errorCode(error) === 'ENOENT') return;
      throw this.#refused('reading', error);
    }
    const life = lifeOf(mark);
    if (life === 'alive') return;
    const seen = `${mark} ${touchedMs}`;
    if (seen !== this.#seen) {
      this.#seen = seen;
      this.#sinceMs = performance.now();
    }
    // An empty lock is one that is being written, or was when its process ended.
    if (life === 'unknown' && performance.now() - this.#sinceMs < this.#quietMs) return;
    try {
      rmSync(this.path, { force: true });
    } catch (error) {
      throw this.#refused('removing what a process that is gone left,', error);
    }
  }

  #refused(what: string, cause: unknown): BuildError {
    return new BuildError('BUILD_OUTPUT', `${this.path}: ${what} the lock of a build: ${reasonOf(cause)}`, { cause });
  }
}

/** For what may be lost: at worst, two processes build. */
function ignoringErrors(action: () => void): void {
  try {
    action();
  } catch {
    // At worst two processes build, and the second finds the first one's work.
  }
}
