/**
 * The cache of blocks, shared by the files of a dataset: slots of one size in memory off the JavaScript heap, reserved
 * once, and mnemonist's `LRUCache` over small integers to say which block is in which slot.
 *
 * Its bytes are what was asked for: as many whole slots as fit, one of them the spare that the next block is read into
 * before another is evicted, so a failed read disturbs nothing.
 */
import { LRUCache } from 'mnemonist';

/** The slots lie in pieces of at most this many bytes: offsets stay small integers, whatever the capacity. */
const SLAB_BYTES = 1 << 28;

/** Bytes a slot unless a file needs larger ones: the writer's default block size. */
export const DEFAULT_SLOT_BYTES = 4096;

/** What a cache counted since it was made. Plain numbers: read them, and export them where you like. */
export interface CacheCounters {
  hits: number;
  misses: number;
  evictions: number;
}

/** Behaviour of a cache. */
export interface BlockCacheOptions {
  /** Bytes of all slots together: at least two slots are made. */
  readonly capacityBytes: number;
}

/** An LRU cache of blocks. */
export class BlockCache {
  readonly capacityBytes: number;
  readonly counters: CacheCounters;
  #slotBytes: number;
  #slots: Slots;
  #nextId: number;
  #slotOf: Int32Array;

  constructor(options: BlockCacheOptions) {
    this.capacityBytes = options.capacityBytes;
    this.counters = { hits: 0, misses: 0, evictions: 0 };
    this.#slotBytes = DEFAULT_SLOT_BYTES;
    this.#slots = new Slots(this.capacityBytes, this.#slotBytes);
    this.#nextId = 0;
    this.#slotOf = new Int32Array(0);
  }

  /** The largest block that fits a slot, in bytes. */
  get slotBytes(): number {
    return this.#slotBytes;
  }

  /** Bytes of the slots in use. */
  get usedBytes(): number {
    return this.#slots.lru.size * this.#slotBytes;
  }

  /**
   * Announces a file with `blockCount` blocks of at most `largestBlock` bytes: its blocks are cached under the ids from
   * the one returned. A file with larger blocks than any before lays the slots out anew and empties the cache, as long
   * as at least eight such slots fit; larger blocks than that are not cached.
   */
  register(blockCount: number, largestBlock: number): number {
    const wanted = Math.ceil(largestBlock / 64) * 64;
    if (wanted > this.#slotBytes && wanted * 8 <= this.capacityBytes) {
      this.#slotBytes = wanted;
      this.#slots = new Slots(this.capacityBytes, wanted);
    }
    const first = this.#nextId;
    this.#nextId += blockCount;
    const larger = new Int32Array(this.#nextId).fill(-1);
    larger.set(this.#slotOf);
    this.#slotOf = larger;
    return first;
  }

  /** The slot that holds block `id`, which counts as its use; or -1. */
  find(id: number): number {
    const slot = this.#slotOf[id]!;
    if (slot < 0) {
      this.counters.misses++;
      return -1;
    }
    this.counters.hits++;
    const slots = this.#slots;
    if (slots.fills - slots.touched[slot]! > slots.patience) {
      slots.touched[slot] = slots.fills;
      slots.lru.get(id);
    }
    return slot;
  }

  /** Whether `slot` (still) holds block `id`. */
  holds(slot: number, id: number): boolean {
    return this.#slots.owners[slot] === id;
  }

  /** The memory that `slot` lies in, from `startOf(slot)`. */
  bytesOf(slot: number): Uint8Array {
    return this.#slots.slabs[Math.floor(slot / this.#slots.slotsPerSlab)]!;
  }

  /** Where `slot` starts in `bytesOf(slot)`. */
  startOf(slot: number): number {
    return (slot % this.#slots.slotsPerSlab) * this.#slotBytes;
  }

  /** Bytes of the block in `slot`. */
  lengthOf(slot: number): number {
    return this.#slots.lengths[slot]!;
  }

  /** The slot to read the next block into: what it holds is nobody's. */
  get spare(): number {
    return this.#slots.spare;
  }

  /** Makes the spare slot, filled with `length` bytes, the home of block `id`; returns it. */
  fill(id: number, length: number): number {
    const slots = this.#slots;
    const slot = slots.spare;
    slots.owners[slot] = id;
    slots.lengths[slot] = length;
    slots.fills++;
    slots.touched[slot] = slots.fills;
    this.#slotOf[id] = slot;
    const popped = slots.lru.setpop(id, slot);
    if (popped === null) {
      slots.spare = slots.lru.size;
    } else {
      if (popped.evicted) {
        this.counters.evictions++;
        this.#slotOf[popped.key] = -1;
      }
      slots.spare = popped.value;
      slots.owners[popped.value] = -1;
    }
    return slot;
  }
}

/** Slots of one size, and which block is in which. */
class Slots {
  readonly lru: LRUCache<number, number>;
  readonly slabs: Uint8Array[];
  readonly slotsPerSlab: number;
  /** The block in each slot, or -1. */
  readonly owners: Float64Array;
  readonly lengths: Uint32Array;
  spare: number;
  fills = 0;
  readonly touched: Float64Array;
  readonly patience: number;

  constructor(capacityBytes: number, slotBytes: number) {
    const count = Math.max(2, Math.floor(capacityBytes / slotBytes));
    this.lru = new LRUCache<number, number>(Float64Array, Uint32Array, count - 1);
    this.slotsPerSlab = Math.max(1, Math.floor(SLAB_BYTES / slotBytes));
    this.slabs = [];
    for (let left = count; left > 0; left -= this.slotsPerSlab) {
      this.slabs.push(new Uint8Array(Math.min(left, this.slotsPerSlab) * slotBytes));
    }
    this.owners = new Float64Array(count).fill(-1);
    this.lengths = new Uint32Array(count);
    this.spare = 0;
    this.touched = new Float64Array(count);
    this.patience = count / 4;
  }
}
