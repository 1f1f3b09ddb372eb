/**
 * One block: entries in key order, in one of two layouts that a file keeps to.
 *
 * Layout `strings`: each key without the bytes that it shares with the one before, and at every restart a whole key, as
 * in LevelDB's `table/block_builder.cc`. What all keys of the block share is left out; the heads of the restarts stand
 * together, so that the binary search among them stays within a cache line or two.
 *
 * ```
 * 0      flags     bit 0: restart offsets are u32 (else u16)
 * 1      width     bytes of a fixed-width integer value (1..7); 0: values are varints, byte strings or nothing
 * 2..3   restarts  u16, how many
 * 4      prefix    u8, how many bytes all keys share; then those bytes
 * ...    heads     u16 a restart: the first two bytes of its key after the prefix as a big-endian number, zeros after
 *                  the key's end
 * ...    offsets   u16 or u32 a restart: where its entry lies, from the block's start
 * ...    entries:
 *          1 byte   shared << 4 | rest     each 15 meaning "15 and the varint that follows"
 *          varint   shared - 15, if shared >= 15
 *          varint   rest - 15, if rest >= 15
 *          rest     bytes of the key after the prefix and the shared ones
 *          value    none: nothing; uint: `width` bytes, or a varint; bytes: varint length, bytes
 * ```
 *
 * Layout `fixed`, for keys that all have K = 1..12 bytes: keys are big-endian integers, kept as differences. All keys of
 * a block lie less than 2^53 above its first, so doubles hold the differences exactly.
 *
 * ```
 * 0..3   as above
 * 4      distance width w: bytes of a restart's distance from the base, 1..7
 * 5      base      K bytes, the first key
 * ...    distances w bytes a restart: its key less the base
 * ...    offsets   u16 or u32 a restart
 * ...    entries:  at a restart the value; else a varint, the key less the one before, then the value
 * ```
 *
 * Index blocks (partitions and the root) are `strings` blocks of byte strings without a prefix: the key is the shortest
 * one that separates a block from the one before it, the value three varints: offset, bytes (checksum included) and
 * ordinal. Multi-byte numbers other than heads are little endian.
 */
import { encodeVarint, varintLength } from '../bytes/varint.ts';

export const FLAG_WIDE_RESTARTS = 1;

/** Where flags, width of values and number of restarts end; then a byte of the layout's own, at `LAYOUT_BYTE`. */
export const LAYOUT_BYTE = 4;
export const BLOCK_HEADER_BYTES = 5;

/** The most bytes that the shared prefix of a block can have. */
export const MAX_PREFIX_BYTES = 255;

/** The most bytes of keys in layout `fixed`, and how far above the first key of its block a key must stay. */
export const MAX_FIXED_KEY_BYTES = 12;
export const MAX_DISTANCE = Number.MAX_SAFE_INTEGER;

/** Bytes of a restart's head. */
export const HEAD_BYTES = 2;

/** The largest value of a nibble that still stands for itself. */
export const NIBBLE_ESCAPE = 15;

/** Writes the first five bytes of a block; returns the offset after them. */
export function encodeBlockHeader(
  wide: boolean,
  width: number,
  restarts: number,
  layoutByte: number,
  out: Uint8Array,
): number {
  out[0] = wide ? FLAG_WIDE_RESTARTS : 0;
  out[1] = width;
  out[2] = restarts;
  out[3] = restarts >>> 8;
  out[LAYOUT_BYTE] = layoutByte;
  return BLOCK_HEADER_BYTES;
}

/** Writes the offsets of the restarts; returns the offset after them. */
export function encodeOffsets(offsets: readonly number[], wide: boolean, out: Uint8Array, at: number): number {
  for (const offset of offsets) {
    out[at++] = offset;
    out[at++] = offset >>> 8;
    if (wide) {
      out[at++] = offset >>> 16;
      out[at++] = offset >>> 24;
    }
  }
  return at;
}

