/**
 * Opens an environment by lmdb-js in two steps, and takes a slot of a reader in between, for two faults that are seen then.
 *
 * LMDB knows processes by their ids: a reader locks the byte of its id in the lock file, and the write lock is taken back
 * from an owner that died by its id. Two processes with one id, in containers of their own, are one to it: the kernel refuses
 * the second one the byte (lmdb-js tries for ten seconds), and a second writer that is killed while it waits would take the
 * lock from the first. So who cannot have the byte goes no further.
 *
 * And who opens while the last other user closes may find the lock file's mutexes destroyed: all that helps is to close and
 * to open again, until somebody is alone and makes them anew.
 */
import type { Lmdb } from './lmdb.cts';

type Root = Lmdb.RootDatabase<Uint8Array, Uint8Array>;

/** What is used of lmdb-js beside its types: the store's class for an environment that is open. */
interface RootClass {
  new (name: null, options: object): Root;
  readonly prototype: {
    ensureReadTxn(this: { emit(): void }): void;
    readerList(): string;
    close(this: { isRoot: true }): unknown;
  };
}

/** Another process with this one's id has the file open. */
export class PidTakenError extends Error {}

const ATTEMPTS = 40;
const LONGEST_PAUSE_MS = 20;

/**
 * @param lmdb lmdb-js
 * @throws {PidTakenError} after ten seconds
 */
export function openRoot(lmdb: typeof Lmdb, options: Lmdb.RootDatabaseOptionsWithPath): Root {
  const sleep = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 1; ; attempt++) {
    try {
      return openOnce(lmdb, options);
    } catch (error) {
      // EINVAL, of a mutex that was destroyed.
      const isLost = /Invalid argument/.test((error as Error).message);
      if (!isLost || attempt === ATTEMPTS) throw error;
      Atomics.wait(sleep, 0, 0, Math.random() * Math.min(attempt, LONGEST_PAUSE_MS));
    }
  }
}

function openOnce(lmdb: typeof Lmdb, options: Lmdb.RootDatabaseOptionsWithPath): Root {
  const Class = lmdb.openAsClass({ ...options }) as unknown as RootClass;
  try {
    const before = Class.prototype.readerList();
    Class.prototype.ensureReadTxn.call({ emit: () => {} });
    // Without a lock file, on a disk that cannot be written, nobody writes either.
    const hasLocks = !before.includes('no reader locks');
    if (hasLocks && countOwn(Class.prototype.readerList()) === countOwn(before)) throw new PidTakenError();
    return new Class(null, { ...options, isRoot: true });
  } catch (error) {
    void Class.prototype.close.call({ isRoot: true });
    throw error;
  }
}

/** Slots that have this process's id, a line each. */
function countOwn(readers: string): number {
  return readers.match(new RegExp(`^ *${process.pid} `, 'gm'))?.length ?? 0;
}
