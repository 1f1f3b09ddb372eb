import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { fusePartition } from '../../stores/filters/fuse-layout.ts';
import { KeyHash } from '../../stores/filters/hash.ts';
import { BuildError } from '../errors.ts';

/** Hashes a chunk: 512 Ki of 8 bytes, 4 MiB. */
const CHUNK = 1 << 19;

/** Chunks held in memory before they go to the scratch file: 32 MiB. */
const CHUNKS_IN_MEMORY = 8;

/** Hashes that `forEachPartition` holds at a time, 8 bytes each. */
const GROUP = 1 << 22;

/** Makes two 32-bit halves of a key. */
export interface Hasher {
  readonly hi: number;
  readonly lo: number;
  update(key: Uint8Array, start: number, end: number): void;
}

/**
 * Gathers the hashes of keys, eight bytes a key, for a filter that can only be sized when all are known. Beyond four
 * million they go to a scratch file, which `close` removes.
 */
export class HashList {
  readonly #hasher: Hasher;
  readonly #scratch: string | undefined;
  readonly #chunksInMemory: number;
  #chunks: Int32Array[];
  #count: number;
  #fd: number;
  /** Chunks in the scratch file. */
  #spilled: number;

  /**
   * @param scratch the path of the scratch file; without one all stays in memory
   * @param hasher by default the hash of our own filters
   * @param chunksInMemory chunks of half a million held before they go to the scratch file; fewer for tests
   */
  constructor(scratch?: string, hasher: Hasher = new KeyHash(), chunksInMemory = CHUNKS_IN_MEMORY) {
    this.#hasher = hasher;
    this.#scratch = scratch;
    this.#chunksInMemory = chunksInMemory;
    this.#chunks = [];
    this.#count = 0;
    this.#fd = -1;
    this.#spilled = 0;
  }

  get count(): number {
    return this.#count;
  }

  add(key: Uint8Array, start: number, end: number): void {
    const index = this.#count % CHUNK;
    if (index === 0) {
      if (this.#chunks.length === this.#chunksInMemory && this.#scratch !== undefined) this.#spill(this.#scratch);
      this.#chunks.push(new Int32Array(2 * CHUNK));
    }
    const chunk = this.#chunks[this.#chunks.length - 1]!;
    this.#hasher.update(key, start, end);
    chunk[2 * index] = this.#hasher.hi;
    chunk[2 * index + 1] = this.#hasher.lo;
    this.#count++;
  }

  /** Calls `visit` with the halves of each hash, in the order of the keys. */
  forEach(visit: (hi: number, lo: number) => void): void {
    this.#forEachChunk((chunk, count) => {
      for (let i = 0; i < count; i++) visit(chunk[2 * i]!, chunk[2 * i + 1]!);
    });
  }

  /**
   * Deals the hashes out to `partitions` by their upper bits and calls `visit` for each partition in turn with its
   * hashes and the positions of their keys. Holds a few partitions at a time and goes over all hashes once for each such
   * group.
   */
  forEachPartition(partitions: number, visit: (hi: Int32Array, lo: Int32Array, index: Uint32Array) => void): void {
    const perGroup = Math.max(1, Math.floor((GROUP * partitions) / Math.max(1, this.#count)));
    for (let first = 0; first < partitions; first += perGroup) {
      const size = Math.min(perGroup, partitions - first);
      const group = this.#gather(partitions, first, size);
      const starts = new Uint32Array(size + 1);
      for (let i = 0; i < group.count; i++) starts[fusePartition(group.hi[i]!, partitions) - first + 1]!++;
      for (let i = 0; i < size; i++) starts[i + 1]! += starts[i]!;
      const hi = new Int32Array(group.count);
      const lo = new Int32Array(group.count);
      const index = new Uint32Array(group.count);
      const next = starts.slice();
      for (let i = 0; i < group.count; i++) {
        const at = next[fusePartition(group.hi[i]!, partitions) - first]!++;
        hi[at] = group.hi[i]!;
        lo[at] = group.lo[i]!;
        index[at] = group.index[i]!;
      }
      for (let i = 0; i < size; i++) {
        const [start, end] = [starts[i]!, starts[i + 1]!];
        visit(hi.subarray(start, end), lo.subarray(start, end), index.subarray(start, end));
      }
    }
  }

  /** The hashes of `size` partitions from `first` on, in the order of the keys. */
  #gather(partitions: number, first: number, size: number) {
    const expected = Math.ceil((this.#count * size) / partitions);
    // Hashes fall evenly: ten standard deviations above the mean never happen.
    const room = size === partitions ? this.#count : expected + Math.ceil(10 * Math.sqrt(expected)) + 16;
    const hi = new Int32Array(room);
    const lo = new Int32Array(room);
    const index = new Uint32Array(room);
    let count = 0;
    this.#forEachChunk((chunk, chunkCount, firstIndex) => {
      for (let i = 0; i < chunkCount; i++) {
        const upper = chunk[2 * i]!;
        const partition = fusePartition(upper, partitions) - first;
        if (partition < 0 || partition >= size) continue;
        hi[count] = upper;
        lo[count] = chunk[2 * i + 1]!;
        index[count] = firstIndex + i;
        count++;
      }
    });
    return { hi, lo, index, count };
  }

  /** Calls `visit` with each chunk (halves in turn), how many hashes it has, and the position of its first. */
  #forEachChunk(visit: (chunk: Int32Array, count: number, firstIndex: number) => void): void {
    const buffer = new Int32Array(this.#spilled > 0 ? 2 * CHUNK : 0);
    for (let first = 0; first < this.#count; first += CHUNK) {
      const number = first / CHUNK;
      const chunk = number < this.#spilled ? this.#read(number, buffer) : this.#chunks[number - this.#spilled]!;
      visit(chunk, Math.min(CHUNK, this.#count - first), first);
    }
  }

  /** Removes the scratch file. Safe at any time. */
  close(): void {
    if (this.#fd < 0) return;
    closeSync(this.#fd);
    this.#fd = -1;
    rmSync(this.#scratch!, { force: true });
  }

  #spill(path: string): void {
    try {
      if (this.#fd < 0) this.#fd = openSync(path, 'w+');
      for (const chunk of this.#chunks) {
        for (let at = 0; at < chunk.byteLength; ) {
          at += writeSync(this.#fd, chunk, at, chunk.byteLength - at, this.#spilled * chunk.byteLength + at);
        }
        this.#spilled++;
      }
    } catch (cause) {
      const why = (cause as Error).message;
      throw new BuildError('BUILD_OUTPUT', `${path}: the scratch file of a filter cannot be written: ${why}`, {
        cause,
      });
    }
    this.#chunks = [];
  }

  #read(number: number, buffer: Int32Array): Int32Array {
    for (let at = 0; at < buffer.byteLength; ) {
      const read = readSync(this.#fd, buffer, at, buffer.byteLength - at, number * buffer.byteLength + at);
      if (read === 0)
        throw new BuildError('BUILD_OUTPUT', `${this.#scratch}: the scratch file of a filter was cut short`);
      at += read;
    }
    return buffer;
  }
}
