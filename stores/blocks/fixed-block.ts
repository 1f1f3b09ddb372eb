/**
 * Searches inside one block of layout `fixed` (block-format.ts): keys of K bytes as differences of integers.
 *
 * Hot path: the wanted key becomes one number, its distance from the block's first key; what follows is additions and
 * comparisons of doubles. Most of the time goes into waiting for memory, so cache lines that are wanted next are read early.
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
  /** Bytes that were read early, so that their cache lines come together; kept only so that V8 does not leave the reads out. */
  touched: number;

  constructor(valueKind: ValueKind, keyBytes: number) {
    this.values = new BlockValues(valueKind);
    this.#keyBytes = keyBytes;
    this.#varint = new VarintReader();
    this.touched = 0;
  }

  find(bytes: Uint8Array, start: number, end: number, key: Uint8Array, keyStart: number, keyEnd: number): number {
    const keyBytes = this.#keyBytes;
    if (keyEnd - keyStart !== keyBytes) return -1;
    this.touched = bytes[start + 64]! + bytes[start + 128]!;
    const base = start + BLOCK_HEADER_BYTES;
    const wanted = keyDistance(key, keyStart, keyEnd, bytes, base);
    if (wanted < 0) return -1;

    const distanceWidth = bytes[start + LAYOUT_BYTE]!;
    const restarts = bytes[start + 2]! | (bytes[start + 3]! << 8);
    const distances = base + keyBytes;
    // Added up instead of branched on: see index.ts.
    let low = 0;
    let size = restarts;
    while (size > 3) {
      const quarter = size >>> 2;
      const second = distances + distanceWidth * (low + quarter);
      const step = distanceWidth * quarter;
      const above =
        Number(decodeFixed(distanceWidth, bytes, second) <= wanted) +
        Number(decodeFixed(distanceWidth, bytes, second + step) <= wanted) +
        Number(decodeFixed(distanceWidth, bytes, second + 2 * step) <= wanted);
      low += quarter * above;
      size -= 3 * quarter;
    }
    while (size > 1) {
      const half = size >>> 1;
      low += half * Number(decodeFixed(distanceWidth, bytes, distances + distanceWidth * (low + half)) <= wanted);
      size -= half;
    }
    let distance = low === 0 ? 0 : decodeFixed(distanceWidth, bytes, distances + distanceWidth * low);

    const wide = (bytes[start]! & FLAG_WIDE_RESTARTS) !== 0;
    const width = bytes[start + 1]!;
    const offsets = distances + distanceWidth * restarts;
    const limit = low + 1 < restarts ? start + decodeOffset(bytes, offsets, low + 1, wide) : end;
    let at = start + decodeOffset(bytes, offsets, low, wide);
    this.touched = bytes[at + 48]!;
    while (distance < wanted) {
      at = this.values.skip(bytes, at, limit, width);
      if (at >= limit) return -1;
      const first = bytes[at]!;
      const more = first >>> 7;
      // The second byte if there is one, else 0: most differences take one or two, in no order that could be guessed.
      const second = bytes[at + 1]! & -more;
      if (second < 0x80) {
        distance += (first & 0x7f) + (second << 7);
        at += 1 + more;
      } else {
        distance += this.#varint.read(bytes, at, limit);
        at = this.#varint.offset;
      }
    }
    return distance === wanted ? this.values.read(bytes, at, limit, width) : -1;
  }
}
