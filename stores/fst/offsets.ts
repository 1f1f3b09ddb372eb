/**
 * Where the byte string of each key lies in the blob. Either offsets of their own, `offsetBits` each, one more than keys;
 * or, where that is smaller, groups of 16 keys, each the offset of the first string and 16 lengths:
 *
 *     offsetBits   where the first string of the group begins
 *     lengthBits   its length, and that of the next ones: 16 times, 0 behind the last key
 *
 * all packed end to end as in `packed.ts`.
 */

import { bitsFor, packedBytes, readPackedAt } from './packed.ts';

/** Keys of a group: more would save less than half a bit a key, and cost up to as many reads. */
const GROUP_KEYS = 16;

/** How offsets are packed. */
export interface OffsetShape {
  readonly offsetBits: number;
  /** 0 when every key has an offset of its own. */
  readonly lengthBits: number;
}

/** The smaller shape for `keyCount` strings, `totalBytes` in all, the longest of `longest` bytes. */
export function chooseOffsetShape(keyCount: number, totalBytes: number, longest: number): OffsetShape {
  const offsetBits = bitsFor(totalBytes);
  const grouped = { offsetBits, lengthBits: bitsFor(longest) };
  const plain = { offsetBits, lengthBits: 0 };
  return grouped.lengthBits > 0 && offsetsBytes(keyCount, grouped) < offsetsBytes(keyCount, plain) ? grouped : plain;
}

/** Length of the section in bytes. */
export function offsetsBytes(keyCount: number, { offsetBits, lengthBits }: OffsetShape): number {
  if (lengthBits === 0) return packedBytes(keyCount + 1, offsetBits);
  return packedBytes(Math.ceil(keyCount / GROUP_KEYS), offsetBits + GROUP_KEYS * lengthBits);
}

/** Packs the offsets: string i is [offsetAt(i), offsetAt(i + 1)), for i below `keyCount`. Allocates. */
export function encodeOffsets(keyCount: number, shape: OffsetShape, offsetAt: (index: number) => number): Uint8Array {
  const { offsetBits, lengthBits } = shape;
  const out = new Uint8Array(offsetsBytes(keyCount, shape));
  let bit = 0;
  const put = (value: number, bits: number): void => {
    for (let left = bits; left > 0; ) {
      const take = Math.min(left, 8 - (bit % 8));
      const scale = 2 ** take;
      out[Math.floor(bit / 8)]! |= (value % scale) << (bit % 8);
      value = Math.floor(value / scale);
      bit += take;
      left -= take;
    }
  };
  if (lengthBits === 0) {
    for (let i = 0; i <= keyCount; i++) put(offsetAt(i), offsetBits);
    return out;
  }
  for (let first = 0; first < keyCount; first += GROUP_KEYS) {
    put(offsetAt(first), offsetBits);
    for (let i = first; i < first + GROUP_KEYS; i++) put(i < keyCount ? offsetAt(i + 1) - offsetAt(i) : 0, lengthBits);
  }
  return out;
}

/** Reads offsets of the section that begins at `bytes[start]`. */
export class OffsetReader {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #offsetBits: number;
  readonly #lengthBits: number;
  /** Length in bytes of the string that `find` was asked for last. */
  length: number;

  constructor(bytes: Uint8Array, start: number, { offsetBits, lengthBits }: OffsetShape) {
    this.#bytes = bytes;
    this.#start = start;
    this.#offsetBits = offsetBits;
    this.#lengthBits = lengthBits;
    this.length = 0;
  }

  /** Where string `index` begins within the blob; sets `length`. Allocates nothing. */
  find(index: number): number {
    const bytes = this.#bytes;
    const offsetBits = this.#offsetBits;
    const lengthBits = this.#lengthBits;
    if (lengthBits === 0) {
      const offset = readPackedAt(bytes, this.#start, index * offsetBits, offsetBits);
      this.length = readPackedAt(bytes, this.#start, (index + 1) * offsetBits, offsetBits) - offset;
      return offset;
    }
    const group = Math.floor(index / GROUP_KEYS);
    let bit = group * (offsetBits + GROUP_KEYS * lengthBits);
    let offset = readPackedAt(bytes, this.#start, bit, offsetBits);
    bit += offsetBits;
    for (let i = group * GROUP_KEYS; i < index; i++) {
      offset += readPackedAt(bytes, this.#start, bit, lengthBits);
      bit += lengthBits;
    }
    this.length = readPackedAt(bytes, this.#start, bit, lengthBits);
    return offset;
  }
}
