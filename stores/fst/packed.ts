/**
 * Arrays of unsigned integers of one width, 0..53 bits each, laid end to end: entry i is bits [i w, (i + 1) w), low bits
 * first. Seven bytes of padding follow, so that a reader may fetch four bytes wherever an entry begins.
 */

/** Bytes that follow the last entry. */
const PADDING_BYTES = 7;

/** How many bits hold every value up to `largest`: 0..53. */
export function bitsFor(largest: number): number {
  let bits = 0;
  while (largest >= 1) {
    largest = Math.floor(largest / 2);
    bits++;
  }
  return bits;
}

/** Length in bytes of an array of `count` entries of `bits` bits. */
export function packedBytes(count: number, bits: number): number {
  return count === 0 || bits === 0 ? 0 : Math.ceil((count * bits) / 8) + PADDING_BYTES;
}

/** Packs `count` values, each below 2^bits, in `bits` bits each. Allocates the array. */
export function packIntegers(count: number, bits: number, valueAt: (index: number) => number): Uint8Array {
  const out = new Uint8Array(packedBytes(count, bits));
  if (bits === 8) {
    for (let i = 0; i < count; i++) out[i] = valueAt(i);
    return out;
  }
  if (bits <= 24) {
    packNarrow(count, bits, valueAt, out);
    return out;
  }
  let byte = 0;
  let free = 8;
  for (let i = 0; i < count; i++) {
    let value = valueAt(i);
    let left = bits;
    while (left > 0) {
      const take = Math.min(left, free);
      const scale = 2 ** take;
      out[byte]! |= (value % scale) << (8 - free);
      value = Math.floor(value / scale);
      left -= take;
      free -= take;
      if (free === 0) {
        byte++;
        free = 8;
      }
    }
  }
  return out;
}

/** Packs values of at most 24 bits: with what is left of the byte before they fit a 32-bit word. */
function packNarrow(count: number, bits: number, valueAt: (index: number) => number, out: Uint8Array): void {
  let byte = 0;
  let word = 0;
  let filled = 0;
  for (let i = 0; i < count; i++) {
    word |= valueAt(i) << filled;
    filled += bits;
    for (; filled >= 8; filled -= 8) {
      out[byte++] = word;
      word >>>= 8;
    }
  }
  if (filled > 0) out[byte] = word;
}

/**
 * Entry `index` of the array that begins at `bytes[start]`. The caller has checked that the array holds the entry.
 *
 * Hot path: entries of 25 bits and fewer come from one four-byte window.
 */
export function readPacked(bytes: Uint8Array, start: number, bits: number, index: number): number {
  if (bits === 8) return bytes[start + index]!;
  return readPackedAt(bytes, start, index * bits, bits);
}

/** The `bits` bits from bit `firstBit` on of the bytes that begin at `bytes[start]`. */
export function readPackedAt(bytes: Uint8Array, start: number, firstBit: number, bits: number): number {
  const at = start + Math.floor(firstBit / 8);
  const shift = firstBit % 8;
  if (bits <= 25) return (window32(bytes, at) >>> shift) & (2 ** bits - 1);
  return readWide(bytes, at, shift, bits);
}

function readWide(bytes: Uint8Array, at: number, shift: number, bits: number): number {
  let value = 0;
  let scale = 1;
  for (let left = bits; left > 0; left -= 24) {
    const take = Math.min(left, 24);
    value += ((window32(bytes, at) >>> shift) & (2 ** take - 1)) * scale;
    scale *= 0x100_0000;
    at += 3;
  }
  return value;
}

function window32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
