/**
 * The file of word vectors: FORMAT.md beside this draws its bytes. Terms are named by their ids in the lexicon of the same
 * dataset; not every term has a vector.
 */

import { crc32 } from '../bytes/checksum.ts';
import { corrupt, StoreError } from '../errors.ts';

const VECTORS_MAGIC = 'EMENDVEC';
export const VECTORS_VERSION = 1;
export const VECTORS_HEADER_BYTES = 32;

/** More would cost time on each pair of words; the bundled vectors say no more with 100 than with 48. */
export const MAX_DIMENSIONS = 256;
/**
 * A vector of length 1 is stored as whole numbers of 1/200: the 0.635 that 127 stands for is hardly ever passed in 48
 * dimensions, and the error of a cosine stays below 0.01.
 */
export const VECTOR_SCALE = 200;

/** The arrays of a vectors file, as the builder fills them and the reader maps them. */
export interface VectorArrays {
  readonly dimensions: number;
  /** Ids of the lexicon, those without a vector included. */
  readonly idCount: number;
  /** A bit an id, lowest first: whether it has a vector. */
  readonly has: Uint32Array;
  /** For each word of `has`: how many vectors the ids before it have. */
  readonly before: Uint32Array;
  /** The vectors, one after another in the order of ids, each of length 1 times {@link VECTOR_SCALE}. */
  readonly values: Int8Array;
}

/** The arrays for vectors by id; `values` in the order of rising `ids`. */
export function vectorArrays(
  ids: ArrayLike<number>,
  idCount: number,
  values: Int8Array,
  dimensions: number,
): VectorArrays {
  const words = Math.ceil(idCount / 32);
  const has = new Uint32Array(words);
  const before = new Uint32Array(words);
  for (let i = 0; i < ids.length; i++) has[ids[i]! >>> 5]! |= 1 << (ids[i]! & 31);
  for (let w = 1; w < words; w++) before[w] = before[w - 1]! + bitCount(has[w - 1]!);
  return { dimensions, idCount, has, before, values };
}

/** How many bits of a 32-bit number are set. */
export function bitCount(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The bytes of a vectors file. */
export function encodeVectors({ dimensions, idCount, has, before, values }: VectorArrays): Uint8Array {
  const bytes = new Uint8Array(VECTORS_HEADER_BYTES + 8 * has.length + values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 8; i++) bytes[i] = VECTORS_MAGIC.charCodeAt(i);
  view.setUint32(8, VECTORS_VERSION, true);
  view.setUint32(12, dimensions, true);
  view.setUint32(16, idCount, true);
  view.setUint32(20, values.length / dimensions, true);
  let offset = VECTORS_HEADER_BYTES;
  for (const array of [has, before]) {
    for (const word of array) {
      view.setUint32(offset, word, true);
      offset += 4;
    }
  }
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.length), offset);
  view.setUint32(24, crc32(bytes, VECTORS_HEADER_BYTES), true);
  view.setUint32(28, crc32(bytes, 0, 28), true);
  return bytes;
}

/**
 * The arrays of a vectors file, as views on `bytes` where their alignment allows. Reads every byte once, for the checksum.
 *
 * @param path for messages
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`
 */
export function decodeVectors(bytes: Uint8Array, path: string): VectorArrays {
  if (bytes.length < VECTORS_HEADER_BYTES) {
    throw corrupt(path, 0, `at least ${VECTORS_HEADER_BYTES} bytes of word vectors`, bytes.length);
  }
  if (String.fromCharCode(...bytes.subarray(0, 8)) !== VECTORS_MAGIC) {
    throw new StoreError(
      'STORE_FOREIGN',
      `${path}: not a file of word vectors (expected "${VECTORS_MAGIC}" at the start)`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint32(8, true);
  if (version !== VECTORS_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: word vectors of format ${version}, this program reads ${VECTORS_VERSION}; build the dataset again`,
    );
  }
  if (view.getUint32(28, true) !== crc32(bytes, 0, 28)) {
    throw corrupt(path, 28, `header checksum ${crc32(bytes, 0, 28)}`, view.getUint32(28, true));
  }
  const dimensions = view.getUint32(12, true);
  const idCount = view.getUint32(16, true);
  const vectorCount = view.getUint32(20, true);
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw corrupt(path, 12, `1 to ${MAX_DIMENSIONS} dimensions`, dimensions);
  }
  const words = Math.ceil(idCount / 32);
  const expected = VECTORS_HEADER_BYTES + 8 * words + vectorCount * dimensions;
  if (bytes.length !== expected) throw corrupt(path, bytes.length, `${expected} bytes`, bytes.length);
  if (view.getUint32(24, true) !== crc32(bytes, VECTORS_HEADER_BYTES)) {
    throw corrupt(path, 24, `checksum ${crc32(bytes, VECTORS_HEADER_BYTES)}`, view.getUint32(24, true));
  }
  const has = wordsAt(bytes, VECTORS_HEADER_BYTES, words);
  const before = wordsAt(bytes, VECTORS_HEADER_BYTES + 4 * words, words);
  checkCounts(has, before, vectorCount, path);
  const valuesAt = VECTORS_HEADER_BYTES + 8 * words;
  return {
    dimensions,
    idCount,
    has,
    before,
    values: new Int8Array(bytes.buffer, bytes.byteOffset + valuesAt, vectorCount * dimensions),
  };
}

/** Whether every number of a vector that a look-up can make is one of `vectorCount`. */
function checkCounts(has: Uint32Array, before: Uint32Array, vectorCount: number, path: string): void {
  let sum = 0;
  for (let w = 0; w < has.length; w++) {
    if (before[w] !== sum) throw corrupt(path, VECTORS_HEADER_BYTES + 4 * (has.length + w), `${sum}`, before[w]!);
    sum += bitCount(has[w]!);
  }
  if (sum !== vectorCount) throw corrupt(path, 20, `${sum} vectors`, vectorCount);
}

function wordsAt(bytes: Uint8Array, offset: number, words: number): Uint32Array {
  const part =
    (bytes.byteOffset + offset) % 4 === 0
      ? bytes.subarray(offset, offset + 4 * words)
      : bytes.slice(offset, offset + 4 * words);
  return new Uint32Array(part.buffer, part.byteOffset, words);
}
