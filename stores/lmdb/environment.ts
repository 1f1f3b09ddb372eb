/**
 * Opens an LMDB environment, a folder with `data.mdb` and `lock.mdb`, after a look at its pages: LMDB itself trusts its
 * file, and kills the process where one is damaged or cut.
 */
import type { EventEmitter } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { StoreError } from '../errors.ts';
import type { Lmdb } from './lmdb.cts';
import { openRoot, PidTakenError } from './open-root.ts';
import { checkPages } from './page-check.ts';

const DATA_FILE = 'data.mdb';

/** An environment's root database, or a named one in it: keys and values are bytes. */
export type Environment = Lmdb.RootDatabase<Uint8Array, Uint8Array>;

export interface EnvironmentOptions {
  /** Opened for reading alone: the folder must exist. */
  readonly readOnly: boolean;
  /** Name of the data file. Default `data.mdb`, with `lock.mdb` beside it; the lock of others is the name and `-lock`. */
  readonly file?: string;
  /** Whether `checkPages` was done. Default false: it is done here. */
  readonly pagesChecked?: boolean;
  /** Bytes of address space set aside for the map; the file is no larger than its contents. */
  readonly mapBytes?: number;
}

/**
 * 1 GiB of address space costs nothing until it is filled, and spares readers a new map whenever a writer grows the file.
 * A writer that needs more takes it (lmdb-js grows the map), and readers follow.
 */
const MAP_BYTES = 2 ** 30;

/** Slots for processes that read, 64 bytes each in the lock file. LMDB's own number, 126, is fewer than `--workers` allows. */
const MAX_READERS = 2048;

/** Named databases that may be open at once. */
const MAX_DATABASES = 512;

/** The lock file is mapped and written through the map: where the disk has no room for it, the process would be killed. */
const LOCK_FILE_BYTES = 2 ** 20;

/**
 * Data files open in this process, by device and inode. LMDB forbids a second opening, and lmdb-js answers it with the
 * first one's map and flags, so that a writer gets a reader's: the one piece of state that belongs to the process.
 */
const openFiles = new Set<string>();
const fileOf = new WeakMap<Environment, string>();

let lmdb: typeof Lmdb | undefined;

/** lmdb-js, loaded when first needed, since it takes 25 to 50 ms: a server without rules starts without it. */
export function loadLmdb(): typeof Lmdb {
  lmdb ??= createRequire(import.meta.url)('lmdb') as typeof Lmdb;
  return lmdb;
}

/**
 * Whether there is an environment in the folder; one that a writer has only begun to make is none yet. About 2 us.
 *
 * @throws {StoreError} `STORE_IO` when the system does not let it be seen
 */
export function hasEnvironment(folder: string, file = DATA_FILE): boolean {
  try {
    return (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0) > 0;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw refused(`${folder}: looking for an LMDB environment`, cause);
  }
}

/**
 * Opens the environment in `folder`, making it unless `readOnly`. A process opens a folder once at a time.
 *
 * @throws {StoreError} `STORE_NOT_FOUND` when there is none to read; `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT` for a
 *   `data.mdb` that LMDB should not be shown; `STORE_IO` when the folder cannot be made or its files opened
 */
export function openEnvironment(folder: string, options: EnvironmentOptions): Environment {
  const doing = `${folder}: opening an LMDB environment`;
  const file = options.file ?? DATA_FILE;
  const path = join(folder, file);
  const exists = hasEnvironment(folder, file);
  if (!exists && options.readOnly) {
    throw new StoreError(
      'STORE_NOT_FOUND',
      `${doing}: there is no ${file} in it, or an empty one; import something first`,
    );
  }
  try {
    if (exists) accessSync(path, constants.R_OK | (options.readOnly ? 0 : constants.W_OK));
    else mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw refused(doing, cause);
  }
  if (exists) {
    if (openFiles.has(fileId(path))) {
      throw new StoreError('STORE_IO', `${doing}: this process has it open; share that opening, or close it first`);
    }
    if (options.pagesChecked !== true) checkPages(path);
  }
  checkRoom(folder, file === DATA_FILE ? 'lock.mdb' : `${file}-lock`, doing);
  try {
    const environment = openRoot(loadLmdb(), {
      path: file === DATA_FILE ? folder : path,
      noSubdir: file !== DATA_FILE,
      readOnly: options.readOnly,
      maxReaders: MAX_READERS,
      maxDbs: MAX_DATABASES,
      keyEncoding: 'binary',
      encoding: 'binary',
      mapSize: options.mapBytes ?? MAP_BYTES,
      // Commits reach the disk before they are seen: a rule that was answered with is never lost.
      overlappingSync: false,
    });
    const id = fileId(path);
    openFiles.add(id);
    fileOf.set(environment, id);
    return environment;
  } catch (cause) {
    if (!(cause instanceof PidTakenError)) throw refused(doing, cause);
    const text = `${doing}: another process with the id ${process.pid}, in another container, has it open, and LMDB cannot tell the two apart; run both in one process namespace, or give each a folder of its own`;
    throw new StoreError('STORE_IO', text, { cause });
  }
}

/** Closes what `openEnvironment` opened. Nothing may be under way. */
export function closeEnvironment(environment: Environment): void {
  openFiles.delete(fileOf.get(environment) ?? '');
  // With synchronous writes alone nothing is queued, and the files are closed when this returns.
  void environment.close();
}

/**
 * Calls `listener` whenever a transaction begins and whenever reads get a new snapshot, in the first read of it. The types
 * of lmdb-js leave this event out, and its `on` does not take it.
 */
export function onSnapshot(environment: Environment, listener: () => void): void {
  (environment as unknown as EventEmitter).addListener('begin-transaction', listener);
}

/** Bytes that the disk of a folder has left for this user; infinite where the file system does not say. */
export function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize, blocks } = statfsSync(folder);
    return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Refuses to have a lock file made where there is no room for it. */
function checkRoom(folder: string, lock: string, doing: string): void {
  if (existsSync(join(folder, lock))) return;
  const freeBytes = freeBytesOf(folder);
  if (freeBytes >= LOCK_FILE_BYTES) return;
  throw new StoreError(
    'STORE_IO',
    `${doing}: ${freeBytes} bytes free, expected ${LOCK_FILE_BYTES} for its lock file; make space on the disk`,
  );
}

function fileId(path: string): string {
  const { dev, ino } = statSync(path);
  return `${dev}:${ino}`;
}

function refused(doing: string, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError('STORE_IO', `${doing}: ${reason}; check who may read and write it`, { cause });
}
