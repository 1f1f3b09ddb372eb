import { LRUCache } from '../lru.ts';

/** Of the places, the share that blocks used once may take: LRU/SLRU studies settle near a fifth. */
const PROBATION_SHARE = 0.2;

/** A use moves its block to the front only after this share of the places was filled anew since the last move. */
const PATIENCE_SHARE = 0.25;

/**
 * Says which of a fixed number of places gives way next: a segmented LRU over two of mnemonist's. A newcomer is on
 * probation, and is protected from its second use on; what is read once, however much of it, only ever drives out
 * other newcomers. While there is room among the protected, newcomers go there.
 *
 * Hot path: as long as nothing is read, order does not matter; so a use costs one array read and moves its block only
 * when a quarter of the places has been filled since it was moved last. A fill is a move to the front as well: see `Segment`.
 */
export class SegmentedLru {
  readonly capacity: number;
  readonly #probation: Segment;
  readonly #protected: Segment;
  /** The block in each place. */
  readonly #idOf: Uint32Array;
  /** The seat of each place in its segment. */
  readonly #seatOf: Uint32Array;
  /** The value of `#fills` when the place was last moved to the front of the protected; -Infinity for others. */
  readonly #movedAt: Float64Array;
  readonly #patience: number;
  #fills: number;

  /** Set by `add` when a block had to go: its id and its place; -1 otherwise. */
  evictedId: number;
  evictedPlace: number;

  /**
   * @param capacity blocks held, at least 2
   * @param places how many places there are, at least `capacity`
   */
  constructor(capacity: number, places: number) {
    const probation = Math.max(1, Math.floor(capacity * PROBATION_SHARE));
    this.capacity = capacity;
    this.#probation = new Segment(probation);
    this.#protected = new Segment(capacity - probation);
    this.#idOf = new Uint32Array(places);
    this.#seatOf = new Uint32Array(places);
    this.#movedAt = new Float64Array(places).fill(Number.NEGATIVE_INFINITY);
    this.#patience = Math.floor(capacity * PATIENCE_SHARE);
    this.#fills = 0;
    this.evictedId = -1;
    this.evictedPlace = -1;
  }

  get size(): number {
    return this.#probation.size + this.#protected.size;
  }

  /** Notes a use of the block in `place`. */
  use(place: number): void {
    if (this.#fills - this.#movedAt[place]! <= this.#patience) return;
    this.#move(place);
  }

  /** Adds block `id` in `place`; `evictedId` and `evictedPlace` name the block that was evicted, if one was. */
  add(id: number, place: number): void {
    this.#fills++;
    this.evictedId = -1;
    this.evictedPlace = -1;
    this.#idOf[place] = id;
    if (!this.#protected.isFull) {
      this.#movedAt[place] = this.#fills;
      this.#seatOf[place] = this.#protected.seat(place);
      return;
    }
    this.#movedAt[place] = Number.NEGATIVE_INFINITY;
    if (!this.#probation.isFull) {
      this.#seatOf[place] = this.#probation.seat(place);
      return;
    }
    const seat = this.#probation.oldest;
    this.evictedPlace = this.#probation.reseat(seat, place);
    this.evictedId = this.#idOf[this.evictedPlace]!;
    this.#seatOf[place] = seat;
  }

  /** Forgets the block in `place`. */
  remove(place: number): void {
    const segment = this.#movedAt[place]! >= 0 ? this.#protected : this.#probation;
    segment.vacate(this.#seatOf[place]!);
    this.#movedAt[place] = Number.NEGATIVE_INFINITY;
  }

  /** Moves a place to the front of the protected; where it was on probation, the one used longest ago takes its seat. */
  #move(place: number): void {
    const seat = this.#seatOf[place]!;
    const isProtected = this.#movedAt[place]! >= 0;
    this.#movedAt[place] = this.#fills;
    if (isProtected) {
      this.#protected.touch(seat);
      return;
    }
    if (!this.#protected.isFull) {
      this.#probation.vacate(seat);
      this.#seatOf[place] = this.#protected.seat(place);
      return;
    }
    const other = this.#protected.oldest;
    const demoted = this.#protected.reseat(other, place);
    this.#probation.reseat(seat, demoted);
    this.#movedAt[demoted] = Number.NEGATIVE_INFINITY;
    this.#seatOf[place] = other;
    this.#seatOf[demoted] = seat;
  }
}

/** What mnemonist's cache has and its types do not tell: which key was used longest ago. */
interface WithTail {
  readonly tail: number;
}

/**
 * Seats in the order of their last use, each taken by a place or vacant.
 *
 * Hot path: the keys that mnemonist's cache orders are the seats, small integers that stay; who sits where stands beside it.
 * So a newcomer takes the oldest seat by one `get`, 15 ns, where removing a key and adding another takes 100 to 600.
 */
class Segment {
  readonly capacity: number;
  size: number;
  readonly #order: LRUCache<number, number> & WithTail;
  readonly #placeAt: Uint32Array;
  readonly #vacant: number[];

  constructor(capacity: number) {
    this.capacity = capacity;
    this.size = 0;
    this.#order = new LRUCache<number, number>(Uint32Array, Uint32Array, capacity) as LRUCache<number, number> &
      WithTail;
    this.#placeAt = new Uint32Array(capacity);
    this.#vacant = [];
  }

  get isFull(): boolean {
    return this.size === this.capacity;
  }

  /** The seat used longest ago, when all are taken. Keys were added from 0 on, so that the cache's pointers are the seats. */
  get oldest(): number {
    return this.#order.tail;
  }

  /** Gives `place` a vacant seat, at the front; returns it. There must be one. */
  seat(place: number): number {
    this.size++;
    const vacant = this.#vacant.pop();
    const seat = vacant ?? this.#order.size;
    if (vacant === undefined) this.#order.set(seat, seat);
    else this.#order.get(seat);
    this.#placeAt[seat] = place;
    return seat;
  }

  /** Gives `place` a seat that is taken, at the front; returns whose it was. */
  reseat(seat: number, place: number): number {
    const before = this.#placeAt[seat]!;
    this.#placeAt[seat] = place;
    this.#order.get(seat);
    return before;
  }

  /** Moves a seat to the front. */
  touch(seat: number): void {
    this.#order.get(seat);
  }

  /** Makes a seat free. */
  vacate(seat: number): void {
    this.size--;
    this.#vacant.push(seat);
  }
}
