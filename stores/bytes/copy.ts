/** Bytes from which the native copy, which has to make a view first, wins over a loop. */
const NATIVE_FROM = 40;

/** Copies `from[start, end)` to `to` at `at`, where there must be room, and returns the offset after it. Allocates nothing for short ones. */
export function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  if (end - start > NATIVE_FROM) {
    to.set(from.subarray(start, end), at);
    return at + end - start;
  }
  while (start < end) to[at++] = from[start++]!;
  return at;
}
