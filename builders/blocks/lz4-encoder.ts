/** Compresses to the LZ4 block format (stores/blocks/lz4.ts), greedily, with one candidate for each hash. */

const MIN_MATCH = 4;
const MORE = 15;
const MAX_OFFSET = 0xffff;

/** The format wants the last five bytes to be literals and no match to start in the last twelve. */
const LAST_LITERALS = 5;
const LAST_MATCH = 12;

const HASH_BITS = 13;

/** Most bytes that `length` bytes can take. */
function boundOf(length: number): number {
  return length + Math.ceil(length / 255) + 16;
}

/** The compressed form of `bytes[0, end)`. */
export function encodeLz4(bytes: Uint8Array, end: number): Uint8Array {
  const out = new Uint8Array(boundOf(end));
  const seen = new Int32Array(1 << HASH_BITS).fill(-1);
  let at = 0;
  let anchor = 0;
  for (let i = 0; i < end - LAST_MATCH; ) {
    const hash = hashAt(bytes, i);
    const candidate = seen[hash]!;
    seen[hash] = i;
    if (candidate < 0 || i - candidate > MAX_OFFSET || !sameFour(bytes, candidate, i)) {
      i++;
      continue;
    }
    let length = MIN_MATCH;
    while (i + length < end - LAST_LITERALS && bytes[candidate + length] === bytes[i + length]) length++;
    at = writeSequence(bytes, anchor, i, length, i - candidate, out, at);
    i += length;
    anchor = i;
  }
  at = writeSequence(bytes, anchor, end, 0, 0, out, at);
  return out.subarray(0, at);
}

/** Writes literals `bytes[from, to)` and a match; `matchLength` 0 for none. */
function writeSequence(
  bytes: Uint8Array,
  from: number,
  to: number,
  matchLength: number,
  offset: number,
  out: Uint8Array,
  at: number,
): number {
  const literals = to - from;
  const match = matchLength === 0 ? 0 : matchLength - MIN_MATCH;
  out[at++] = (Math.min(literals, MORE) << 4) | Math.min(match, MORE);
  if (literals >= MORE) at = writeMore(literals - MORE, out, at);
  out.set(bytes.subarray(from, to), at);
  at += literals;
  if (matchLength === 0) return at;
  out[at++] = offset;
  out[at++] = offset >>> 8;
  return match >= MORE ? writeMore(match - MORE, out, at) : at;
}

function writeMore(rest: number, out: Uint8Array, at: number): number {
  for (; rest >= 255; rest -= 255) out[at++] = 255;
  out[at++] = rest;
  return at;
}

function hashAt(bytes: Uint8Array, i: number): number {
  const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
  return Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
}

function sameFour(bytes: Uint8Array, a: number, b: number): boolean {
  return (
    bytes[a] === bytes[b] &&
    bytes[a + 1] === bytes[b + 1] &&
    bytes[a + 2] === bytes[b + 2] &&
    bytes[a + 3] === bytes[b + 3]
  );
}
