/**
 * The unsigned integers of a file by ordinal, in the fewest bits that still allow to read any one at once. Counts are
 * skewed: in n-grams most are 1. So up to four levels take the most frequent value out, where that saves:
 *
 *     1            number of levels, 0..4
 *     1            bits of a packed value, 0..53
 *     16 a level   its frequent value (8), how many entries go on to the next level (8)
 *     levels       for each 224 entries 32 bytes: how many entries of the level before them go on (4), then a bit each:
 *                  whether it goes on, low bits first
 *     packed       the entries that are left, as in `packed.ts`
 *
 * Entry i of a level that goes on is entry rank(i) of the next one. One level costs one more cache line to read.
 */

import { popcount, readUint } from './node-codes.ts';
import { bitsFor, packedBytes, packIntegers, readPacked } from './packed.ts';

const MOST_LEVELS = 4;
const LINE_BYTES = 32;
const LINE_ENTRIES = 8 * (LINE_BYTES - 4);
const HEAD_BYTES = 2;
const LEVEL_HEAD_BYTES = 16;
/** A level must make the values at least so much smaller: it makes them slower to read. */
const WORTHWHILE = 0.9;
/** With more different values than these no one of them is frequent. */
const MOST_DISTINCT = 1 << 16;

/** Unsigned integers up to 2^53-1, in whichever array holds them. */
export type Integers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** The section's bytes for the first `count` values. Allocates, also a copy of those that are not frequent. */
export function encodeValues(count: number, values: Integers): Uint8Array {
  let left = values.subarray(0, count);
  const levels: { value: number; lines: Uint8Array; goOn: number }[] = [];
  let bits = bitsFor(largestOf(left));
  while (levels.length < MOST_LEVELS) {
    const frequent = mostFrequent(left);
    if (frequent === undefined) break;
    const rest = without(left, frequent.value, left.length - frequent.count);
    const restBits = bitsFor(largestOf(rest));
    const saved = lineBytes(left.length) + packedBytes(rest.length, restBits) + LEVEL_HEAD_BYTES;
    if (saved > WORTHWHILE * packedBytes(left.length, bits)) break;
    levels.push({ value: frequent.value, lines: encodeLines(left, frequent.value), goOn: rest.length });
    left = rest;
    bits = restBits;
  }
  const packed = packIntegers(left.length, bits, (i) => left[i]!);
  const linesBytes = levels.reduce((sum, level) => sum + level.lines.length, 0);
  const headBytes = HEAD_BYTES + LEVEL_HEAD_BYTES * levels.length;
  const out = new Uint8Array(headBytes + linesBytes + packed.length);
  const view = new DataView(out.buffer);
  out[0] = levels.length;
  out[1] = bits;
  let at = headBytes;
  levels.forEach(({ value, lines, goOn }, i) => {
    setUint64(view, HEAD_BYTES + LEVEL_HEAD_BYTES * i, value);
    setUint64(view, HEAD_BYTES + LEVEL_HEAD_BYTES * i + 8, goOn);
    out.set(lines, at);
    at += lines.length;
  });
  out.set(packed, at);
  return out;
}

/** Reads values where they lie. */
export class ValueReader {
  readonly #bytes: Uint8Array;
  readonly #levelCount: number;
  readonly #bits: number;
  /** For each level its frequent value, where its lines begin. */
  readonly #frequent: Float64Array;
  readonly #lines: Float64Array;
  readonly #packed: number;
  /** Whether the section is as long as its head says. */
  readonly whole: boolean;