/** Reads offset `index` of the table at `table`. */
export function decodeOffset(bytes: Uint8Array, table: number, index: number, wide: boolean): number {
  if (!wide) {
    const at = table + 2 * index;
    return bytes[at]! | (bytes[at + 1]! << 8);
  }
  const at = table + 4 * index;
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** The head of the key `key[start, end)`: its first two bytes as a number. */
export function headOf(key: Uint8Array, start: number, end: number): number {
  return ((start < end ? key[start]! : 0) << 8) | (start + 1 < end ? key[start + 1]! : 0);
}

/** Bytes of an entry's lengths. */
export function entryHeadLength(shared: number, rest: number): number {
  return (
    1 +
    (shared >= NIBBLE_ESCAPE ? varintLength(shared - NIBBLE_ESCAPE) : 0) +
    (rest >= NIBBLE_ESCAPE ? varintLength(rest - NIBBLE_ESCAPE) : 0)
  );
}

/** Writes an entry's lengths; returns the offset after them. */
export function encodeEntryHead(shared: number, rest: number, out: Uint8Array, at: number): number {
  out[at++] = (Math.min(shared, NIBBLE_ESCAPE) << 4) | Math.min(rest, NIBBLE_ESCAPE);
  if (shared >= NIBBLE_ESCAPE) at = encodeVarint(shared - NIBBLE_ESCAPE, out, at);
  if (rest >= NIBBLE_ESCAPE) at = encodeVarint(rest - NIBBLE_ESCAPE, out, at);
  return at;
}

/** Bytes of `value` as a fixed-width integer: 1..7. */
export function fixedWidthOf(value: number): number {
  let width = 1;
  while (value > 0xff) {
    value = Math.floor(value / 0x100);
    width++;
  }
  return width;
}

/** Writes `value` in `width` bytes, low bytes first; returns the offset after it. */
export function encodeFixed(value: number, width: number, out: Uint8Array, at: number): number {
  // The remainder of a double costs a call, shifts of a whole number of 31 bits next to nothing.
  const end = at + width;
  for (; value > 0x7fffffff && at < end; value = Math.floor(value / 0x100)) out[at++] = value % 0x100;
  for (let rest = value | 0; at < end; rest >>>= 8) out[at++] = rest;
  return at;
}

/** Reads a fixed-width integer of `width` bytes at `at`. */
export function decodeFixed(width: number, bytes: Uint8Array, at: number): number {
  if (width <= 3) {
    let value = bytes[at]!;
    if (width > 1) value |= bytes[at + 1]! << 8;
    if (width > 2) value |= bytes[at + 2]! << 16;
    return value;
  }
  let value = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) + bytes[at + 3]! * 0x100_0000;
  let scale = 0x1_0000_0000;
  for (let i = 4; i < width; i++) {
    value += bytes[at + i]! * scale;
    scale *= 0x100;
  }
  return value;
}

/** How many of the last bytes of a key a double takes as one integer in layout `fixed`: 48 bits. */
const LOW_KEY_BYTES = 6;

/**
 * How far the key `a[aStart, aEnd)` lies above `b[bStart, ...)`, two big-endian integers of the same 1..12 bytes. Exact
 * up to 2^53; beyond it some number above 2^53; negative when below.
 */
export function keyDistance(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number): number {
  const split = Math.max(aStart, aEnd - LOW_KEY_BYTES);
  const low = bigEndian(a, split, aEnd) - bigEndian(b, bStart + split - aStart, bStart + aEnd - aStart);
  if (split === aStart) return low;
  return (bigEndian(a, aStart, split) - bigEndian(b, bStart, bStart + split - aStart)) * 0x1_0000_0000_0000 + low;
}

function bigEndian(bytes: Uint8Array, start: number, end: number): number {
  if (end - start === LOW_KEY_BYTES) {
    const high = (bytes[start]! << 16) | (bytes[start + 1]! << 8) | bytes[start + 2]!;
    return high * 0x100_0000 + ((bytes[start + 3]! << 16) | (bytes[start + 4]! << 8) | bytes[start + 5]!);
  }
  let value = 0;
  for (let i = start; i < end; i++) value = value * 0x100 + bytes[i]!;
  return value;
}

/** Adds `distance` to the big-endian integer `key[0, keyBytes)`, in place. */
export function addDistance(key: Uint8Array, keyBytes: number, distance: number): void {
  for (let i = keyBytes - 1; i >= 0 && distance > 0; i--) {
    const sum = key[i]! + (distance % 0x100);
    key[i] = sum;
    distance = Math.floor(distance / 0x100) + (sum > 0xff ? 1 : 0);
  }
}

/** The value of an index entry. */
export function encodeHandle(offset: number, bytes: number, ordinal: number): Uint8Array {
  const out = new Uint8Array(varintLength(offset) + varintLength(bytes) + varintLength(ordinal));
  encodeVarint(ordinal, out, encodeVarint(bytes, out, encodeVarint(offset, out, 0)));
  return out;
}
