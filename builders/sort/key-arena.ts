import { sortKeys } from './sort-keys.ts';

/** Ids and offsets are 32-bit: an arena that would pass this is spilled before. */
export const MAX_ARENA_BYTES = 0xffff_0000;

const FIRST_BYTES = 1 << 16;
const FIRST_KEYS = 1 << 12;

/**
 * Byte strings laid end to end, numbered in the order of their arrival: key i is `bytes[starts[i], starts[i + 1])`.
 *
 * Two typed arrays that double when full, no object per key: a million words cost 14 MB and no garbage.
 */
export class KeyArena {
  bytes: Uint8Array;
  starts: Uint32Array;
  count: number;

  constructor() {
    this.bytes = new Uint8Array(FIRST_BYTES);
    this.starts = new Uint32Array(FIRST_KEYS);
    this.count = 0;
  }

  /** Bytes of all keys together. */
  get usedBytes(): number {
    return this.starts[this.count]!;
  }

  /** Whether a key of `length` bytes can still be addressed. */
  hasRoom(length: number): boolean {
    return this.usedBytes + length <= MAX_ARENA_BYTES;
  }

  /** Appends a copy of `key[start, end)` and returns its id. */
  append(key: Uint8Array, start: number, end: number): number {
    const id = this.count;
    let to = this.starts[id]!;
    const length = end - start;
    if (to + length > this.bytes.length) this.#growBytes(to + length);
    if (id + 2 > this.starts.length) this.#growStarts();
    const bytes = this.bytes;
    // Beyond some 40 bytes the native copy wins over the loop.
    if (length > 40) {
      bytes.set(key.subarray(start, end), to);
      to += length;
    } else {
      for (let i = start; i < end; i++) bytes[to++] = key[i]!;
    }
    this.starts[id + 1] = to;
    this.count = id + 1;
    return id;
  }

  /** The ids of all keys in unsigned byte order of the keys, equal keys in the order of their arrival. */
  sortedIds(): Uint32Array {
    const ids = new Uint32Array(this.count);
    for (let i = 0; i < ids.length; i++) ids[i] = i;
    sortKeys(ids, this.bytes, this.starts);
    return ids;
  }

  /** Forgets the keys and keeps the memory. */
  clear(): void {
    this.count = 0;
  }

  #growBytes(needed: number): void {
    const grown = new Uint8Array(Math.min(MAX_ARENA_BYTES, Math.max(needed, this.bytes.length * 2)));
    grown.set(this.bytes.subarray(0, this.usedBytes));
    this.bytes = grown;
  }

  #growStarts(): void {
    const grown = new Uint32Array(this.starts.length * 2);
    grown.set(this.starts);
    this.starts = grown;
  }
}
