import { KeyHash } from '../../stores/filters/hash.ts';

/** Hashes a chunk: 1 Mi of 8 bytes. */
const CHUNK = 1 << 20;

/** Gathers the 64-bit hashes of keys, eight bytes a key, for a filter that can only be sized when all are known. */
export class HashList {
  readonly #chunks: Int32Array[];
  readonly #hash: KeyHash;
  #count: number;

  constructor() {
    this.#chunks = [];
    this.#hash = new KeyHash();
    this.#count = 0;
  }

  get count(): number {
    return this.#count;
  }

  add(key: Uint8Array, start: number, end: number): void {
    const index = this.#count % CHUNK;
    if (index === 0) this.#chunks.push(new Int32Array(2 * CHUNK));
    const chunk = this.#chunks[this.#chunks.length - 1]!;
    this.#hash.update(key, start, end);
    chunk[2 * index] = this.#hash.hi;
    chunk[2 * index + 1] = this.#hash.lo;
    this.#count++;
  }

  /** Calls `visit` with the halves of each hash, in the order of the keys. */
  forEach(visit: (hi: number, lo: number) => void): void {
    for (let i = 0; i < this.#count; i++) {
      const chunk = this.#chunks[Math.floor(i / CHUNK)]!;
      const index = i % CHUNK;
      visit(chunk[2 * index]!, chunk[2 * index + 1]!);
    }
  }
}
