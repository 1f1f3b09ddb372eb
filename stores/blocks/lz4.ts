/**
 * Decompresses the LZ4 block format (lz4_Block_format.md of the reference implementation):
 *
 * ```
 * sequence*  token u8: literal count << 4 | match length - 4, each 15 meaning "and more": bytes to add, the last < 255
 *            literals, offset u16 back from here, match
 * ```
 *
 * The last sequence is literals alone. Here rather than from a native package: a 4 KiB block takes a few microseconds,
 * goes straight into its cache slot, and nothing has to be installed per platform.
 */

const MIN_MATCH = 4;
const MORE = 15;

/**
 * Decompresses `from[start, end)` to `into[at, limit)`.
 *
 * @returns the offset after the last byte written, or -1 when the bytes are malformed or do not fit
 */
export function decodeLz4(
  from: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
  limit: number,
): number {
  const origin = at;
  while (start < end) {
    const token = from[start++]!;
    let literals = token >> 4;
    if (literals === MORE) {
      let more: number;
      do {
        if (start >= end) return -1;
        more = from[start++]!;
        literals += more;
      } while (more === 255);
    }
    if (start + literals > end || at + literals > limit) return -1;
    for (const stop = start + literals; start < stop; ) into[at++] = from[start++]!;
    if (start === end) return at;

    if (start + 2 > end) return -1;
    const offset = from[start]! | (from[start + 1]! << 8);
    start += 2;
    let length = token & MORE;
    if (length === MORE) {
      let more: number;
      do {
        if (start >= end) return -1;
        more = from[start++]!;
        length += more;
      } while (more === 255);
    }
    length += MIN_MATCH;
    if (offset === 0 || at - offset < origin || at + length > limit) return -1;
    // Byte by byte: a match may overlap what it writes.
    for (const stop = at + length; at < stop; at++) into[at] = into[at - offset]!;
  }
  return -1;
}
