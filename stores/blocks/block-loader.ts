import { corrupt } from '../errors.ts';
import type { BlockCache } from './cache.ts';
import { type BlocksMeta, CHECKSUM_BYTES, isIntact } from './format.ts';
import type { ByteSource } from './source.ts';
import { decodeStored, STORED_HEADER_BYTES, storedBlockBytes } from './stored-block.ts';

/** Buffers up to this many bytes are kept for the next block or value; larger ones only until the next look-up. */
export const KEPT_BYTES = 1 << 20;

/** What one reader counted since it was opened. Plain numbers, for `/metrics` and reports. */
export interface BlocksCounters {
  /** Look-ups that the filter answered: surely absent. */
  filterNegatives: number;
  /** Look-ups that a filter let through and whose key was absent. */
  filterFalsePositives: number;
  /** Look-ups that went on to a block: `filterNegatives` more are all look-ups. */
  blockLookups: number;
  /** Reads from the source; one may bring several neighbouring blocks. */
  reads: number;
  /** Their bytes. */
  readBytes: number;
}

/** A block in memory: `bytes[start, end)`. */
export interface LoadedBlock {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Brings the blocks of one file into memory, through the cache it shares with others. The data blocks have the ordinals
 * from 0, the index partitions those after them.
 *
 * Hot path: `find` of a cached block allocates nothing.
 */
export class BlockLoader {
  /** The block of the last `find` or `load`: `bytes[start, end)`, valid until anything is read through the same cache. */
  bytes: Uint8Array;
  start: number;
  end: number;
  readonly counters: BlocksCounters;
  readonly #source: ByteSource;
  readonly #cache: BlockCache;
  readonly #compressed: boolean;
  readonly #count: number;
  readonly #firstId: number;
  #lastId: number;
  #lastSlot: number;
  /** Home of blocks too large for a slot, and where compressed blocks are read to. */
  #large: Uint8Array;
  #stored: Uint8Array;

  constructor(source: ByteSource, meta: BlocksMeta, cache: BlockCache) {
    this.bytes = EMPTY;
    this.start = 0;
    this.end = 0;
    this.counters = { filterNegatives: 0, filterFalsePositives: 0, blockLookups: 0, reads: 0, readBytes: 0 };
    this.#source = source;
    this.#cache = cache;
    this.#compressed = meta.compression !== 'none';
    this.#count = meta.blockCount + meta.partitionCount;
    this.#firstId = cache.register(this.#count, meta.largestBlock);
    this.#lastId = -1;
    this.#lastSlot = 0;
    this.#large = EMPTY;
    this.#stored = EMPTY;
  }

  /** Bytes of the buffers of its own. */
  get byteLength(): number {
    return this.#large.length + this.#stored.length;
  }

  /** Whether the block can be had without a read. */
  isCached(ordinal: number): boolean {
    return this.#cache.has(this.#firstId + ordinal);
  }

  /** Points `bytes`, `start` and `end` at block `ordinal` if it can be had without a read; else false, and `load` must follow. */
  find(ordinal: number): boolean {
    const id = this.#firstId + ordinal;
    const cache = this.#cache;
    // The block of the look-up before: no need to ask the cache, nor to count as a second use.
    if (id === this.#lastId && cache.holds(this.#lastSlot, id)) {
      this.#point(this.#lastSlot);
      return true;
    }
    const slot = cache.find(id);
    if (slot < 0) return false;
    this.#lastId = id;
    this.#lastSlot = slot;
    this.#point(slot);
    return true;
  }

  /**
   * Reads block `ordinal`, which `find` did not find and which takes `length` bytes at `offset` of the file, and points
   * `bytes`, `start` and `end` at it.
   *
   * @throws {StoreError} `STORE_IO`, `STORE_CORRUPT`
   */
  load(ordinal: number, offset: number, length: number): void {
    const id = this.#firstId + ordinal;
    const cache = this.#cache;
    if (this.#compressed) {
      this.#loadCompressed(id, offset, length);
      return;
    }
    if (length > cache.slotBytes) {
      this.#large = withRoom(this.#large, length);
      this.#read(this.#large, 0, length, offset);
      this.#pointLarge(length - CHECKSUM_BYTES);
      return;
    }
    const { spare } = cache;
    this.#read(cache.bytesOf(spare), cache.startOf(spare), length, offset);
    this.#settle(id, length - CHECKSUM_BYTES);
  }

