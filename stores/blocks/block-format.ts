/**
 * One block: entries in key order, each key without the bytes that it shares with the one before, and at every restart
 * a whole key. As LevelDB's `table/block_builder.cc`, but for the nibbles and the restarts standing first.
 *
 * ```
 * 0      flags     bit 0: restart offsets are u32 (else u16)
 * 1      width     bytes of a fixed-width integer value (1..7); 0: values are varints, byte strings or nothing
 * 2..3   restarts  u16, how many
 * 4      offset of each restart entry from the block's start, u16 or u32
 * ...    entries:
 *          1 byte   shared << 4 | rest     each 15 meaning "15 and the varint that follows"
 *          varint   shared - 15, if shared >= 15
 *          varint   rest - 15, if rest >= 15
 *          rest     bytes of the key after the shared ones
 *          value    none: nothing; uint: `width` bytes little endian, or a varint; bytes: varint length, bytes
 * ```
 *
 * Index blocks (partitions and the root) are such blocks of byte strings: the key is the shortest one that separates a
 * block from the one before it, the value three varints: offset, bytes (checksum included) and ordinal.
 */
import { encodeVarint, varintLength } from '../bytes/varint.ts';

export const BLOCK_HEADER_BYTES = 4;
export const FLAG_WIDE_RESTARTS = 1;

/** The largest value of a nibble that still stands for itself. */
export const NIBBLE_ESCAPE = 15;

/** The widest fixed-width value: 2^53 - 1 takes seven bytes. */
export const MAX_VALUE_WIDTH = 7;

/** Writes a block's header and its restart offsets (relative to the block's start); returns the offset after them. */
export function encodeBlockHeader(
  width: number,
  restarts: readonly number[],
  wide: boolean,
  out: Uint8Array,
  at: number,
): number {
  out[at] = wide ? FLAG_WIDE_RESTARTS : 0;
  out[at + 1] = width;
  out[at + 2] = restarts.length;
  out[at + 3] = restarts.length >>> 8;
  at += BLOCK_HEADER_BYTES;
  for (const restart of restarts) {
    out[at++] = restart;
    out[at++] = restart >>> 8;
    if (wide) {
      out[at++] = restart >>> 16;
      out[at++] = restart >>> 24;
    }
  }
  return at;
}

/** Bytes of a block's header with `restarts` restarts. */
export function blockHeaderLength(restarts: number, wide: boolean): number {
  return BLOCK_HEADER_BYTES + restarts * (wide ? 4 : 2);
}

/** Bytes of an entry's head: its two lengths. */
export function entryHeadLength(shared: number, rest: number): number {
  return (
    1 +
    (shared >= NIBBLE_ESCAPE ? varintLength(shared - NIBBLE_ESCAPE) : 0) +
    (rest >= NIBBLE_ESCAPE ? varintLength(rest - NIBBLE_ESCAPE) : 0)
  );
}

/** Writes an entry's head; returns the offset after it. */
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
  for (let i = 0; i < width; i++) {
    out[at++] = value % 0x100;
    value = Math.floor(value / 0x100);
  }
  return at;
}

/** Reads a fixed-width integer of `width` bytes at `at`. */
export function decodeFixed(width: number, bytes: Uint8Array, at: number): number {
  let value = bytes[at]!;
  let scale = 0x100;
  for (let i = 1; i < width; i++) {
    value += bytes[at + i]! * scale;
    scale *= 0x100;
  }
  return value;
}

/** The value of an index entry. */
export function encodeHandle(offset: number, bytes: number, ordinal: number): Uint8Array {
  const out = new Uint8Array(varintLength(offset) + varintLength(bytes) + varintLength(ordinal));
  encodeVarint(ordinal, out, encodeVarint(bytes, out, encodeVarint(offset, out, 0)));
  return out;
}
