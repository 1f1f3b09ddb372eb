/**
 * Searches inside one block of layout `strings` (block-format.ts).
 *
 * Hot path: the search keeps how many bytes of the wanted key the entry before it matched. An entry that shares more
 * than that with its predecessor is smaller too and is stepped over unread; one that shares less is greater, and the
 * search is over. So keys are never put together and each byte of the wanted key is compared about once.
 */
import { VarintReader } from '../bytes/varint.ts';
import type { ValueKind } from '../store.ts';
import {
  BLOCK_HEADER_BYTES,
  decodeOffset,
  FLAG_WIDE_RESTARTS,
  HEAD_BYTES,
  headOf,
  LAYOUT_BYTE,
  NIBBLE_ESCAPE,
} from './block-format.ts';
import type { BlockSearch } from './block-search.ts';
import { BlockValues } from './block-values.ts';

/** Finds keys in blocks of layout `strings`; one object serves all blocks of a file. */
export class StringBlockSearch implements BlockSearch {
  readonly values: BlockValues;
  readonly #varint: VarintReader;
  /** Where the interval that `#seekRestart` chose ends. */
  #limit: number;

  constructor(valueKind: ValueKind) {
    this.values = new BlockValues(valueKind);
    this.#varint = new VarintReader();
    this.#limit = 0;
  }

  find(bytes: Uint8Array, start: number, end: number, key: Uint8Array, keyStart: number, keyEnd: number): number {
    const prefixEnd = start + BLOCK_HEADER_BYTES + bytes[start + LAYOUT_BYTE]!;
    let from = keyStart;
    for (let i = start + BLOCK_HEADER_BYTES; i < prefixEnd; i++) {
      if (from === keyEnd || bytes[i] !== key[from]) return -1;
      from++;
    }
    const width = bytes[start + 1]!;
    let at = this.#seekRestart(bytes, start, end, key, from, keyEnd);
    const limit = this.#limit;
    // `keyAt - from` bytes of the key match the entry before.
    let keyAt = from;
    while (at < limit) {
      const head = bytes[at++]!;
      let shared = head >> 4;
      let rest = head & NIBBLE_ESCAPE;
      if (shared === NIBBLE_ESCAPE) {
        shared += this.#varint.read(bytes, at, limit);
        at = this.#varint.offset;
      }
      if (rest === NIBBLE_ESCAPE) {
        rest += this.#varint.read(bytes, at, limit);
        at = this.#varint.offset;
      }
      const suffixEnd = at + rest;
      const matched = keyAt - from;
      if (shared === matched) {
        while (at < suffixEnd && keyAt < keyEnd && bytes[at] === key[keyAt]) {
          at++;
          keyAt++;
        }
        if (at === suffixEnd) {
          if (keyAt === keyEnd) return this.values.read(bytes, suffixEnd, limit, width);
        } else if (keyAt === keyEnd || bytes[at]! > key[keyAt]!) return -1;
      } else if (shared < matched) return -1;
      at = this.values.skip(bytes, suffixEnd, limit, width);
    }
    return -1;
  }

  /**
   * Finds the last entry whose key is <= `key[keyStart, keyEnd)` in an index block (byte strings, no prefix), and leaves
   * where its value lies in `values.start` and `values.end`; false when there is none.
   */
  findFloor(bytes: Uint8Array, start: number, end: number, key: Uint8Array, keyStart: number, keyEnd: number): boolean {
    let at = this.#seekRestart(bytes, start, end, key, keyStart, keyEnd);
    const limit = this.#limit;
    let keyAt = keyStart;
    let found = false;
    while (at < limit) {
      const head = bytes[at++]!;
      let shared = head >> 4;
      let rest = head & NIBBLE_ESCAPE;
      if (shared === NIBBLE_ESCAPE) {
        shared += this.#varint.read(bytes, at, limit);
        at = this.#varint.offset;
      }
      if (rest === NIBBLE_ESCAPE) {
        rest += this.#varint.read(bytes, at, limit);
        at = this.#varint.offset;
      }
      const suffixEnd = at + rest;
      const matched = keyAt - keyStart;
      if (shared < matched) return found;
      if (shared === matched) {
        while (at < suffixEnd && keyAt < keyEnd && bytes[at] === key[keyAt]) {
          at++;
          keyAt++;
        }
        if (at !== suffixEnd && (keyAt === keyEnd || bytes[at]! > key[keyAt]!)) return found;
      }
      this.values.read(bytes, suffixEnd, limit, 0);
      at = this.values.end;
      found = true;
    }
    return found;
  }

