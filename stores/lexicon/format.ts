/**
 * The lexicon file: what is known of every term, by its id.
 *
 * ```
 *   offset  width        content (integers little-endian)
 *   0       8            magic "EMENDLEX"
 *   8       4            format version (2; 1 has no edited costs)
 *   12      4            text version of the terms
 *   16      4            n: number of terms, reserved ids included
 *   20      4            t: bytes of text
 *   24      4            CRC-32 of everything from offset 32 on
 *   28      4            CRC-32 of the 28 bytes before
 *   32      4 (n + 1)    offset of each term's text; the last is t
 *   ...     n            unigram cost: -ln P(term), in steps of 1/10 nat, 255 at most
 *   ...     n            back-off cost: -ln of the share of P(. | term) left to the unigram model, in steps of 1/20 nat
 *   ...     n            flags (TermFlag)
 *   ...     n            edited cost: -ln P(term) in edited text, in steps of 1/10 nat; 255 for a term that is not in it
 *   ...     t            the terms' texts, UTF-8, one after another
 * ```
 *
 * Ids are ranks by falling frequency, after the reserved ones: small numbers for common words, so that posting lists of
 * ids in ascending order are in order of frequency and their differences are small.
 */

import { crc32 } from '../bytes/checksum.ts';
import { corrupt, StoreError } from '../errors.ts';

export const LEXICON_MAGIC = 'EMENDLEX';
export const LEXICON_VERSION = 2;
/** The oldest version that is read: in it, nothing is known of edited text. */
const OLDEST_VERSION = 1;
export const LEXICON_HEADER_BYTES = 32;

/** Ids that stand for no word: sentence start and end, any number, any word that is not in the lexicon. */
export const START_ID = 0;
export const END_ID = 1;
export const NUMBER_ID = 2;
export const UNKNOWN_ID = 3;
export const FIRST_TERM_ID = 4;

/** Costs are natural logarithms in these steps: 8 bits hold a log-probability (25.5 nats is one in 10^11). */
export const UNIGRAM_STEP = 0.1;
export const BACKOFF_STEP = 0.05;
/** The edited cost of a term that edited text does not have. */
export const NOT_EDITED = 255;

/** What is known of a term's standing. A term may have several. */
export const TermFlag = Object.freeze({
  /** In a clean dictionary. */
  dictionary: 1,
  /** In the owner's own documents. */
  documents: 2,
  /** In the owner's query log. */
  queries: 4,
  /** A name of a person, place, company or product. */
  name: 8,
  /** Only in lists drawn from the web at large, where frequent misspellings look like words. */
  web: 16,
  /** Much rarer than a near neighbour of better standing: more likely its misspelling than a word. */
  suspect: 32,
  /** Spelled without the apostrophe of a known term, or the like: accepted, never proposed. */
  variant: 64,
  /** Two or more known words run together: more likely a missing space than a word. */
  runOn: 128,
} as const);

/** The arrays of a lexicon, as the builder fills them and the reader maps them. */
export interface LexiconArrays {
  readonly termCount: number;
  readonly textOffsets: Uint32Array;
  readonly unigramCosts: Uint8Array;
  readonly backoffCosts: Uint8Array;
  readonly flags: Uint8Array;
  /** How frequent terms are in edited text, such as books; empty where that is not known. */
  readonly editedCosts: Uint8Array;
  readonly text: Uint8Array;
}

/** The bytes of a lexicon file. */
export function encodeLexicon(arrays: LexiconArrays, textVersion: number): Uint8Array {
  const { termCount, text } = arrays;
  const offsetsBytes = 4 * (termCount + 1);
  const bytes = new Uint8Array(LEXICON_HEADER_BYTES + offsetsBytes + 4 * termCount + text.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 8; i++) bytes[i] = LEXICON_MAGIC.charCodeAt(i);
  view.setUint32(8, LEXICON_VERSION, true);
  view.setUint32(12, textVersion, true);
  view.setUint32(16, termCount, true);
  view.setUint32(20, text.length, true);
  let offset = LEXICON_HEADER_BYTES;
  for (const textOffset of arrays.textOffsets) {
    view.setUint32(offset, textOffset, true);
    offset += 4;
  }
  for (const part of [arrays.unigramCosts, arrays.backoffCosts, arrays.flags, arrays.editedCosts, text]) {
    bytes.set(part, offset);
    offset += part.length;
  }
  view.setUint32(24, crc32(bytes, LEXICON_HEADER_BYTES), true);
  view.setUint32(28, crc32(bytes, 0, 28), true);
  return bytes;
}

/**
 * The arrays of a lexicon file, as views on `bytes` where their alignment allows. Reads every byte once, for the
 * checksum.
 *
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`
 */
export function decodeLexicon(bytes: Uint8Array, path: string, textVersion: number): LexiconArrays {
  if (bytes.length < LEXICON_HEADER_BYTES) {
    throw corrupt(path, 0, `at least ${LEXICON_HEADER_BYTES} bytes of lexicon`, bytes.length);
  }
  if (String.fromCharCode(...bytes.subarray(0, 8)) !== LEXICON_MAGIC) {
    throw new StoreError('STORE_FOREIGN', `${path}: not a lexicon (expected "${LEXICON_MAGIC}" at its start)`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint32(8, true);
  if (version < OLDEST_VERSION || version > LEXICON_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: lexicon format ${version}, this program reads ${OLDEST_VERSION} to ${LEXICON_VERSION}; build the dataset again`,
    );
  }
  if (view.getUint32(28, true) !== crc32(bytes, 0, 28)) {
    throw corrupt(path, 28, `header checksum ${crc32(bytes, 0, 28)}`, view.getUint32(28, true));
  }
  const foundTextVersion = view.getUint32(12, true);
  if (foundTextVersion !== textVersion) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: terms of text version ${foundTextVersion}, this program reads ${textVersion}; build the dataset again`,
    );
  }
  const termCount = view.getUint32(16, true);
  const textBytes = view.getUint32(20, true);
  const arrayCount = version === 1 ? 3 : 4;
  const expectedBytes = LEXICON_HEADER_BYTES + 4 * (termCount + 1) + arrayCount * termCount + textBytes;
  if (bytes.length !== expectedBytes) throw corrupt(path, bytes.length, `${expectedBytes} bytes`, bytes.length);
  if (view.getUint32(24, true) !== crc32(bytes, LEXICON_HEADER_BYTES)) {
    throw corrupt(path, 24, `checksum ${crc32(bytes, LEXICON_HEADER_BYTES)}`, view.getUint32(24, true));
  }

  const offsetsEnd = LEXICON_HEADER_BYTES + 4 * (termCount + 1);
  const offsetsBytes =
    (bytes.byteOffset + LEXICON_HEADER_BYTES) % 4 === 0
      ? bytes.subarray(LEXICON_HEADER_BYTES, offsetsEnd)
      : bytes.slice(LEXICON_HEADER_BYTES, offsetsEnd);
  return {
    termCount,
    textOffsets: new Uint32Array(offsetsBytes.buffer, offsetsBytes.byteOffset, termCount + 1),
    unigramCosts: bytes.subarray(offsetsEnd, offsetsEnd + termCount),
    backoffCosts: bytes.subarray(offsetsEnd + termCount, offsetsEnd + 2 * termCount),
    flags: bytes.subarray(offsetsEnd + 2 * termCount, offsetsEnd + 3 * termCount),
    editedCosts: bytes.subarray(offsetsEnd + 3 * termCount, offsetsEnd + arrayCount * termCount),
    text: bytes.subarray(offsetsEnd + arrayCount * termCount),
  };
}
