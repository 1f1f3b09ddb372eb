/**
 * The cache's second level: compressed blocks as they stand in their files, in a ring. The newest overwrites the oldest,
 * so its bytes are exactly what it was given and nothing has to be kept in order.
 */
export class StoredLevel {
  readonly capacityBytes: number;
  readonly #ring: Uint8Array;
  /** Where each block id begins, counted from the first byte ever written; -1 for none. */
  #begins: Float64Array;
  #lengths: Uint32Array;
  /** Bytes written since the start, gaps at the ring's end included. */
  #written: number;

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes;
    this.#ring = new Uint8Array(capacityBytes);
    this.#begins = new Float64Array(0);
    this.#lengths = new Uint32Array(0);
    this.#written = 0;
  }

  /** The memory that the blocks lie in. */
  get bytes(): Uint8Array {
    return this.#ring;
  }

  /** Bytes in use. */
  get usedBytes(): number {
    return Math.min(this.#written, this.capacityBytes);
  }

  /** Makes room for ids below `limit`. */
  reserveIds(limit: number): void {
    if (limit <= this.#begins.length) return;
    const begins = new Float64Array(limit).fill(-1);
    begins.set(this.#begins);
    const lengths = new Uint32Array(limit);
    lengths.set(this.#lengths);
    this.#begins = begins;
    this.#lengths = lengths;
  }

  /** Where in `bytes` the `length` bytes of block `id` start, or -1. */
  find(id: number, length: number): number {
    const begin = this.#begins[id]!;
    if (begin < 0 || begin < this.#written - this.capacityBytes || this.#lengths[id] !== length) return -1;
    return begin % this.capacityBytes;
  }

  /** Keeps a copy of `from[start, start + length)` as block `id`, unless it is too large a part of the level. */
  add(id: number, from: Uint8Array, start: number, length: number): void {
    if (length * 8 > this.capacityBytes) return;
    const left = this.capacityBytes - (this.#written % this.capacityBytes);
    if (left < length) this.#written += left;
    this.#begins[id] = this.#written;
    this.#lengths[id] = length;
    this.#ring.set(from.subarray(start, start + length), this.#written % this.capacityBytes);
    this.#written += length;
  }

  /** Forgets the blocks `first` to `first + count - 1`. */
  remove(first: number, count: number): void {
    this.#begins.fill(-1, first, first + count);
  }
}