  /**
   * The offset of the last restart entry whose key is <= the wanted one, or of the first; sets `#limit` to the end of
   * its interval. The wanted key is `key[from, keyEnd)`, the block's prefix taken off.
   */
  #seekRestart(bytes: Uint8Array, start: number, end: number, key: Uint8Array, from: number, keyEnd: number): number {
    const wide = (bytes[start]! & FLAG_WIDE_RESTARTS) !== 0;
    const restarts = bytes[start + 2]! | (bytes[start + 3]! << 8);
    const heads = start + BLOCK_HEADER_BYTES + bytes[start + LAYOUT_BYTE]!;
    const offsets = heads + HEAD_BYTES * restarts;
    const wanted = headOf(key, from, keyEnd);
    // The last restart whose head is <= the wanted one, or the first. Added up instead of branched on: see index.ts.
    let low = 0;
    let size = restarts;
    while (size > 1) {
      const half = size >>> 1;
      low += half * Number(headAt(bytes, heads, low + half) <= wanted);
      size -= half;
    }
    if (low > 0 && headAt(bytes, heads, low) === wanted) {
      low = this.#lastNotAbove(bytes, start, end, key, from, keyEnd, low);
    }
    this.#limit = low + 1 < restarts ? start + decodeOffset(bytes, offsets, low + 1, wide) : end;
    return restarts === 0 ? end : start + decodeOffset(bytes, offsets, low, wide);
  }

  /** As `#seekRestart`, of the restarts up to `last`, the last one whose head equals the wanted one's. */
  #lastNotAbove(
    bytes: Uint8Array,
    start: number,
    end: number,
    key: Uint8Array,
    from: number,
    keyEnd: number,
    last: number,
  ): number {
    const wide = (bytes[start]! & FLAG_WIDE_RESTARTS) !== 0;
    const heads = start + BLOCK_HEADER_BYTES + bytes[start + LAYOUT_BYTE]!;
    const offsets = heads + HEAD_BYTES * (bytes[start + 2]! | (bytes[start + 3]! << 8));
    const wanted = headOf(key, from, keyEnd);
    let low = 0;
    let high = last + 1;
    // The keys of restarts up to `low` are <= the wanted key (or low is 0), those from `high` on are greater.
    for (let middle = last; high - low > 1; middle = (low + high) >>> 1) {
      const isBelow = headAt(bytes, heads, middle) < wanted;
      const at = start + decodeOffset(bytes, offsets, middle, wide);
      if (isBelow || !this.#isAbove(bytes, at, end, key, from, keyEnd)) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Whether the key of the restart entry at `at` is greater than the wanted one. */
  #isAbove(bytes: Uint8Array, at: number, end: number, key: Uint8Array, from: number, keyEnd: number): boolean {
    let rest = bytes[at++]! & NIBBLE_ESCAPE;
    if (rest === NIBBLE_ESCAPE) {
      rest += this.#varint.read(bytes, at, end);
      at = this.#varint.offset;
    }
    const suffixEnd = at + rest;
    while (at < suffixEnd && from < keyEnd && bytes[at] === key[from]) {
      at++;
      from++;
    }
    return at !== suffixEnd && (from === keyEnd || bytes[at]! > key[from]!);
  }
}

/** Head `index` of those at `heads`. */
function headAt(bytes: Uint8Array, heads: number, index: number): number {
  const at = heads + HEAD_BYTES * index;
  return bytes[at]! | (bytes[at + 1]! << 8);
}