  /** Values of the section `bytes[start, start + length)`, for `count` keys. */
  constructor(bytes: Uint8Array, start: number, length: number, count: number) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const levels = length >= HEAD_BYTES ? bytes[start]! : 0;
    const fits = levels <= MOST_LEVELS && length >= HEAD_BYTES + LEVEL_HEAD_BYTES * levels;
    this.#bytes = bytes;
    this.#levelCount = fits ? levels : 0;
    this.#bits = length >= HEAD_BYTES ? bytes[start + 1]! : 0;
    this.#frequent = new Float64Array(this.#levelCount);
    this.#lines = new Float64Array(this.#levelCount);
    let left = count;
    let at = start + HEAD_BYTES + LEVEL_HEAD_BYTES * this.#levelCount;
    for (let i = 0; i < this.#levelCount; i++) {
      const head = start + HEAD_BYTES + LEVEL_HEAD_BYTES * i;
      this.#frequent[i] = getUint64(view, head);
      this.#lines[i] = at;
      at += lineBytes(left);
      left = Math.min(left, getUint64(view, head + 8));
    }
    this.#packed = at;
    this.whole = fits && this.#bits <= 53 && at + packedBytes(left, this.#bits) === start + length;
  }

  /** Levels and bits of a packed value, for `inspect`. */
  get shape(): { levels: number; bits: number } {
    return { levels: this.#levelCount, bits: this.#bits };
  }

  /** The value with the given ordinal. Allocates nothing. */
  at(ordinal: number): number {
    const bytes = this.#bytes;
    let index = ordinal;
    for (let level = 0; level < this.#levelCount; level++) {
      const line = this.#lines[level]! + LINE_BYTES * Math.floor(index / LINE_ENTRIES);
      const bit = index % LINE_ENTRIES;
      const word = line + 4 + 4 * (bit >> 5);
      const last = readUint(bytes, word, 4);
      if (((last >>> (bit & 31)) & 1) === 0) return this.#frequent[level]!;
      index = readUint(bytes, line, 4);
      for (let at = line + 4; at < word; at += 4) index += popcount(readUint(bytes, at, 4));
      index += popcount(last & ((1 << (bit & 31)) - 1));
    }
    return readPacked(bytes, this.#packed, this.#bits, index);
  }
}

function lineBytes(entries: number): number {
  return LINE_BYTES * Math.ceil(entries / LINE_ENTRIES);
}

/** The values other than `frequent`, of which there are `count`. */
function without(values: Integers, frequent: number, count: number): Integers {
  const rest = values.slice(0, count);
  let length = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== frequent) rest[length++] = value;
  }
  return rest;
}

function encodeLines(values: Integers, frequent: number): Uint8Array {
  const lines = new Uint8Array(lineBytes(values.length));
  const view = new DataView(lines.buffer);
  let goOn = 0;
  for (let first = 0, line = 0; first < values.length; first += LINE_ENTRIES, line += LINE_BYTES) {
    view.setUint32(line, goOn, true);
    const entries = Math.min(LINE_ENTRIES, values.length - first);
    for (let bit = 0; bit < entries; bit++) {
      if (values[first + bit] === frequent) continue;
      lines[line + 4 + (bit >> 3)]! |= 1 << (bit & 7);
      goOn++;
    }
  }
  return lines;
}

/** The value that comes most often, the smallest of several; undefined where there are none, or too many different ones. */
function mostFrequent(values: Integers): { value: number; count: number } | undefined {
  if (values.length === 0) return undefined;
  if (largestOf(values) < MOST_DISTINCT) {
    const histogram = new Uint32Array(MOST_DISTINCT);
    for (let i = 0; i < values.length; i++) histogram[values[i]!]!++;
    const count = largestOf(histogram);
    return { value: histogram.indexOf(count), count };
  }
  const counts = new Map<number, number>();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size > MOST_DISTINCT) return undefined;
  }
  let best = { value: 0, count: 0 };
  for (const [value, count] of counts) {
    if (count > best.count || (count === best.count && value < best.value)) best = { value, count };
  }
  return best;
}

function largestOf(values: Integers): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > largest) largest = values[i]!;
  return largest;
}

function setUint64(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value % 0x1_0000_0000, true);
  view.setUint32(offset + 4, Math.floor(value / 0x1_0000_0000), true);
}

function getUint64(view: DataView, offset: number): number {
  return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 0x1_0000_0000;
}
