import { encodeFixed, fixedWidthOf } from '../../stores/blocks/block-format.ts';
import { encodeVarint, varintLength } from '../../stores/bytes/varint.ts';
import type { ValueKind } from '../../stores/store.ts';
import { ByteList } from './byte-list.ts';

/** The values of the block being gathered: integers get a fixed width or varints, whichever is smaller for the block. */
export class ValueColumn {
  readonly #valueKind: ValueKind;
  readonly #bytes: ByteList;
  #numbers: number[];
  #varintBytes: number;
  #width: number;

  constructor(valueKind: ValueKind) {
    this.#valueKind = valueKind;
    this.#bytes = new ByteList();
    this.#numbers = [];
    this.#varintBytes = 0;
    this.#width = 1;
  }

  /** Bytes of one fixed-width value of the block as it is, 0 when varints or byte strings take less. */
  get width(): number {
    if (this.#valueKind !== 'uint') return 0;
    return this.#numbers.length * this.#width <= this.#varintBytes ? this.#width : 0;
  }

  /** Bytes of all values in the block. */
  get byteLength(): number {
    if (this.#valueKind === 'none') return 0;
    if (this.#valueKind === 'bytes') return this.#varintBytes + this.#bytes.byteLength;
    return Math.min(this.#numbers.length * this.#width, this.#varintBytes);
  }

  /** Bytes of all values with one more: the integer `value`, or a byte string of `length`. */
  lengthWith(value: number, length: number): number {
    if (this.#valueKind === 'none') return 0;
    if (this.#valueKind === 'bytes') return this.byteLength + varintLength(length) + length;
    const fixed = (this.#numbers.length + 1) * Math.max(this.#width, fixedWidthOf(value));
    return Math.min(fixed, this.#varintBytes + varintLength(value));
  }

  add(value: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#valueKind === 'bytes') {
      this.#bytes.add(bytes, start, end);
      this.#varintBytes += varintLength(end - start);
    } else if (this.#valueKind === 'uint') {
      this.#numbers.push(value);
      this.#varintBytes += varintLength(value);
      this.#width = Math.max(this.#width, fixedWidthOf(value));
    }
  }

  /** Writes value `index` and returns the offset after it. */
  encode(index: number, width: number, out: Uint8Array, at: number): number {
    if (this.#valueKind === 'none') return at;
    if (this.#valueKind === 'uint') {
      const value = this.#numbers[index]!;
      return width > 0 ? encodeFixed(value, width, out, at) : encodeVarint(value, out, at);
    }
    at = encodeVarint(this.#bytes.lengthOf(index), out, at);
    return this.#bytes.copy(index, 0, out, at);
  }

  clear(): void {
    this.#bytes.clear();
    this.#numbers = [];
    this.#varintBytes = 0;
    this.#width = 1;
  }
}
