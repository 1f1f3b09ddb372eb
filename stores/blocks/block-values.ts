import { VarintReader } from '../bytes/varint.ts';
import type { ValueKind } from '../store.ts';
import { decodeFixed } from './block-format.ts';

const NONE = 0;
const UINT = 1;

/**
 * Reads and steps over the values in a block (block-format.ts).
 *
 * Hot path: small methods that V8 inlines into the searches.
 */
export class BlockValues {
  /** Set by `read` in a block of byte strings, and by `bytesAt`: the value is `bytes[start, end)` of the block. */
  start: number;
  end: number;
  readonly #mode: number;
  readonly #varint: VarintReader;

  constructor(valueKind: ValueKind) {
    this.start = 0;
    this.end = 0;
    this.#mode = valueKind === 'none' ? NONE : valueKind === 'uint' ? UINT : 2;
    this.#varint = new VarintReader();
  }

  /** The value at `at`: the integer, 1 in a set, the length of a byte string. */
  read(bytes: Uint8Array, at: number, end: number, width: number): number {
    if (this.#mode === NONE) return 1;
    if (this.#mode === UINT) {
      if (width === 1) return bytes[at]!;
      return width === 0 ? this.#varint.read(bytes, at, end) : decodeFixed(width, bytes, at);
    }
    const length = this.#varint.read(bytes, at, end);
    this.start = this.#varint.offset;
    this.end = this.start + length;
    return length;
  }

  /** The offset after the value at `at`. */
  skip(bytes: Uint8Array, at: number, end: number, width: number): number {
    if (this.#mode === NONE) return at;
    if (this.#mode === UINT) {
      if (width !== 0) return at + width;
      while (bytes[at]! >= 0x80) at++;
      return at + 1;
    }
    const first = bytes[at]!;
    if (first < 0x80) return at + 1 + first;
    const length = this.#varint.read(bytes, at, end);
    return this.#varint.offset + length;
  }
}
