import {
  blockHeaderLength,
  encodeBlockHeader,
  encodeEntryHead,
  encodeFixed,
  entryHeadLength,
  fixedWidthOf,
} from '../../stores/blocks/block-format.ts';
import { sharedPrefixLength } from '../../stores/bytes/compare.ts';
import { encodeVarint, varintLength } from '../../stores/bytes/varint.ts';
import type { ValueKind } from '../../stores/store.ts';

/** Up to here u16 restart offsets reach. */
const NARROW_LIMIT = 0x10000;

/**
 * Gathers the entries of one block and encodes them (block-format.ts). Integers are written in a fixed width or as
 * varints, whichever is smaller for the block.
 */
export class BlockBuilder {
  readonly #valueKind: ValueKind;
  readonly #restartInterval: number;
  #keys: Uint8Array;
  #keyEnds: number[];
  #values: number[];
  #valueBytes: Uint8Array;
  #valueEnds: number[];
  #entryBytes: number;
  #varintBytes: number;
  #width: number;

  constructor(valueKind: ValueKind, restartInterval: number) {
    this.#valueKind = valueKind;
    this.#restartInterval = restartInterval;
    this.#keys = new Uint8Array(8192);
    this.#valueBytes = new Uint8Array(8192);
    this.#keyEnds = [];
    this.#values = [];
    this.#valueEnds = [];
    this.#entryBytes = 0;
    this.#varintBytes = 0;
    this.#width = 1;
  }

  get count(): number {
    return this.#keyEnds.length;
  }

  /** Bytes of the block if it were encoded with one more entry. */
  sizeWith(key: Uint8Array, start: number, end: number, value: number, valueLength: number): number {
    const restarts = Math.ceil((this.count + 1) / this.#restartInterval);
    const entries = this.#entryBytes + this.#entryLength(key, start, end);
    const size = entries + this.#valuesLength(value, valueLength) + blockHeaderLength(restarts, false);
    return size < NARROW_LIMIT ? size : size + 2 * restarts;
  }

  /** Adds an entry: `value` in a block of integers, `bytes[valueStart, valueEnd)` in one of byte strings. */
  add(
    key: Uint8Array,
    start: number,
    end: number,
    value: number,
    bytes: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    this.#entryBytes += this.#entryLength(key, start, end);
    this.#varintBytes += varintLength(this.#valueKind === 'bytes' ? valueEnd - valueStart : value);
    this.#keys = append(this.#keys, this.#lastEnd(this.#keyEnds), key, start, end);
    this.#keyEnds.push(this.#lastEnd(this.#keyEnds) + end - start);
    if (this.#valueKind === 'bytes') {
      this.#entryBytes += valueEnd - valueStart;
      this.#valueBytes = append(this.#valueBytes, this.#lastEnd(this.#valueEnds), bytes, valueStart, valueEnd);
      this.#valueEnds.push(this.#lastEnd(this.#valueEnds) + valueEnd - valueStart);
    } else {
      this.#values.push(value);
      this.#width = Math.max(this.#width, fixedWidthOf(value));
    }
  }

  /** The block's bytes, with `spareBytes` left free after them; the builder is empty again. */
  finish(spareBytes: number): Uint8Array {
    const { count } = this;
    const restartCount = Math.ceil(count / this.#restartInterval);
    const fixed = this.#valueKind === 'uint' && count * this.#width <= this.#varintBytes;
    const valueSize = this.#valueKind === 'none' ? 0 : fixed ? count * this.#width : this.#varintBytes;
    const content = this.#entryBytes + valueSize;
    const wide = content + blockHeaderLength(restartCount, false) >= NARROW_LIMIT;
    const headerBytes = blockHeaderLength(restartCount, wide);
    const out = new Uint8Array(headerBytes + content + spareBytes);
    const restarts: number[] = [];
    let at = headerBytes;
    for (let i = 0; i < count; i++) {
      if (i % this.#restartInterval === 0) restarts.push(at);
      at = this.#encodeEntry(i, fixed, out, at);
    }
    encodeBlockHeader(fixed ? this.#width : 0, restarts, wide, out, 0);
    this.#reset();
    return out;
  }

  #encodeEntry(index: number, fixed: boolean, out: Uint8Array, at: number): number {
    const start = index === 0 ? 0 : this.#keyEnds[index - 1]!;
    const end = this.#keyEnds[index]!;
    let shared = 0;
    if (index % this.#restartInterval !== 0) {
      const before = index === 1 ? 0 : this.#keyEnds[index - 2]!;
      shared = sharedPrefixLength(this.#keys, before, start, this.#keys, start, end);
    }
    at = encodeEntryHead(shared, end - start - shared, out, at);
    out.set(this.#keys.subarray(start + shared, end), at);
    at += end - start - shared;
    if (this.#valueKind === 'none') return at;
    if (this.#valueKind === 'uint') {
      const value = this.#values[index]!;
      return fixed ? encodeFixed(value, this.#width, out, at) : encodeVarint(value, out, at);
    }
    const valueStart = index === 0 ? 0 : this.#valueEnds[index - 1]!;
    const valueEnd = this.#valueEnds[index]!;
    at = encodeVarint(valueEnd - valueStart, out, at);
    out.set(this.#valueBytes.subarray(valueStart, valueEnd), at);
    return at + valueEnd - valueStart;
  }

  #entryLength(key: Uint8Array, start: number, end: number): number {
    let shared = 0;
    if (this.count % this.#restartInterval !== 0) {
      const before = this.count === 1 ? 0 : this.#keyEnds[this.count - 2]!;
      shared = sharedPrefixLength(this.#keys, before, this.#lastEnd(this.#keyEnds), key, start, end);
    }
    const rest = end - start - shared;
    return entryHeadLength(shared, rest) + rest;
  }

  #valuesLength(value: number, valueLength: number): number {
    if (this.#valueKind === 'none') return 0;
    if (this.#valueKind === 'bytes') return this.#varintBytes + varintLength(valueLength) + valueLength;
    const fixed = (this.count + 1) * Math.max(this.#width, fixedWidthOf(value));
    return Math.min(fixed, this.#varintBytes + varintLength(value));
  }

  #lastEnd(ends: readonly number[]): number {
    return ends.length === 0 ? 0 : ends[ends.length - 1]!;
  }

  #reset(): void {
    this.#keyEnds = [];
    this.#values = [];
    this.#valueEnds = [];
    this.#entryBytes = 0;
    this.#varintBytes = 0;
    this.#width = 1;
  }
}

function append(to: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number): Uint8Array {
  let target = to;
  if (at + end - start > to.length) {
    target = new Uint8Array(2 * (at + end - start));
    target.set(to.subarray(0, at));
  }
  target.set(bytes.subarray(start, end), at);
  return target;
}
