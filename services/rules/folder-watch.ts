/**
 * Notices that the folder of rules appeared, was made anew, was cut or is gone, and opens and verifies what is there now, some
 * milliseconds at a time between requests: half a million rules take more than a second. What cannot be read is tried
 * again when it changes, or after a pause that doubles.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../../stores/errors.ts';
import { type Collections, openVerifiedInSteps } from '../../stores/lmdb/collections.ts';
import { COLLECTIONS_FILE } from '../../stores/lmdb/format.ts';
import { hasCollections } from '../../stores/lmdb/migrate.ts';
import { openRulesFolder, takeOver } from './open-folder.ts';

/** How often to see whether the folder was removed, made anew or cut, in milliseconds. */
const LOOK_MS = 100;
/**
 * Steps done at a time, each of less than a millisecond. Within a request only at first, so that a folder of some 4,000
 * rules holds from that request on.
 */
const STEPS_AT_A_TIME = 16;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** Watches one folder. */
export class FolderWatch {
  readonly #folder: string;
  /** Of what is open: device, inode and when it was made; '' for nothing. */
  #openId = '';
  /** Bytes of its data file when it was looked at last: LMDB never makes one smaller. */
  #openBytes = 0;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #opening: { readonly id: string; readonly steps: Generator<void, Collections> } | undefined;
  /** What the opening came to, until it is asked for. */
  #result: { readonly collections: Collections } | { readonly error: unknown } | undefined;
  #failedState = '';
  #retryMs = 0;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Opens and verifies what is there, all at once.
   *
   * @returns undefined when there is nothing
   * @throws {StoreError} as `openCollections`
   */
  openNow(): Collections | undefined {
    if (!hasCollections(this.#folder)) return undefined;
    const collections = openRulesFolder(this.#folder, true);
    try {
      // All of it once, since a damaged key is a rule that would silently not be found.
      collections.verify();
    } catch (error) {
      collections.close();
      throw error;
    }
    this.#isOpen(this.#stat().id);
    return collections;
  }

  /** Takes back what was given out last: it is of no use, and is tried again as what cannot be read. */
  reject(): void {
    this.#openId = '';
    this.#fail(this.#stat().state);
  }

  /**
   * Looks for a change, at most every `LOOK_MS` once something is open. About 2 us, or some milliseconds when there is one.
   *
   * @returns what to go over to, verified; 'gone' when there is nothing any more; undefined for no change
   * @throws {StoreError} what is there cannot be read, or was cut; it is thrown once
   */
  look(): Collections | 'gone' | undefined {
    if (this.#result !== undefined) return this.#takeResult();
    if (this.#opening !== undefined) return undefined;
    const now = performance.now();
    if ((this.#openId !== '' || this.#failedState !== '') && now - this.#lookedMs < LOOK_MS) return undefined;
    this.#lookedMs = now;
    const { id, state, bytes } = this.#stat();
    if (id === this.#openId) {
      if (id !== '' && bytes < this.#openBytes) {
        this.#result = { error: this.#cut(bytes) };
        this.reject();
        return 'gone';
      }
      this.#openBytes = bytes;
      if (id !== '') return undefined;
    }
    if (state === this.#failedState && now < this.#retryMs) return undefined;
    if (!hasCollections(this.#folder)) {
      this.#failedState = '';
      this.#openId = '';
      return 'gone';
    }
    this.#opening = { id, steps: this.#open() };
    this.#advance();
    return this.#result === undefined ? undefined : this.#takeResult();
  }

  /** Gives up what is being opened. */
  close(): void {
    this.#opening?.steps.return(undefined as never);
    this.#opening = undefined;
    if (this.#result !== undefined && 'collections' in this.#result) this.#result.collections.close();
    this.#result = undefined;
  }

  *#open(): Generator<void, Collections> {
    takeOver(this.#folder);
    return yield* openVerifiedInSteps(this.#folder);
  }

  #advance(): void {
    const opening = this.#opening;
    if (opening === undefined) return;
    try {
      for (let i = 0; i < STEPS_AT_A_TIME; i++) {
        const step = opening.steps.next();
        if (step.done !== true) continue;
        this.#opening = undefined;
        this.#isOpen(opening.id);
        this.#result = { collections: step.value };
        return;
      }
      setImmediate(() => this.#advance());
    } catch (error) {
      this.#opening = undefined;
      this.#fail(this.#stat().state);
      this.#result = { error };
    }
  }

  #takeResult(): Collections {
    const result = this.#result;
    this.#result = undefined;
    if (result === undefined || 'error' in result) throw result?.error;
    return result.collections;
  }

  #isOpen(id: string): void {
    this.#openId = id;
    this.#openBytes = 0;
    this.#failedState = '';
  }

  #fail(state: string): void {
    if (state !== this.#failedState) this.#pauseMs = FIRST_PAUSE_MS;
    this.#failedState = state;
    this.#retryMs = performance.now() + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
  }

  #stat(): { id: string; state: string; bytes: number } {
    const stat =
      statSync(join(this.#folder, COLLECTIONS_FILE), { throwIfNoEntry: false }) ??
      statSync(join(this.#folder, 'data.mdb'), { throwIfNoEntry: false });
    if (stat === undefined) return { id: '', state: '', bytes: 0 };
    const id = `${stat.dev}:${stat.ino}:${stat.birthtimeMs}`;
    return { id, state: `${id}:${stat.size}:${stat.mtimeMs}`, bytes: stat.size };
  }

  #cut(bytes: number): StoreError {
    return new StoreError(
      'STORE_CORRUPT',
      `${join(this.#folder, COLLECTIONS_FILE)}: cut to ${bytes} bytes while it was open, from ${this.#openBytes}; there are no rules until it is whole again: make a folder beside it, import, and rename`,
    );
  }
}
