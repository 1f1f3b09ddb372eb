import { sharedPrefixLength } from '../../stores/bytes/compare.ts';
import { copyBytes } from '../../stores/bytes/copy.ts';

/** Byte strings laid end to end in one buffer that grows and is used again. */
export class ByteList {
  #bytes: Uint8Array;
  #ends: number[];

  constructor() {
    this.#bytes = new Uint8Array(8192);
    this.#ends = [0];
  }

  get count(): number {
    return this.#ends.length - 1;
  }

  get byteLength(): number {
    return this.#ends[this.count]!;
  }

  /** The buffer that all lie in, and where string `index` starts in it: valid until the next `add`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  startOf(index: number): number {
    return this.#ends[index]!;
  }

  endOf(index: number): number {
    return this.#ends[index + 1]!;
  }

  lengthOf(index: number): number {
    return this.#ends[index + 1]! - this.#ends[index]!;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    const at = this.byteLength;
    const after = at + end - start;
    if (after > this.#bytes.length) {
      const larger = new Uint8Array(2 * after);
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
    }
    copyBytes(bytes, start, end, this.#bytes, at);
    this.#ends.push(after);
  }

  /** How many leading bytes string `index` shares with `bytes[start, end)`. */
  sharedWith(index: number, bytes: Uint8Array, start: number, end: number): number {
    return sharedPrefixLength(this.#bytes, this.startOf(index), this.endOf(index), bytes, start, end);
  }

  /** Copies string `index` from its byte `skip` on to `out` and returns the offset after it. */
  copy(index: number, skip: number, out: Uint8Array, at: number): number {
    return copyBytes(this.#bytes, this.startOf(index) + skip, this.endOf(index), out, at);
  }

  clear(): void {
    this.#ends = [0];
  }
}
