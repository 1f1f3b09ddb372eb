import { VarintReader } from '../bytes/varint.ts';
import { BytesRef, type ValueKind } from '../store.ts';
import { BLOCK_HEADER_BYTES, decodeFixed, FLAG_WIDE_RESTARTS, NIBBLE_ESCAPE } from './block-format.ts';
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
  readonly #varint: VarintReader;
  #bytes: Uint8Array;
  #at: number;
  #end: number;
  #width: number;

  constructor(valueKind: ValueKind) {
    this.key = new BytesRef();
    this.key.bytes = new Uint8Array(256);
    this.valueBytes = new BytesRef();
    this.value = 0;
    this.#valueKind = valueKind;
    this.#varint = new VarintReader();
    this.#bytes = this.key.bytes;
    this.#at = 0;
    this.#end = 0;
    this.#width = 0;
  }

  /** Stands before the first entry of the block `bytes[start, end)`. */
  reset(bytes: Uint8Array, start: number, end: number): void {
    const restarts = bytes[start + 2]! | (bytes[start + 3]! << 8);
    const wide = (bytes[start]! & FLAG_WIDE_RESTARTS) !== 0;
    this.#bytes = bytes;
    this.#at = start + BLOCK_HEADER_BYTES + restarts * (wide ? 4 : 2);
    this.#end = end;
    this.#width = bytes[start + 1]!;
    this.key.end = 0;
  }

  /**
   * Moves to the next entry: 1, or 0 at the block's end, or -1 when the bytes make no sense.
   */
  next(): number {
    const bytes = this.#bytes;
    if (this.#at >= this.#end) return this.#at === this.#end ? 0 : -1;
    const head = bytes[this.#at++]!;
    const shared = this.#length(head >> 4);
    const rest = this.#length(head & NIBBLE_ESCAPE);
    if (shared < 0 || rest < 0 || shared > this.key.end || shared + rest > MAX_KEY_BYTES) return -1;
    if (this.#at + rest > this.#end) return -1;
    this.#reserve(shared + rest);
    this.key.bytes.set(bytes.subarray(this.#at, this.#at + rest), shared);
    this.key.end = shared + rest;
    this.#at += rest;
    return this.#readValue() ? 1 : -1;
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
