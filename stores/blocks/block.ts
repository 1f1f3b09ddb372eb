/**
 * Searches inside one block (bytes: block-format.ts).
 *
 * Hot path: the search keeps how many bytes of the wanted key the entry before it matched. An entry that shares more
 * than that with its predecessor is smaller too and is stepped over unread; one that shares less is greater, and the
 * search is over. So keys are never put together and each byte of the wanted key is compared about once.
 */
import { VarintReader } from '../bytes/varint.ts';
import type { ValueKind } from '../store.ts';
import { BLOCK_HEADER_BYTES, decodeFixed, FLAG_WIDE_RESTARTS, NIBBLE_ESCAPE } from './block-format.ts';

const NONE = 0;
const UINT = 1;
const BYTES = 2;

/** Finds keys in blocks of one kind of value; one object serves all blocks of a file. */
export class BlockSearch {
  /** Set by a successful `findFloor` or `find` in a block of byte strings: the value is `bytes[valueStart, valueEnd)`. */
  valueStart: number;
  valueEnd: number;
  readonly #mode: number;
  readonly #varint: VarintReader;

  constructor(valueKind: ValueKind) {
    this.valueStart = 0;
    this.valueEnd = 0;
    this.#mode = valueKind === 'none' ? NONE : valueKind === 'uint' ? UINT : BYTES;
    this.#varint = new VarintReader();
  }

  /**
   * Finds `key[keyStart, keyEnd)` in the block `bytes[start, end)`.
   *
   * @returns the integer, 1 in a set, the length of a byte string (see `valueStart`), or -1
   */
  find(bytes: Uint8Array, start: number, end: number, key: Uint8Array, keyStart: number, keyEnd: number): number {
    const width = bytes[start + 1]!;
    let at = this.#seekRestart(bytes, start, end, key, keyStart, keyEnd);
    const limit = this.#limit;
    let matched = 0;
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
      if (shared === matched) {
        let keyAt = keyStart + matched;
        while (at < suffixEnd && keyAt < keyEnd && bytes[at] === key[keyAt]) {
          at++;
          keyAt++;
        }
        if (at === suffixEnd) {
          if (keyAt === keyEnd) return this.#value(bytes, suffixEnd, limit, width);
        } else if (keyAt === keyEnd || bytes[at]! > key[keyAt]!) return -1;
        matched = keyAt - keyStart;
      } else if (shared < matched) return -1;
      at = this.#afterValue(bytes, suffixEnd, limit, width);
    }
    return -1;
  }

  /**
   * Finds the last entry whose key is <= `key[keyStart, keyEnd)` in a block of byte strings, and leaves its value in
   * `valueStart` and `valueEnd`; false when there is none.
   */
  findFloor(bytes: Uint8Array, start: number, end: number, key: Uint8Array, keyStart: number, keyEnd: number): boolean {
    let at = this.#seekRestart(bytes, start, end, key, keyStart, keyEnd);
    const limit = this.#limit;
    let matched = 0;
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
      if (shared < matched) return found;
      if (shared === matched) {
        let keyAt = keyStart + matched;
        while (at < suffixEnd && keyAt < keyEnd && bytes[at] === key[keyAt]) {
          at++;
          keyAt++;
        }
        if (at !== suffixEnd && (keyAt === keyEnd || bytes[at]! > key[keyAt]!)) return found;
        matched = keyAt - keyStart;
      }
      const length = this.#varint.read(bytes, suffixEnd, limit);
      this.valueStart = this.#varint.offset;
      this.valueEnd = this.valueStart + length;
      at = this.valueEnd;
      found = true;
    }
    return found;
  }

  /** Where the interval that `#seekRestart` chose ends. */
  #limit = 0;

  /**
   * The offset of the last restart entry whose key is <= the wanted one, or of the first; sets `#limit` to the end of
   * its interval.
   */
  #seekRestart(
    bytes: Uint8Array,
    start: number,
    end: number,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
  ): number {
    const wide = (bytes[start]! & FLAG_WIDE_RESTARTS) !== 0;
    const restarts = bytes[start + 2]! | (bytes[start + 3]! << 8);
    const table = start + BLOCK_HEADER_BYTES;
    let low = 0;
    let high = restarts;
    // Invariant: the keys of restarts up to `low` are <= the wanted key (or low is 0), those from `high` are greater.
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      let at = start + restartOffset(bytes, table, middle, wide);
      let rest = bytes[at++]! & NIBBLE_ESCAPE;
      if (rest === NIBBLE_ESCAPE) {
        rest += this.#varint.read(bytes, at, end);
        at = this.#varint.offset;
      }
      const suffixEnd = at + rest;
      let keyAt = keyStart;
      while (at < suffixEnd && keyAt < keyEnd && bytes[at] === key[keyAt]) {
        at++;
        keyAt++;
      }
      if (at === suffixEnd || (keyAt < keyEnd && bytes[at]! < key[keyAt]!)) low = middle;
      else high = middle;
    }
    this.#limit = high < restarts ? start + restartOffset(bytes, table, high, wide) : end;
    return restarts === 0 ? end : start + restartOffset(bytes, table, low, wide);
  }

  #value(bytes: Uint8Array, at: number, end: number, width: number): number {
    if (this.#mode === NONE) return 1;
    if (this.#mode === UINT) {
      if (width === 1) return bytes[at]!;
      return width === 0 ? this.#varint.read(bytes, at, end) : decodeFixed(width, bytes, at);
    }
    const length = this.#varint.read(bytes, at, end);
    this.valueStart = this.#varint.offset;
    this.valueEnd = this.valueStart + length;
    return length;
  }

  #afterValue(bytes: Uint8Array, at: number, end: number, width: number): number {
    if (this.#mode === NONE) return at;
    if (this.#mode === UINT) {
      if (width !== 0) return at + width;
      while (bytes[at]! >= 0x80) at++;
      return at + 1;
    }
    const length = this.#varint.read(bytes, at, end);
    return this.#varint.offset + length;
  }
}

function restartOffset(bytes: Uint8Array, table: number, index: number, wide: boolean): number {
  if (!wide) {
    const at = table + 2 * index;
    return bytes[at]! | (bytes[at + 1]! << 8);
  }
  const at = table + 4 * index;
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
