/**
 * The cache of blocks, shared by the files of a dataset: slots of one size in memory off the JavaScript heap, taken as they
 * are filled and never given back, and a segmented LRU (segmented-lru.ts) over small integers to say which block gives way.
 *
 * Its bytes are what was asked for: as many whole slots as fit, one of them the spare that the next block is read into
 * before another gives way, so a failed read disturbs nothing.
 */
import { StoreError } from '../errors.ts';
import { IdRanges } from './id-ranges.ts';
import { SegmentedLru } from './segmented-lru.ts';
import { StoredLevel } from './stored-level.ts';

/**
 * The slots lie in pieces of at most this many bytes, each taken when its first slot is: all at once they made the collector
 * run while the service started.
 */
const SLAB_BYTES = 1 << 22;

/** Bytes a slot unless a file needs larger ones: the writer's default block size. */
export const DEFAULT_SLOT_BYTES = 4096;

/** Slots are whole multiples of a cache line. */
const SLOT_STEP = 64;

/** Fewer slots than this make no cache: two segments of the LRU and the spare. */
export const LEAST_SLOTS = 3;

/** A file with larger blocks than before lays the slots out anew only if this many still fit. */
const LEAST_RELAID_SLOTS = 8;

/** What a cache counted since it was made. Plain numbers: read them, and export them where you like. */
export interface CacheCounters {
  /** Blocks wanted and found in a slot. Look-ups that stay in the block of the one before do not ask. */
  hits: number;
  /** Blocks wanted and not found in a slot. */
  misses: number;
  /** Blocks that gave way to others. */
  evictions: number;
  /** Misses whose compressed bytes the second level had. */
  storedHits: number;
}

/** How to make a cache. */
export interface BlockCacheOptions {
  /** Behaviour: bytes of all slots together. At least three slots are made. */
  readonly capacityBytes: number;
  /** Behaviour: bytes of a second level that keeps compressed blocks; 0 (default) for none. */
  readonly storedBytes?: number;
  /**
   * Behaviour: most bytes that the cache and all that its files pin (filters, indexes) may take together; opening a file
   * that does not fit throws `STORE_MEMORY`. No limit by default.
   */
  readonly memoryLimitBytes?: number;
}

/** A cache of blocks with a fixed budget. */
export class BlockCache {
  readonly capacityBytes: number;
  readonly memoryLimitBytes: number;
  readonly counters: CacheCounters;
  /** The second level, where there is one. */
  readonly stored: StoredLevel | undefined;
  readonly #ids: IdRanges;
  #pinnedBytes: number;
  #slotBytes: number;
  #slots: Slots;
  /** The slot of each block id, or -1. */
  #slotOf: Int32Array;

  /** @throws {StoreError} `STORE_MEMORY` when the cache alone is over the limit */
  constructor(options: BlockCacheOptions) {
    this.capacityBytes = options.capacityBytes;
    this.memoryLimitBytes = options.memoryLimitBytes ?? Number.POSITIVE_INFINITY;
    const storedBytes = options.storedBytes ?? 0;
    this.#pinnedBytes = 0;
    this.#checkLimit(this.capacityBytes + storedBytes, 'the block cache');
    this.counters = { hits: 0, misses: 0, evictions: 0, storedHits: 0 };
    this.stored = storedBytes > 0 ? new StoredLevel(storedBytes) : undefined;
    this.#ids = new IdRanges();
    this.#slotBytes = DEFAULT_SLOT_BYTES;
    this.#slots = new Slots(this.capacityBytes, this.#slotBytes);
    this.#slotOf = new Int32Array(0);
  }

  /** The largest block that fits a slot, in bytes. */
  get slotBytes(): number {
    return this.#slotBytes;
  }

  /** Bytes of the slots in use, the second level included. */
  get usedBytes(): number {
    return this.#slots.lru.size * this.#slotBytes + (this.stored?.usedBytes ?? 0);
  }

  /** Bytes that the open files pin. */
  get pinnedBytes(): number {
    return this.#pinnedBytes;
  }

  /**
   * Takes note of `bytes` that a file keeps in memory outside of the slots.
   *
   * @throws {StoreError} `STORE_MEMORY` when the limit does not allow it; nothing is noted then
   */
  pin(bytes: number, what: string): void {
    this.#checkLimit(this.capacityBytes + (this.stored?.capacityBytes ?? 0) + this.#pinnedBytes + bytes, what);
    this.#pinnedBytes += bytes;
  }

  /** Takes back what `pin` noted. */
  unpin(bytes: number): void {
    this.#pinnedBytes -= bytes;
  }

