import { createRequire } from 'node:module';
import type { LRUMapWithDelete as Lru } from 'mnemonist';

// Through `require`, to which alone the package offers its parts: importing the whole of it takes 77 ms of CPU, a third
// of what the service may take to start, and this part 5 ms.
const LRUMapWithDelete: typeof Lru = createRequire(import.meta.url)('mnemonist/lru-cache-with-delete');

/** Of the places, the share that blocks used once may take: LRU/SLRU studies settle near a fifth. */
const PROBATION_SHARE = 0.2;

/** A use moves its block to the front only after this share of the places was filled anew since the last move. */
const PATIENCE_SHARE = 0.25;

/**
 * Says which of a fixed number of places gives way next: a segmented LRU over two of mnemonist's. A newcomer is on
 * probation, and is protected from its second use on; what is read once, however much of it, only ever drives out
 * other newcomers. While there is room among the protected, newcomers go there.
 *
 * Of mnemonist's classes the one over a Map: per fill 0.1 to 0.6 us, where the one over an object takes 0.4 to 0.7, most with
 * few places, as V8 rebuilds the object's table again and again.
 *
 * Hot path: as long as nothing is read, order does not matter; so a use costs two array reads and moves its block only
 * when a quarter of the places has been filled since it was moved last.
 */
export class SegmentedLru {
  readonly capacity: number;
  readonly #probation: Lru<number, number>;
  readonly #protected: Lru<number, number>;
  readonly #isProtected: Uint8Array;
  /** The value of `#fills` when the place was last moved to the front. */
  readonly #movedAt: Float64Array;
  readonly #patience: number;
  #fills: number;

  /** Set by `add` and `use` when a block had to go: its id and its place; -1 otherwise. */
  evictedId: number;
  evictedPlace: number;

  /**
   * @param capacity blocks held, at least 2
   * @param places how many places there are, at least `capacity`
   */
  constructor(capacity: number, places: number) {
    const probation = Math.max(1, Math.floor(capacity * PROBATION_SHARE));
    this.capacity = capacity;
    this.#probation = new LRUMapWithDelete<number, number>(Float64Array, Uint32Array, probation);
    this.#protected = new LRUMapWithDelete<number, number>(Float64Array, Uint32Array, capacity - probation);
    this.#isProtected = new Uint8Array(places);
    this.#movedAt = new Float64Array(places);
    this.#patience = Math.floor(capacity * PATIENCE_SHARE);
    this.#fills = 0;
    this.evictedId = -1;
    this.evictedPlace = -1;
  }

  get size(): number {
    return this.#probation.size + this.#protected.size;
  }

  /** Notes a use of block `id`, which is in `place`. */
  use(id: number, place: number): void {
    if (this.#isProtected[place] === 1) {
      if (this.#fills - this.#movedAt[place]! <= this.#patience) return;
      this.#movedAt[place] = this.#fills;
      this.#protected.get(id);
      return;
    }
    this.#probation.delete(id);
    this.#protect(id, place);
  }

  /** Adds block `id` in `place`; tells in `evictedId` and `evictedPlace` which other gave way, if one did. */
  add(id: number, place: number): void {
    this.#fills++;
    this.evictedId = -1;
    this.evictedPlace = -1;
    if (this.#protected.size < this.#protected.capacity) {
      this.#protect(id, place);
      return;
    }
    this.#isProtected[place] = 0;
    const popped = this.#probation.setpop(id, place);
    if (popped?.evicted) {
      this.evictedId = popped.key;
      this.evictedPlace = popped.value;
    }
  }

  /** Forgets block `id`, which is in `place`. */
  remove(id: number, place: number): void {
    if (this.#isProtected[place] === 1) this.#protected.delete(id);
    else this.#probation.delete(id);
  }

  /** Protects a block that is in neither segment; the protected one used longest ago goes on probation for it. */
  #protect(id: number, place: number): void {
    this.#isProtected[place] = 1;
    this.#movedAt[place] = this.#fills;
    const popped = this.#protected.setpop(id, place);
    if (!popped?.evicted) return;
    // There is room: only a full protected segment evicts, and then `use` has just taken a block off probation.
    this.#isProtected[popped.value] = 0;
    this.#probation.set(popped.key, popped.value);
  }
}
