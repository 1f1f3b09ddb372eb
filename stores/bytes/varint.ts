/**
 * Unsigned LEB128 integers in 0..2^53-1: seven bits a byte, low bits first, the high bit says that more follow. At
 * most eight bytes. Multiplication stands in for shifts beyond 32 bits, where JavaScript's shifts would wrap.
 */

/** The most bytes a varint of 53 bits takes. */
export const MAX_VARINT_BYTES = 8;

/** Bytes that `value` takes as a varint: 1..8. */
export function varintLength(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  let length = 1;
  while (value >= 0x80) {
    value = Math.floor(value / 0x80);
    length++;
  }
  return length;
}

/** Writes `value` at `offset` and returns the offset after it. */
export function encodeVarint(value: number, out: Uint8Array, offset: number): number {
  while (value > 0x7fffffff) {
    out[offset++] = (value % 0x80) | 0x80;
    value = Math.floor(value / 0x80);
  }
  while (value >= 0x80) {
    out[offset++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  out[offset++] = value;
  return offset;
}

/**
 * Reads varints one after another without allocating: `value = reader.read(bytes, offset, end)`, then `reader.offset` is
 * the offset after it.
 *
 * Hot path: an object that keeps the offset is cheaper than returning a pair.
 */
export class VarintReader {
  offset: number;

  constructor() {
    this.offset = 0;
  }

  /** The integer at `offset`, or -1 when it is cut short by `end` or runs past 53 bits. */
  read(bytes: Uint8Array, offset: number, end: number): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      if (offset >= end) return -1;
      const byte = bytes[offset++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.offset = offset;
        return value <= Number.MAX_SAFE_INTEGER ? value : -1;
      }
      scale *= 0x80;
    }
    return -1;
  }
}
