import { VarintReader } from '../bytes/varint.ts';
import { BytesRef, type ValueKind } from '../store.ts';
import {
  addDistance,
  BLOCK_HEADER_BYTES,
  decodeFixed,
  decodeOffset,
  FLAG_WIDE_RESTARTS,
  HEAD_BYTES,
  LAYOUT_BYTE,
  NIBBLE_ESCAPE,
} from './block-format.ts';
import { MAX_KEY_BYTES } from './format.ts';

/**
 * Walks all entries of one block in order, putting each key together. Checks every length against the block's end: a
 * block that passed its checksum and fails here was written wrongly.
 */
export class BlockWalker {
  readonly key: BytesRef;
  readonly valueBytes: BytesRef;
  /** The integer; 1 in a set, 0 in a block of byte strings. */
  value: number;
  readonly #valueKind: ValueKind;
  /** Bytes of every key in layout `fixed`; 0 for layout `strings`. */
  readonly #keyBytes: number;
  readonly #varint: VarintReader;
  #bytes: Uint8Array;
  #at: number;
  #end: number;
  #width: number;
  /** Layout `strings`: bytes that all keys share. Layout `fixed`: which restart is next, how many, and their offsets. */
  #prefix: number;
  #restart: number;
  #restarts: number;
  #offsets: number;
  #start: number;

  /** @param keyBytes bytes of every key in layout `fixed`, 0 for layout `strings` */
  constructor(valueKind: ValueKind, keyBytes: number) {
    this.key = new BytesRef();
    this.key.bytes = new Uint8Array(256);
    this.valueBytes = new BytesRef();
    this.value = 0;
    this.#valueKind = valueKind;
    this.#keyBytes = keyBytes;
    this.#varint = new VarintReader();
    this.#bytes = this.key.bytes;
    this.#at = 0;
    this.#end = 0;
    this.#width = 0;
    this.#prefix = 0;
    this.#restart = 0;
    this.#restarts = 0;
    this.#offsets = 0;
    this.#start = 0;
  }

  /** Stands before the first entry of the block `bytes[start, end)`. */
  reset(bytes: Uint8Array, start: number, end: number): void {
    const layoutByte = bytes[start + LAYOUT_BYTE]!;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#width = bytes[start + 1]!;
    this.#restart = 0;
    this.#restarts = bytes[start + 2]! | (bytes[start + 3]! << 8);
    const fixed = this.#keyBytes > 0;
    const shared = fixed ? this.#keyBytes : layoutByte;
    this.#offsets = start + BLOCK_HEADER_BYTES + shared + this.#restarts * (fixed ? layoutByte : HEAD_BYTES);
    this.#at = this.#restarts === 0 ? end : this.#restartAt(0);
    this.#prefix = fixed ? 0 : layoutByte;
    this.key.bytes.set(bytes.subarray(start + BLOCK_HEADER_BYTES, start + BLOCK_HEADER_BYTES + shared));
    this.key.end = shared;
  }

  /**
   * Moves to the next entry: 1, or 0 at the block's end, or -1 when the bytes make no sense.
   */
  next(): number {
    const fixed = this.#keyBytes > 0;
    const more = this.#at < this.#end || (fixed && this.#restart < this.#restarts);
    if (!more) return this.#at === this.#end ? 0 : -1;
    const read = fixed ? this.#nextFixed() : this.#nextString();
    return read && this.#readValue() ? 1 : -1;
  }

  #nextString(): boolean {
    const bytes = this.#bytes;
    const head = bytes[this.#at++]!;
    const shared = this.#length(head >> 4);
    const rest = this.#length(head & NIBBLE_ESCAPE);
    if (shared < 0 || rest < 0) return false;
    const from = this.#prefix + shared;
    if (from > this.key.end || from + rest > MAX_KEY_BYTES || this.#at + rest > this.#end) return false;
    this.#reserve(from + rest);
    this.key.bytes.set(bytes.subarray(this.#at, this.#at + rest), from);
    this.key.end = from + rest;
    this.#at += rest;
    return true;
  }

  #nextFixed(): boolean {
    if (this.#restart < this.#restarts && this.#at === this.#restartAt(this.#restart)) {
      const width = this.#bytes[this.#start + LAYOUT_BYTE]!;
      const base = this.#start + BLOCK_HEADER_BYTES;
      const distance = decodeFixed(width, this.#bytes, base + this.#keyBytes + width * this.#restart);
      this.key.bytes.set(this.#bytes.subarray(base, base + this.#keyBytes));
      addDistance(this.key.bytes, this.#keyBytes, distance);
      this.#restart++;
      return true;
    }
    const step = this.#varint.read(this.#bytes, this.#at, this.#end);
    if (step <= 0) return false;
    this.#at = this.#varint.offset;
    addDistance(this.key.bytes, this.#keyBytes, step);
    return true;
  }

  #restartAt(index: number): number {
    const wide = (this.#bytes[this.#start]! & FLAG_WIDE_RESTARTS) !== 0;
    return this.#start + decodeOffset(this.#bytes, this.#offsets, index, wide);
  }

  #length(nibble: number): number {
    if (nibble !== NIBBLE_ESCAPE) return nibble;
    const more = this.#varint.read(this.#bytes, this.#at, this.#end);
    if (more < 0) return -1;
    this.#at = this.#varint.offset;
    return NIBBLE_ESCAPE + more;
  }

  #readValue(): boolean {
    if (this.#valueKind === 'none') {
      this.value = 1;
      return true;
    }
    if (this.#valueKind === 'uint' && this.#width > 0) {
      if (this.#at + this.#width > this.#end) return false;
      this.value = decodeFixed(this.#width, this.#bytes, this.#at);
      this.#at += this.#width;
      return this.value <= Number.MAX_SAFE_INTEGER;
    }
    const number = this.#varint.read(this.#bytes, this.#at, this.#end);
    if (number < 0) return false;
    this.#at = this.#varint.offset;
    if (this.#valueKind === 'uint') {
      this.value = number;
      return true;
    }
    if (this.#at + number > this.#end) return false;
    this.valueBytes.bytes = this.#bytes;
    this.valueBytes.start = this.#at;
    this.valueBytes.end = this.#at + number;
    this.#at += number;
    return true;
  }

  #reserve(length: number): void {
    if (length <= this.key.bytes.length) return;
    const larger = new Uint8Array(2 * length);
    larger.set(this.key.bytes);
    this.key.bytes = larger;
  }
}
