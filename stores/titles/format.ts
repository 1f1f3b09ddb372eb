/**
 * The file of titles: FORMAT.md beside this draws its bytes. A title is a row of two to four terms that something is called by.
 * Terms stand in it by hashes of their texts, so that it holds for any vocabulary.
 */
import { crc32 } from '../bytes/checksum.ts';
import { corrupt, StoreError } from '../errors.ts';

const TITLES_MAGIC = 'EMENDTTL';
export const TITLES_VERSION = 1;
export const TITLES_HEADER_BYTES = 32;

/** Fewest and most terms in a title: one alone says nothing of which words belong together. */
export const LEAST_TITLE_TERMS = 2;
export const MOST_TITLE_TERMS = 4;

/** The filter that the titles are in: one row in 256 that is no title passes for one. */
export const TITLES_FILTER = 'fuse8';

/** Bytes of a term in a title's key. */
export const TITLE_TERM_BYTES = 4;

/** Most bytes of a title's key. */
export const MOST_TITLE_BYTES = TITLE_TERM_BYTES * MOST_TITLE_TERMS;

/**
 * The hash of a term in the keys of titles: FNV-1a over its UTF-16 code units, then MurmurHash3's finish; a signed 32-bit
 * integer. Part of the format.
 */
export function titleTermHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Writes a term's hash into a title's key, big-endian; returns where the next one begins. */
export function putTitleTerm(hash: number, key: Uint8Array, at: number): number {
  key[at] = hash >>> 24;
  key[at + 1] = hash >>> 16;
  key[at + 2] = hash >>> 8;
  key[at + 3] = hash;
  return at + TITLE_TERM_BYTES;
}

/** Titles of one origin. */
export interface TitleSet {
  readonly titleCount: number;
  /** Bytes of a filter of kind `TITLES_FILTER`. */
  readonly filter: Uint8Array;
}

/** Bytes of a set in the table after the header. */
const SET_BYTES = 8;

/** The bytes of a file of titles. */
export function encodeTitles(sets: readonly TitleSet[]): Uint8Array {
  let end = TITLES_HEADER_BYTES + SET_BYTES * sets.length;
  const starts = sets.map(({ filter }) => {
    const start = end;
    end += aligned(filter.length);
    return start;
  });
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < TITLES_MAGIC.length; i++) bytes[i] = TITLES_MAGIC.charCodeAt(i);
  view.setUint32(8, TITLES_VERSION, true);
  view.setUint32(12, sets.length, true);
  sets.forEach(({ titleCount, filter }, i) => {
    const at = TITLES_HEADER_BYTES + SET_BYTES * i;
    view.setUint32(at, titleCount, true);
    view.setUint32(at + 4, filter.length, true);
    bytes.set(filter, starts[i]!);
  });
  view.setUint32(24, crc32(bytes, TITLES_HEADER_BYTES), true);
  view.setUint32(28, crc32(bytes, 0, 28), true);
  return bytes;
}

/**
 * Takes a file of titles apart. Reads every byte once, for the checksum.
 *
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`
 */
export function decodeTitles(bytes: Uint8Array, path: string): TitleSet[] {
  if (bytes.length < TITLES_HEADER_BYTES) {
    throw corrupt(path, 0, `at least ${TITLES_HEADER_BYTES} bytes of titles`, bytes.length);
  }
  if (!isTitlesFile(bytes)) {
    throw new StoreError('STORE_FOREIGN', `${path}: not a file of titles (expected "${TITLES_MAGIC}" at its start)`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint32(8, true);
  if (version !== TITLES_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: titles format ${version}, this program reads ${TITLES_VERSION}; build the dataset again`,
    );
  }
  if (view.getUint32(28, true) !== crc32(bytes, 0, 28)) {
    throw corrupt(path, 28, `header checksum ${crc32(bytes, 0, 28)}`, view.getUint32(28, true));
  }
  if (view.getUint32(24, true) !== crc32(bytes, TITLES_HEADER_BYTES)) {
    throw corrupt(path, 24, `checksum ${crc32(bytes, TITLES_HEADER_BYTES)}`, view.getUint32(24, true));
  }
  const setCount = view.getUint32(12, true);
  let end = TITLES_HEADER_BYTES + SET_BYTES * setCount;
  const sets: TitleSet[] = [];
  for (let i = 0; i < setCount && end <= bytes.length; i++) {
    const at = TITLES_HEADER_BYTES + SET_BYTES * i;
    const length = view.getUint32(at + 4, true);
    sets.push({ titleCount: view.getUint32(at, true), filter: bytes.subarray(end, end + length) });
    end += aligned(length);
  }
  if (bytes.length !== end) throw corrupt(path, bytes.length, `${end} bytes`, bytes.length);
  return sets;
}

/** Whether bytes begin as a file of titles does. */
export function isTitlesFile(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, TITLES_MAGIC.length)) === TITLES_MAGIC;
}

/** The length with what fills it up to the next filter, which begins at a multiple of 4. */
function aligned(length: number): number {
  return (length + 3) & ~3;
}
