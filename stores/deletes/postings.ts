import { encodeVarint, varintLength } from '../bytes/varint.ts';

/** Posting lists of a deletion index: ascending ids as LEB128 differences; see `format.ts`. */

/** Most bytes of an id in a posting list: the difference of two 32-bit numbers. */
export const MAX_POSTING_BYTES = 5;

/** No id is larger. */
const NO_LAST = 0xffffffff;

/** Encodes `ids[0, count)` into a new byte string. */
export function encodePostings(ids: Uint32Array, count: number): Uint8Array {
  let size = 0;
  for (let i = 0; i < count; i++) size += varintLength(ids[i]! - (i === 0 ? 0 : ids[i - 1]!));
  const bytes = new Uint8Array(size);
  writePostings(ids, count, bytes);
  return bytes;
}

/** Encodes `ids[0, count)` at the beginning of `out`, which has room for `MAX_POSTING_BYTES` an id, and returns its end. */
export function writePostings(ids: Uint32Array, count: number, out: Uint8Array): number {
  let offset = 0;
  for (let i = 0; i < count; i++) offset = encodeVarint(ids[i]! - (i === 0 ? 0 : ids[i - 1]!), out, offset);
  return offset;
}

/**
 * Decodes a posting list into `out` and returns how many ids it held, those above `last` left out and at most `out.length`:
 * the commonest terms come first, so what is cut off is the rarest. Allocates nothing.
 *
 * Hot path: ids fit 24 bits, so shifts do.
 */
export function decodePostings(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint32Array,
  last = NO_LAST,
): number {
  let count = 0;
  let id = 0;
  while (start < end && count < out.length) {
    let byte = bytes[start++]!;
    let difference = byte & 0x7f;
    for (let shift = 7; byte >= 0x80 && start < end; shift += 7) {
      byte = bytes[start++]!;
      difference |= (byte & 0x7f) << shift;
    }
    id += difference;
    if (id > last) break;
    out[count++] = id;
  }
  return count;
}
