/**
 * Notices that the folder of rules appeared, was made anew, was cut or is gone, and opens and verifies what is there now, some
 * milliseconds at a time between requests: half a million rules take more than a second. What cannot be read is tried
 * again when it changes, or after a pause that doubles.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../../stores/errors.ts';
import type { Collections } from '../../stores/lmdb/collections.ts';
import { currentFile } from '../../stores/lmdb/current-file.ts';
import { FileGuard } from '../../stores/lmdb/file-guard.ts';
import { hasCollections } from '../../stores/lmdb/migrate.ts';
import { openVerifiedInSteps } from '../../stores/lmdb/open-verified.ts';
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
  /** Of the file that is open: device and inode, which are nobody else's meanwhile; '' for nothing. */
  #openId = '';
  #open: Collections | undefined;
  #guard: FileGuard | undefined;
  /** A check of its pages under way, or what it found. */
  #checking: Generator<void> | undefined;
  #damage: unknown;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #opening: Generator<void, Collections> | undefined;
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
   * @throws {StoreError} as `openCollections`; `STORE_NOT_FOUND` for a file in the place of the folder
   */
  openNow(): Collections | undefined {
    if (statSync(this.#folder, { throwIfNoEntry: false })?.isFile() === true) {
      throw new StoreError(
        'STORE_NOT_FOUND',
        `${this.#folder}: opening the rules: expected a folder, found a file; "emend rules import" makes the folder of a file of rules`,
      );
    }
    if (!hasCollections(this.#folder)) return undefined;
    const collections = openRulesFolder(this.#folder, { readOnly: true, follows: false });
    try {
      // All of it once, since a damaged key is a rule that would silently not be found.
      collections.verify();
    } catch (error) {
      collections.close();
      throw error;
    }
    this.#isOpen(collections);
    return collections;
  }

  /** Takes back what was given out last: it is of no use, and is tried again as what cannot be read. */
  reject(): void {
    this.#forget();
    this.#fail(this.#stat().state);
  }

  /**
   * Looks whether the open file was damaged, and for another one, at most every `LOOK_MS` once something is open. About 2 us, or
   * some milliseconds when there is something.
   *
   * @returns what to go over to, verified; 'gone' when there is nothing any more; undefined for no change
   * @throws {StoreError} what is there cannot be read, or was cut; it is thrown once
   */
  look(): Collections | 'gone' | undefined {
    if (this.#result !== undefined) return this.#takeResult();
    this.#checkOpen();
    if (this.#damage !== undefined) {
      const { message } = this.#damage as Error;
      const text = `${message}; there are no rules until it is whole again: make a folder beside it, import, and rename`;
      this.#result = { error: new StoreError('STORE_CORRUPT', text, { cause: this.#damage }) };
      this.reject();
      return 'gone';
    }
    if (this.#opening !== undefined) return undefined;
    const now = performance.now();
    if ((this.#openId !== '' || this.#failedState !== '') && now - this.#lookedMs < LOOK_MS) return undefined;
    this.#lookedMs = now;
    const { id, state } = this.#stat();
    if (id === this.#openId && id !== '') return undefined;
    if (state === this.#failedState && now < this.#retryMs) return undefined;
    if (!hasCollections(this.#folder)) {
      this.#failedState = '';
      this.#forget();
      return 'gone';
    }
    this.#opening = this.#openInSteps();
    this.#advance();
    return this.#result === undefined ? undefined : this.#takeResult();
  }

  /** Gives up what is being opened. */
  close(): void {
    this.#opening?.return(undefined as never);
    this.#opening = undefined;
    this.#forget();
    if (this.#result !== undefined && 'collections' in this.#result) this.#result.collections.close();
    this.#result = undefined;
  }

  *#openInSteps(): Generator<void, Collections> {
    takeOver(this.#folder);
    return yield* openVerifiedInSteps(this.#folder, { readOnly: true, follows: false });
  }

  #advance(): void {
    const opening = this.#opening;
    if (opening === undefined) return;
    try {
      for (let i = 0; i < STEPS_AT_A_TIME; i++) {
        const step = opening.next();
        if (step.done !== true) continue;
        this.#opening = undefined;
        this.#isOpen(step.value);
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

  /** Looks whether the open file was written by another than LMDB, and checks it then, as far as that goes at once. */
  #checkOpen(): void {
    if (this.#checking !== undefined || this.#damage !== undefined) return;
    try {
      this.#checking = this.#guard?.look(() => this.#verify());
      if (this.#checking !== undefined) this.#check(this.#checking);
    } catch (error) {
      this.#damage = error;
    }
  }

  /** Records that are damaged are told; the others hold. */
  *#verify(): Generator<void> {
    try {
      if (this.#open !== undefined) yield* this.#open.verifyInSteps();
    } catch (error) {
      this.#result ??= { error };
    }
  }

  #check(checking: Generator<void>): void {
    // Given up meanwhile.
    if (checking !== this.#checking) return;
    try {
      for (let i = 0; i < STEPS_AT_A_TIME; i++) {
        if (checking.next().done !== true) continue;
        this.#checking = undefined;
        return;
      }
      setImmediate(() => this.#check(checking));
    } catch (error) {
      this.#checking = undefined;
      this.#damage = error;
    }
  }

  #forget(): void {
    this.#openId = '';
    this.#open = undefined;
    this.#guard = undefined;
    this.#checking = undefined;
    this.#damage = undefined;
  }

  #isOpen(collections: Collections): void {
    this.#openId = collections.fileId;
    this.#open = collections;
    this.#guard = new FileGuard(collections.dataFile, collections.fileId);
    this.#checking = undefined;
    this.#damage = undefined;
    this.#failedState = '';
  }

  #fail(state: string): void {
    if (state !== this.#failedState) this.#pauseMs = FIRST_PAUSE_MS;
    this.#failedState = state;
    this.#retryMs = performance.now() + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
  }

  #stat(): { id: string; state: string } {
    const current = currentFile(this.#folder);
    if (current.id !== '') return current;
    const old = statSync(join(this.#folder, 'data.mdb'), { throwIfNoEntry: false });
    if (old === undefined) return { id: '', state: '' };
    const id = `${old.dev}:${old.ino}`;
    return { id, state: `${id}:${old.birthtimeMs}:${old.size}:${old.mtimeMs}` };
  }
}
