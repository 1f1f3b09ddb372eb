/**
 * Which file of the folder holds the collections: `collections.mdb`, or since a compaction `collections-N.mdb`, which a page
 * in its place names. A file of its own for each compaction, since LMDB's lock file goes with the name of the data file and
 * must never be used with other data. Renaming the page is what makes a compacted file the one in force:
 *
 * ```
 * 0 as the page of marker.ts, its version 1003 | 200 text for people | 508 CRC-32 u32 over what follows | 512 N u32
 * ```
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from '../bytes/checksum.ts';
import { corrupt } from '../errors.ts';
import { COLLECTIONS_FILE } from './format.ts';
import { MARKER_PAGE_BYTES, markerPage, POINTER_VERSION, versionOfPage } from './marker.ts';

const CHECKSUM = 508;
const NUMBER = 512;
/** Other files that a compaction makes, whole or half. */
const NUMBERED = /^collections(?:-\d+)?\.mdb(?:-lock|\.tmp|\.tmp-lock)?$/;

/** The file in force. */
export interface CurrentFile {
  readonly file: string;
  /** How often the collections were compacted, and 1. */
  readonly number: number;
  /** Device and inode, which nothing else has for as long as the file is open; '' when there is none. */
  readonly id: string;
  readonly bytes: number;
  /** Device, inode, time of making and of the last change, and size: changes whenever the file may have. */
  readonly state: string;
}

/**
 * Looks which file is in force. About 2 us, and 15 after a compaction.
 *
 * @throws {StoreError} `STORE_CORRUPT` for a page that names none
 */
export function currentFile(folder: string): CurrentFile {
  for (let before = 0; ; ) {
    const first = fileOf(folder, 1);
    if (first.bytes !== MARKER_PAGE_BYTES) return first;
    const number = readPointer(join(folder, COLLECTIONS_FILE));
    if (number === undefined) return first;
    const named = fileOf(folder, number);
    // Between the two looks another compaction may have removed it: the page names the next one then.
    if (named.id !== '' || number === before) return named;
    before = number;
  }
}

/** Names the file that is in force from now on, whole and on the disk before this returns. */
export function switchTo(folder: string, number: number): void {
  const page = markerPage(POINTER_VERSION, `The collections are in ${fileName(number)} since they were compacted.`);
  page.writeUInt32LE(number, NUMBER);
  page.writeUInt32LE(crc32(page, NUMBER, page.length), CHECKSUM);
  const temporary = join(folder, `${COLLECTIONS_FILE}.tmp`);
  const descriptor = openSync(temporary, 'w');
  try {
    writeSync(descriptor, page);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, join(folder, COLLECTIONS_FILE));
  syncFolder(folder);
}

/** Makes what was renamed or removed in the folder last. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The name of the data file with that number. */
export function fileName(number: number): string {
  return number === 1 ? COLLECTIONS_FILE : `collections-${number}.mdb`;
}

/** Whether it is the name of a data file that a compaction made. */
export function isNumberedFile(name: string): boolean {
  return /^collections-\d+\.mdb$/.test(name);
}

/** Files of other compactions, done or stopped: names. Nobody needs them who holds the write lock of the file in force. */
export function leftovers(folder: string, current: CurrentFile): string[] {
  const kept = [COLLECTIONS_FILE, current.file, `${current.file}-lock`];
  return readdirSync(folder).filter((name) => NUMBERED.test(name) && !kept.includes(name));
}

/** Removes them. Those who still have one of them open go on with what they have. */
export function removeLeftovers(folder: string, current: CurrentFile): void {
  for (const name of leftovers(folder, current)) rmSync(join(folder, name), { force: true });
}

function fileOf(folder: string, number: number): CurrentFile {
  const file = fileName(number);
  const stat = statIfThere(join(folder, file));
  if (stat === undefined) return { file, number, id: '', bytes: 0, state: '' };
  const id = `${stat.dev}:${stat.ino}`;
  const state = `${id}:${stat.birthtimeMs}:${stat.size}:${stat.mtimeMs}`;
  return { file, number, id, bytes: stat.size, state };
}

function statIfThere(path: string): import('node:fs').Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** @returns undefined for what is no such page: a data file that was cut to that length */
function readPointer(path: string): number | undefined {
  const page = Buffer.alloc(MARKER_PAGE_BYTES);
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    if (fstatSync(descriptor).size !== page.length) return undefined;
    readSync(descriptor, page, 0, page.length, 0);
  } finally {
    closeSync(descriptor);
  }
  if (versionOfPage(page) !== POINTER_VERSION) return undefined;
  const number = page.readUInt32LE(NUMBER);
  if (page.readUInt32LE(CHECKSUM) === crc32(page, NUMBER, page.length) && number > 1) return number;
  throw corrupt(path, CHECKSUM, 'the checksum of the page that names the data file', number);
}