  /**
   * Takes block `ordinal` in from `stored[start, start + length)`, as it was read from `offset`: checks it, puts a copy
   * in the cache unless it is there or `keep` is false, and returns it.
   *
   * @throws {StoreError} `STORE_CORRUPT`
   */
  admit(
    ordinal: number,
    stored: Uint8Array,
    start: number,
    length: number,
    offset: number,
    keep: boolean,
  ): LoadedBlock {
    this.#check(stored, start, length, offset);
    const end = start + length - CHECKSUM_BYTES;
    const block = this.#compressed ? this.#decodeNew(stored, start, end, offset) : { bytes: stored, start, end };
    const id = this.#firstId + ordinal;
    const size = block.end - block.start;
    const cache = this.#cache;
    if (keep && !cache.has(id) && size <= cache.slotBytes) {
      const { spare } = cache;
      cache.bytesOf(spare).set(block.bytes.subarray(block.start, block.end), cache.startOf(spare));
      cache.fill(id, size);
    }
    return block;
  }

  /** Notes a read made for `admit`. */
  countRead(length: number): void {
    this.counters.reads++;
    this.counters.readBytes += length;
  }

  /** Lets go of buffers that are too large to keep: `bytes` is then no longer valid if it was one of them. */
  letGo(): void {
    if (this.#stored.length > KEPT_BYTES) this.#stored = EMPTY;
    if (this.#large.length <= KEPT_BYTES) return;
    if (this.bytes === this.#large) this.bytes = EMPTY;
    this.#large = EMPTY;
  }

  /** Gives the cache its slots back. */
  close(): void {
    this.#cache.release(this.#firstId, this.#count);
    this.bytes = EMPTY;
    this.#large = EMPTY;
    this.#stored = EMPTY;
  }

  #loadCompressed(id: number, offset: number, length: number): void {
    const cache = this.#cache;
    const { stored: level } = cache;
    let stored = this.#stored;
    let start = level === undefined ? -1 : level.find(id, length);
    if (level !== undefined && start >= 0) {
      stored = level.bytes;
      cache.counters.storedHits++;
    } else {
      this.#stored = withRoom(this.#stored, length);
      stored = this.#stored;
      start = 0;
      this.#read(stored, 0, length, offset);
      level?.add(id, stored, 0, length);
    }
    const end = start + length - CHECKSUM_BYTES;
    const size = end - start < STORED_HEADER_BYTES ? 0 : storedBlockBytes(stored, start);
    const fits = size <= cache.slotBytes;
    const { spare } = cache;
    if (!fits) this.#large = withRoom(this.#large, size);
    const into = fits ? cache.bytesOf(spare) : this.#large;
    const at = fits ? cache.startOf(spare) : 0;
    if (decodeStored(stored, start, end, into, at, at + size) < 0) throw this.#malformed(offset);
    if (fits) this.#settle(id, size);
    else this.#pointLarge(size);
  }

  #settle(id: number, length: number): void {
    this.#lastId = id;
    this.#lastSlot = this.#cache.fill(id, length);
    this.#point(this.#lastSlot);
  }

  #point(slot: number): void {
    this.bytes = this.#cache.bytesOf(slot);
    this.start = this.#cache.startOf(slot);
    this.end = this.start + this.#cache.lengthOf(slot);
  }

  #pointLarge(length: number): void {
    this.bytes = this.#large;
    this.start = 0;
    this.end = length;
  }

  #decodeNew(stored: Uint8Array, start: number, end: number, offset: number): LoadedBlock {
    const size = end - start < STORED_HEADER_BYTES ? 0 : storedBlockBytes(stored, start);
    const bytes = new Uint8Array(size);
    if (decodeStored(stored, start, end, bytes, 0, size) < 0) throw this.#malformed(offset);
    return { bytes, start: 0, end: size };
  }

  #read(into: Uint8Array, at: number, length: number, offset: number): void {
    this.#source.read(into, at, length, offset);
    this.countRead(length);
    this.#check(into, at, length, offset);
  }

  #check(bytes: Uint8Array, start: number, length: number, offset: number): void {
    if (isIntact(bytes, start, start + length, offset)) return;
    throw corrupt(this.#source.path, offset, `a block of ${length} bytes with its checksum`, 'other bytes');
  }

  #malformed(offset: number) {
    return corrupt(this.#source.path, offset, 'a block in its stored form', 'bytes that do not decompress');
  }
}

const EMPTY = new Uint8Array(0);

function withRoom(buffer: Uint8Array, length: number): Uint8Array {
  return buffer.length >= length ? buffer : new Uint8Array(length);
}
