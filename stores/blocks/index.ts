/**
 * The index of a file, or of the partitions of its index, in memory: for each block the shortest key that separates it
 * from the block before, its offset and its bytes.
 *
 * Hot path: the first six bytes of each separator also stand as one double (a big-endian integer), so the binary search
 * compares numbers in one array, and adds instead of branching, as a branch would be guessed wrong every other step: 23 ns
 * instead of 60 among 2,000 separators. It compares three at a time, none waiting for another. Only equal heads go to the bytes.
 */
import { compareBytes } from '../bytes/compare.ts';
import { columnBytes, headOf, type IndexColumns } from './index-format.ts';

/** Separators in key order with where their blocks lie; the first separator stands for every smaller key. */
export class BlockIndex {
  readonly count: number;
  /** Offset of each block in the file. */
  readonly offsets: Float64Array;
  /** Bytes of each block, checksum included. */
  readonly lengths: Uint32Array;
  /** Bytes held in memory. */
  readonly byteLength: number;
  readonly #heads: Float64Array;
  readonly #keyEnds: Uint32Array;
  readonly #keys: Uint8Array;

  constructor(columns: IndexColumns) {
    this.count = columns.count;
    this.offsets = columns.offsets;
    this.lengths = columns.lengths;
    this.byteLength = columnBytes(columns);
    this.#heads = columns.heads;
    this.#keyEnds = columns.keyEnds;
    this.#keys = columns.keys;
  }

  /** The position of the block that holds `key[start, end)` if any does: 0..count-1. */
  find(key: Uint8Array, start: number, end: number): number {
    const heads = this.#heads;
    const head = headOf(key, start, end);
    let low = 0;
    let size = this.count;
    while (size > 3) {
      const quarter = size >>> 2;
      const second = low + quarter;
      const third = second + quarter;
      const fourth = third + quarter;
      const above = Number(heads[second]! <= head) + Number(heads[third]! <= head) + Number(heads[fourth]! <= head);
      low += quarter * above;
      // As many as the last part has, which is the largest: what that adds to the others is known to be above.
      size -= 3 * quarter;
    }
    while (size > 1) {
      const half = size >>> 1;
      low += half * Number(heads[low + half]! <= head);
      size -= half;
    }
    return heads[low] === head ? this.#findAmongEqual(low, head, key, start, end) : low;
  }

  /** As `find`, where `last` is the last separator with the same head as the key. */
  #findAmongEqual(last: number, head: number, key: Uint8Array, start: number, end: number): number {
    if (this.#compare(last, key, start, end) <= 0) return last;
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#heads[middle]! < head || this.#compare(middle, key, start, end) <= 0) low = middle;
      else high = middle;
    }
    return low;
  }

  #compare(index: number, key: Uint8Array, start: number, end: number): number {
    return compareBytes(this.#keys, this.#keyEnds[index]!, this.#keyEnds[index + 1]!, key, start, end);
  }
}
