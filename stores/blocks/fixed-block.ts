/**
 * Searches inside one block of layout `fixed` (block-format.ts): keys of K bytes as differences of integers.
 *
 * Hot path: the wanted key becomes one number, its distance from the block's first key; what follows is additions and
 * comparisons of doubles.
 */
import { VarintReader } from '../bytes/varint.ts';
import type { ValueKind } from '../store.ts';
import {
  BLOCK_HEADER_BYTES,
  decodeFixed,
  decodeOffset,
  FLAG_WIDE_RESTARTS,
  keyDistance,
  LAYOUT_BYTE,
} from './block-format.ts';
import type { BlockSearch } from './block-search.ts';
import { BlockValues } from './block-values.ts';

/** Finds keys in blocks of layout `fixed`; one object serves all blocks of a file. */
export class FixedBlockSearch implements BlockSearch {
  readonly values: BlockValues;
  readonly #keyBytes: number;
  readonly #varint: VarintReader;

  constructor(valueKind: ValueKind, keyBytes: number) {
    this.values = new BlockValues(valueKind);
    this.#keyBytes = keyBytes;
    this.#varint = new VarintReader();
  }

  find(bytes: Uint8Array, start: number, end: number, key: Uint8Array, keyStart: number, keyEnd: number): number {
    const keyBytes = this.#keyBytes;
    if (keyEnd - keyStart !== keyBytes) return -1;
    const base = start + BLOCK_HEADER_BYTES;
    const wanted = keyDistance(key, keyStart, keyEnd, bytes, base);
    if (wanted < 0) return -1;

    const distanceWidth = bytes[start + LAYOUT_BYTE]!;
    const restarts = bytes[start + 2]! | (bytes[start + 3]! << 8);
    const distances = base + keyBytes;
    let low = 0;
    let high = restarts;
    let distance = 0;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      const other = decodeFixed(distanceWidth, bytes, distances + distanceWidth * middle);
      if (other <= wanted) {
        low = middle;
        distance = other;
      } else high = middle;
    }

    const wide = (bytes[start]! & FLAG_WIDE_RESTARTS) !== 0;
    const width = bytes[start + 1]!;
    const offsets = distances + distanceWidth * restarts;
    const limit = high < restarts ? start + decodeOffset(bytes, offsets, high, wide) : end;
    let at = start + decodeOffset(bytes, offsets, low, wide);
    while (distance < wanted) {
      at = this.values.skip(bytes, at, limit, width);
      if (at >= limit) return -1;
      const first = bytes[at]!;
      if (first < 0x80) {
        distance += first;
        at++;
      } else {
        distance += this.#varint.read(bytes, at, limit);
        at = this.#varint.offset;
      }
    }
    return distance === wanted ? this.values.read(bytes, at, limit, width) : -1;
  }
}
