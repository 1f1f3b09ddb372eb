/**
 * Notices that a data file which is open was written by another than LMDB: it was cut, or the time of its last change moved
 * and no transaction followed. LMDB trusts what it has mapped, and a process that reads damaged pages is ended by a signal;
 * so they are checked before they are read. What changes while it is being read, or without a trace in the file's
 * times, as a fault of the disk does, goes unnoticed.
 */
import { type Stats, statSync } from 'node:fs';
import { corrupt } from '../errors.ts';
import { checkPagesInSteps, lastTransaction } from './page-check.ts';

/** A writer that takes its time moves the file's time too: checks take at most this share of it. */
const CHECK_SHARE = 0.05;

export class FileGuard {
  readonly #path: string;
  readonly #device: number;
  readonly #inode: number;
  #bytes = 0;
  #changedMs = 0;
  #transaction = 0;
  /** When the next check may begin. */
  #nextMs = 0;

  /**
   * @param path of a data file that was checked when it was opened
   * @param id its device and inode, as `CurrentFile` has them: another file of that name is none of its business
   */
  constructor(path: string, id: string) {
    this.#path = path;
    const [device, inode] = id.split(':');
    this.#device = Number(device);
    this.#inode = Number(inode);
    const stat = this.#stat();
    if (stat !== undefined) this.#note(stat, lastTransaction(path));
  }

  /**
   * Looks at the file. About 2 us.
   *
   * @param then what to go through after the pages
   * @returns what is to be gone through before the file is read again, a tenth of a millisecond a step; undefined for nothing
   * @throws {StoreError} `STORE_CORRUPT` when the file was cut
   */
  look(then?: () => Generator<void>): Generator<void> | undefined {
    const stat = this.#stat();
    if (stat === undefined || (stat.mtimeMs === this.#changedMs && stat.size === this.#bytes)) return undefined;
    if (stat.size < this.#bytes) {
      throw corrupt(this.#path, stat.size, `${this.#bytes} bytes, which it had while it was open`, stat.size);
    }
    const transaction = lastTransaction(this.#path);
    const isCommit = transaction > this.#transaction;
    if (!isCommit && performance.now() < this.#nextMs) return undefined;
    this.#note(stat, isCommit ? transaction : this.#transaction);
    return isCommit ? undefined : this.#check(then);
  }

  *#check(then: (() => Generator<void>) | undefined): Generator<void> {
    const began = performance.now();
    yield* checkPagesInSteps(this.#path);
    if (then !== undefined) yield* then();
    const now = performance.now();
    this.#nextMs = now + (now - began) / CHECK_SHARE;
  }

  #note(stat: Stats, transaction: number): void {
    this.#bytes = stat.size;
    this.#changedMs = stat.mtimeMs;
    this.#transaction = transaction;
  }

  #stat(): Stats | undefined {
    const stat = statSync(this.#path, { throwIfNoEntry: false });
    return stat?.ino === this.#inode && stat.dev === this.#device ? stat : undefined;
  }
}