  /**
   * Announces a file with `blockCount` blocks of at most `largestBlock` bytes: its blocks go by the ids from the one
   * returned. A file with larger blocks than any before lays the slots out anew and empties the cache, if at least eight
   * such slots fit; blocks larger than a slot are not cached.
   */
  register(blockCount: number, largestBlock: number): number {
    const wanted = Math.ceil(largestBlock / SLOT_STEP) * SLOT_STEP;
    if (wanted > this.#slotBytes && wanted * LEAST_RELAID_SLOTS <= this.capacityBytes) {
      this.#slotBytes = wanted;
      this.#slots = new Slots(this.capacityBytes, wanted);
      this.#slotOf.fill(-1);
    }
    const first = this.#ids.take(blockCount);
    const limit = this.#ids.limit;
    if (limit > this.#slotOf.length) {
      const larger = new Int32Array(limit).fill(-1);
      larger.set(this.#slotOf);
      this.#slotOf = larger;
      this.stored?.reserveIds(limit);
    }
    return first;
  }

  /** Forgets the blocks of a file that is being closed: what `register` gave. */
  release(first: number, blockCount: number): void {
    for (let id = first; id < first + blockCount; id++) {
      const slot = this.#slotOf[id]!;
      if (slot < 0) continue;
      this.#slotOf[id] = -1;
      this.#slots.free(slot);
    }
    this.stored?.remove(first, blockCount);
    this.#ids.give(first, blockCount);
  }

  /** The slot that holds block `id`, which counts as its use; or -1. */
  find(id: number): number {
    const slot = this.#slotOf[id]!;
    if (slot < 0) {
      this.counters.misses++;
      return -1;
    }
    this.counters.hits++;
    this.#slots.lru.use(slot);
    return slot;
  }

  /** Whether block `id` is in a slot; counts as nothing. */
  has(id: number): boolean {
    return this.#slotOf[id]! >= 0;
  }

  /** Whether `slot` (still) holds block `id`. */
  holds(slot: number, id: number): boolean {
    return this.#slotOf[id] === slot;
  }

  /** The memory that `slot` lies in, from `startOf(slot)`. */
  bytesOf(slot: number): Uint8Array {
    return this.#slots.slabs[slot >>> this.#slots.slabShift]!;
  }

  /** Where `slot` starts in `bytesOf(slot)`. */
  startOf(slot: number): number {
    return (slot & this.#slots.slabMask) * this.#slotBytes;
  }

  /** Bytes of the block in `slot`. */
  lengthOf(slot: number): number {
    return this.#slots.lengths[slot]!;
  }

  /** The slot to read the next block into: what it holds is nobody's. */
  get spare(): number {
    return this.#slots.spare;
  }

  /** Makes the spare slot, filled with `length` bytes, the home of block `id`, which has none; returns it. */
  fill(id: number, length: number): number {
    const slot = this.#slots.spare;
    const evicted = this.#slots.fill(id, length);
    this.#slotOf[id] = slot;
    if (evicted >= 0) {
      this.counters.evictions++;
      this.#slotOf[evicted] = -1;
    }
    return slot;
  }

  #checkLimit(bytes: number, what: string): void {
    if (bytes <= this.memoryLimitBytes) return;
    throw new StoreError(
      'STORE_MEMORY',
      `${what}: needs ${bytes} bytes of memory together with all open files; the limit is ${this.memoryLimitBytes}; raise the limit, make the block cache smaller, or build with a smaller filter`,
    );
  }
}

/** Slots of one size, and which give way. */
class Slots {
  readonly lru: SegmentedLru;
  /** Those that no slot was taken from yet are empty. */
  readonly slabs: Uint8Array[];
  /** A slab has a power of two of slots: `slot >>> slabShift` is its slab, `slot & slabMask` its number there. */
  readonly slabShift: number;
  readonly slabMask: number;
  readonly lengths: Uint32Array;
  spare: number;
  readonly #slotBytes: number;
  /** Slots that hold nothing, the spare excepted: `#free[0, #freeCount)`. */
  readonly #free: Uint32Array;
  #freeCount: number;

  constructor(capacityBytes: number, slotBytes: number) {
    const count = Math.max(LEAST_SLOTS, Math.floor(capacityBytes / slotBytes));
    const slabShift = Math.max(0, 31 - Math.clz32(SLAB_BYTES / slotBytes));
    const slotsPerSlab = 2 ** slabShift;
    this.lru = new SegmentedLru(count - 1, count);
    this.slabs = Array.from({ length: Math.ceil(count / slotsPerSlab) }, () => EMPTY);
    this.slabShift = slabShift;
    this.slabMask = slotsPerSlab - 1;
    this.lengths = new Uint32Array(count);
    this.spare = 0;
    this.#slotBytes = slotBytes;
    // Taken from the end: slot 1 first, so that memory is touched from front to back.
    this.#free = new Uint32Array(count);
    for (let i = 0; i < count; i++) this.#free[i] = count - 1 - i;
    this.#freeCount = count - 1;
    this.#takeSlab(0);
  }

  /** Gives the spare slot to block `id` and finds another spare; returns the id of the block that gave way, or -1. */
  fill(id: number, length: number): number {
    this.lengths[this.spare] = length;
    this.lru.add(id, this.spare);
    if (this.lru.evictedPlace >= 0) this.spare = this.lru.evictedPlace;
    else {
      this.#freeCount--;
      this.spare = this.#free[this.#freeCount]!;
      this.#takeSlab(this.spare >>> this.slabShift);
    }
    return this.lru.evictedId;
  }

  free(slot: number): void {
    this.lru.remove(slot);
    this.#free[this.#freeCount++] = slot;
  }

  #takeSlab(slab: number): void {
    if (this.slabs[slab] !== EMPTY) return;
    const slots = Math.min(this.lengths.length - (slab << this.slabShift), this.slabMask + 1);
    this.slabs[slab] = new Uint8Array(slots * this.#slotBytes);
  }
}

const EMPTY = new Uint8Array(0);
