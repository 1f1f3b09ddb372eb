/**
 * The letter model's file; FORMAT.md draws it. Costs of a letter after the three before it, a byte each, over the commonest
 * letters of the vocabulary that it was learned from.
 */

import { crc32 } from '../bytes/checksum.ts';
import { corrupt, StoreError } from '../errors.ts';

const LETTERS_MAGIC = 'EMENDLTR';
export const LETTERS_VERSION = 1;
const HEADER_BYTES = 24;

/** Letters of context. */
export const LETTER_CONTEXT = 3;
/** Nats a step of a stored cost. */
export const LETTER_STEP = 0.05;
/** A word's edge, and any letter that the table does not name. */
export const EDGE_LETTER = 0;
export const OTHER_LETTER = 1;
/** Letters that a table names, at most: with the two above, 707,281 bytes of costs. */
export const MAX_LETTERS = 27;

/** Costs of letters after others. */
export interface LetterTable {
  /** UTF-16 code units of the letters, commonest first; `letters[i]` has the code `i + 2`. */
  readonly letters: readonly number[];
  /** In steps, at `((c1 * size + c2) * size + c3) * size + c` for `c` after `c1 c2 c3`; `size` is letters and 2. */
  readonly costs: Uint8Array;
}

/** The bytes of a letter model's file. */
export function encodeLetters({ letters, costs }: LetterTable): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 2 * letters.length + costs.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 8; i++) bytes[i] = LETTERS_MAGIC.charCodeAt(i);
  view.setUint32(8, LETTERS_VERSION, true);
  view.setUint32(12, letters.length, true);
  letters.forEach((letter, i) => {
    view.setUint16(HEADER_BYTES + 2 * i, letter, true);
  });
  bytes.set(costs, HEADER_BYTES + 2 * letters.length);
  view.setUint32(16, crc32(bytes, HEADER_BYTES), true);
  view.setUint32(20, crc32(bytes, 0, 20), true);
  return bytes;
}

/**
 * The table of a letter model's file, its costs a view on `bytes`. Reads every byte once, for the checksum.
 *
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`
 */
export function decodeLetters(bytes: Uint8Array, path: string): LetterTable {
  if (bytes.length < 8 || String.fromCharCode(...bytes.subarray(0, 8)) !== LETTERS_MAGIC) {
    throw new StoreError('STORE_FOREIGN', `${path}: not a letter model (expected "${LETTERS_MAGIC}" at its start)`);
  }
  if (bytes.length < HEADER_BYTES) throw corrupt(path, bytes.length, `a header of ${HEADER_BYTES} bytes`, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint32(8, true);
  if (version !== LETTERS_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: letter model format ${version}, this program reads ${LETTERS_VERSION}; build the dataset again`,
    );
  }
  const headerSum = crc32(bytes, 0, 20);
  if (view.getUint32(20, true) !== headerSum) {
    throw corrupt(path, 20, `header checksum ${headerSum}`, view.getUint32(20, true));
  }
  const letterCount = view.getUint32(12, true);
  if (letterCount > MAX_LETTERS) throw corrupt(path, 12, `at most ${MAX_LETTERS} letters`, letterCount);
  const costsAt = HEADER_BYTES + 2 * letterCount;
  const expectedBytes = costsAt + (letterCount + OTHER_LETTER + 1) ** (LETTER_CONTEXT + 1);
  if (bytes.length !== expectedBytes) throw corrupt(path, bytes.length, `${expectedBytes} bytes`, bytes.length);
  const sum = crc32(bytes, HEADER_BYTES);
  if (view.getUint32(16, true) !== sum) throw corrupt(path, 16, `checksum ${sum}`, view.getUint32(16, true));
  const letters = Array.from({ length: letterCount }, (_, i) => view.getUint16(HEADER_BYTES + 2 * i, true));
  return { letters, costs: bytes.subarray(costsAt) };
}
