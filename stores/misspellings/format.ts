/**
 * Known misspellings: what is meant by words that are often written wrong. FORMAT.md draws a value.
 *
 * A key is the misspelling as a term (one token, normalised, UTF-8); the value is what is meant by it, the likeliest first:
 * each correction a row of term ids, so that `alot` can be two words.
 */

import { encodeVarint, VarintReader, varintLength } from '../bytes/varint.ts';

/** Corrections kept of one misspelling. */
export const MAX_CORRECTIONS = 4;
/** Words of one correction. */
export const MAX_CORRECTION_WORDS = 4;

/** Encodes the corrections of one misspelling: 1 to 4 rows of 1 to 4 term ids. */
export function encodeCorrections(corrections: readonly (readonly number[])[]): Uint8Array {
  let size = 0;
  for (const ids of corrections) {
    size += varintLength(ids.length);
    for (const id of ids) size += varintLength(id);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const ids of corrections) {
    offset = encodeVarint(ids.length, bytes, offset);
    for (const id of ids) offset = encodeVarint(id, bytes, offset);
  }
  return bytes;
}

const reader = new VarintReader();

/**
 * Decodes `bytes[start, end)`: at most `MAX_CORRECTIONS` rows of ids below `termCount`. What does not read as such ends the
 * list; the store has checked its bytes. Allocates the rows.
 */
export function decodeCorrections(bytes: Uint8Array, start: number, end: number, termCount: number): number[][] {
  const corrections: number[][] = [];
  reader.offset = start;
  while (reader.offset < end && corrections.length < MAX_CORRECTIONS) {
    const count = reader.read(bytes, reader.offset, end);
    if (count < 1 || count > MAX_CORRECTION_WORDS) break;
    const ids: number[] = [];
    while (ids.length < count) {
      const id = reader.read(bytes, reader.offset, end);
      if (id < 0 || id >= termCount) return corrections;
      ids.push(id);
    }
    corrections.push(ids);
  }
  return corrections;
}
