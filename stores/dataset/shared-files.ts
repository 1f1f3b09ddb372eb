/**
 * The files of a dataset version that lie in memory whole, as views on one memory map that all processes of a machine share:
 * automata, lexicon, vectors and score tables exist once, however many processes serve them.
 *
 * They are put one after another into an LMDB environment (`lmdb/shared-bytes.ts`) by whoever comes first, under a folder
 * that is named by the dataset's id. The map stays for as long as anything refers to one of the files, and a process that had
 * the last one of a version removes its folder.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../errors.ts';
import { hasEnvironment } from '../lmdb/environment.ts';
import { shareBytes } from '../lmdb/shared-bytes.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import { readManifest } from './open.ts';
import { READ_WHOLE } from './read-ahead.ts';

/** Files begin at multiples of it, so that views of numbers in them are aligned. */
const ALIGNMENT = 4096;
/** Smaller ones are not worth it. */
const LEAST_BYTES = 64 * 1024;
/** How long another process may take to put the files there. */
const WAIT_MS = 20_000;
/** Other versions that no process opened for so long are removed. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** What is shared, or why nothing is. */
export interface SharedFiles {
  /** Bytes by path, for `OpenDatasetOptions.files`. Never write to them. */
  readonly files: Map<string, Uint8Array>;
  /** Bytes on the shared map; 0 when there is none. */
  readonly sharedBytes: number;
  /** Why this process has to read files of its own; undefined when it need not. */
  readonly problem: string | undefined;
}

/** The folder for shared bytes where none is named: one of this user alone. */
export function defaultSharedFolder(): string {
  return join(tmpdir(), `emend-shared-${userInfo().uid}`);
}

/**
 * Shares the files of the dataset version in `dir`. Writes them once (about a second for 100 MB, after checking them
 * against the manifest's digests); from then on it takes some milliseconds. Never throws: where sharing is impossible, the
 * answer says why and has no files.
 *
 * @param leastBytes smaller files are left to each process
 */
export function shareFiles(
  dir: string,
  folder: string = defaultSharedFolder(),
  leastBytes: number = LEAST_BYTES,
): SharedFiles {
  const files = new Map<string, Uint8Array>();
  try {
    const manifest = readManifest(dir);
    const wanted = manifest.files.filter(({ file, bytes }) => READ_WHOLE.test(file) && bytes >= leastBytes);
    if (wanted.length === 0) return { files, sharedBytes: 0, problem: undefined };
    const { bytes, isShared } = openOrMake(dir, folder, manifest, wanted);
    if (!isShared) return { files, sharedBytes: 0, problem: 'this version of Node.js or lmdb gives copies only' };
    let at = 0;
    for (const file of wanted) {
      files.set(join(dir, file.file), bytes.subarray(at, at + file.bytes));
      at += padded(file.bytes);
    }
    return { files, sharedBytes: bytes.length, problem: undefined };
  } catch (error) {
    return { files: new Map(), sharedBytes: 0, problem: (error as Error).message };
  }
}

function openOrMake(dir: string, folder: string, manifest: Manifest, wanted: readonly ManifestFile[]) {
  refuseOthersFolder(folder);
  const name = manifest.id.replace('sha256:', '').slice(0, 32);
  const target = join(folder, name);
  const read = () => concatenated(dir, wanted);
  if (hasEnvironment(target)) {
    const now = new Date();
    // Says that it is in use; not everyone who may read it may say so.
    try {
      utimesSync(target, now, now);
    } catch {}
    return shareBytes(target, read, { removeWhenLeft: true });
  }
  const lock = `${target}.lock`;
  if (!lockOrWait(lock, target)) return shareBytes(target, read, { removeWhenLeft: true });
  try {
    removeOld(folder, name);
    return shareBytes(target, read, { removeWhenLeft: true });
  } finally {
    rmdirSync(lock);
  }
}

/** @returns whether the files are this process's to write; else another one has put them there, or takes too long */
function lockOrWait(lock: string, target: string): boolean {
  const sleep = new Int32Array(new SharedArrayBuffer(4));
  for (const began = Date.now(); Date.now() - began < WAIT_MS; ) {
    try {
      mkdirSync(lock);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (hasEnvironment(target)) return false;
    // Of a process that was killed.
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > WAIT_MS) rmSync(lock, { recursive: true, force: true });
    Atomics.wait(sleep, 0, 0, 20);
  }
  return false;
}

/** Whoever can write there could change what is served. */
function refuseOthersFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(folder);
  if (uid === userInfo().uid && (mode & 0o022) === 0) return;
  throw new StoreError('STORE_IO', `${folder}: others may write to it; name a folder of this user for shared memory`);
}

function concatenated(dir: string, wanted: readonly ManifestFile[]): Uint8Array {
  const all = Buffer.alloc(wanted.reduce((sum, { bytes }) => sum + padded(bytes), 0));
  let at = 0;
  for (const { file, bytes, sha256 } of wanted) {
    const content = readFileSync(join(dir, file));
    const found = createHash('sha256').update(content).digest('hex');
    if (found !== sha256) {
      throw new StoreError(
        'STORE_CORRUPT',
        `${join(dir, file)}: expected the digest ${sha256}, found ${found}; restore it from a copy`,
      );
    }
    all.set(content, at);
    at += padded(bytes);
  }
  return all;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Removes versions that nobody opened for long. A process that still has one mapped keeps it until it ends. */
function removeOld(folder: string, kept: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const usedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (!name.startsWith(kept) && Date.now() - usedMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
