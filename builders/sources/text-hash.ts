import { writeUtf8 } from '../../stores/bytes/utf8.ts';
import { KeyHash } from '../../stores/filters/hash.ts';

/** Numbers texts by 53 bits of their hash: of ten million different texts two are alike with odds of one in 180. */
export class TextHash {
  readonly #hash: KeyHash;
  #scratch: Uint8Array;

  constructor() {
    this.#hash = new KeyHash();
    this.#scratch = new Uint8Array(256);
  }

  /** A whole number in 0..2^53-1. */
  of(text: string): number {
    if (this.#scratch.length < 3 * text.length) this.#scratch = new Uint8Array(6 * text.length);
    this.#hash.update(this.#scratch, 0, writeUtf8(text, this.#scratch, 0));
    return (this.#hash.hi >>> 11) * 2 ** 32 + (this.#hash.lo >>> 0);
  }
}
