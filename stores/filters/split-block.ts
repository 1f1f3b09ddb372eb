/**
 * A split-block Bloom filter: 32-byte blocks of eight 32-bit words; a key sets one bit in each word of one block, so a
 * probe touches one cache line. After Putze, Sanders & Singler 2007, in the shape that Apache Parquet gave it; the
 * hash is our own (`hash.ts`).
 *
 * ```
 * word 0..7 of block 0 | word 0..7 of block 1 | ...      each word u32, little endian
 * block  = floor(hi * blockCount / 2^32)
 * word i = bit (lo * SALT[i] mod 2^32) >> 27
 * ```
 *
 * Hot path: one multiplication a word over a `Uint32Array`, leaving at the first unset bit.
 */
import type { Filter } from './filter.ts';
import { KeyHash } from './hash.ts';

/** Bytes of one block. */
export const SPLIT_BLOCK_BYTES = 32;

// Odd multipliers of the Parquet format: any eight odd numbers would do, these are well tried.
const SALT_0 = 0x47b6137b;
const SALT_1 = 0x44974d91;
const SALT_2 = 0x8824ad5b;
const SALT_3 = 0xa2b7289d;
const SALT_4 = 0x705495c7;
const SALT_5 = 0x2df1424b;
const SALT_6 = 0x9efc4947;
const SALT_7 = 0x5c6bfb31;

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** A split-block Bloom filter over its stored bytes. */
export class SplitBlockFilter implements Filter {
  readonly kind = 'split-block';
  readonly byteLength: number;
  readonly #words: Uint32Array;
  readonly #blockCount: number;
  readonly #hash: KeyHash;

  constructor(words: Uint32Array) {
    this.byteLength = words.byteLength;
    this.#words = words;
    this.#blockCount = words.length / 8;
    this.#hash = new KeyHash();
  }

  /** The filter over stored bytes, in place where the machine is little endian; `undefined` for a wrong length. */
  static open(bytes: Uint8Array): SplitBlockFilter | undefined {
    if (bytes.length === 0 || bytes.length % SPLIT_BLOCK_BYTES !== 0) return undefined;
    return new SplitBlockFilter(wordsOf(bytes));
  }

  mayContain(key: Uint8Array, start: number, end: number): boolean {
    this.#hash.update(key, start, end);
    const lo = this.#hash.lo;
    const words = this.#words;
    const at = splitBlockOf(this.#hash.hi, this.#blockCount) * 8;
    return (
      ((words[at]! >>> (Math.imul(lo, SALT_0) >>> 27)) & 1) !== 0 &&
      ((words[at + 1]! >>> (Math.imul(lo, SALT_1) >>> 27)) & 1) !== 0 &&
      ((words[at + 2]! >>> (Math.imul(lo, SALT_2) >>> 27)) & 1) !== 0 &&
      ((words[at + 3]! >>> (Math.imul(lo, SALT_3) >>> 27)) & 1) !== 0 &&
      ((words[at + 4]! >>> (Math.imul(lo, SALT_4) >>> 27)) & 1) !== 0 &&
      ((words[at + 5]! >>> (Math.imul(lo, SALT_5) >>> 27)) & 1) !== 0 &&
      ((words[at + 6]! >>> (Math.imul(lo, SALT_6) >>> 27)) & 1) !== 0 &&
      ((words[at + 7]! >>> (Math.imul(lo, SALT_7) >>> 27)) & 1) !== 0
    );
  }
}

/** Sets the bits of a key with the hash halves `hi` and `lo`. */
export function addToSplitBlock(words: Uint32Array, hi: number, lo: number): void {
  const at = splitBlockOf(hi, words.length / 8) * 8;
  words[at]! |= 1 << (Math.imul(lo, SALT_0) >>> 27);
  words[at + 1]! |= 1 << (Math.imul(lo, SALT_1) >>> 27);
  words[at + 2]! |= 1 << (Math.imul(lo, SALT_2) >>> 27);
  words[at + 3]! |= 1 << (Math.imul(lo, SALT_3) >>> 27);
  words[at + 4]! |= 1 << (Math.imul(lo, SALT_4) >>> 27);
  words[at + 5]! |= 1 << (Math.imul(lo, SALT_5) >>> 27);
  words[at + 6]! |= 1 << (Math.imul(lo, SALT_6) >>> 27);
  words[at + 7]! |= 1 << (Math.imul(lo, SALT_7) >>> 27);
}

/** The stored form of the words: little endian whatever the machine. */
export function splitBlockBytes(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  return LITTLE_ENDIAN ? bytes : swapWords(bytes);
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const inPlace = LITTLE_ENDIAN && bytes.byteOffset % 4 === 0;
  const source = LITTLE_ENDIAN ? (inPlace ? bytes : bytes.slice()) : swapWords(bytes);
  return new Uint32Array(source.buffer, source.byteOffset, source.length / 4);
}

function swapWords(bytes: Uint8Array): Uint8Array {
  const swapped = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) swapped[i] = bytes[i ^ 3]!;
  return swapped;
}

/** `hi` scaled to 0..count-1: exact enough in doubles up to 2^26 blocks (2 GiB), where it still stays below `count`. */
function splitBlockOf(hi: number, count: number): number {
  return Math.floor(((hi >>> 0) * count) / 0x1_0000_0000);
}
