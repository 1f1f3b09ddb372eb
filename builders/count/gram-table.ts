import { sortPairs } from '../sort/sort-pairs.ts';

/** Slots over n-grams, at most: linear probing stays short up to two thirds. */
const LOAD = 2 / 3;

/** Word ids and ranks stay below this, so that two of them make an integer of 52 bits. */
export const MAX_WORDS = 2 ** 26;

/** N-grams in order: those that begin with the word of rank r lie at `[starts[r], starts[r + 1])`. */
export interface SortedGrams {
  readonly starts: Uint32Array;
  /** The rank of the second word; of triples, times `MAX_WORDS`, plus that of the third. */
  readonly rests: Float64Array;
  readonly counts: Float64Array;
}

/**
 * Counts pairs or triples of word ids.
 *
 * Hot path of counting: open addressing over typed arrays with the ids in place, no object and no string per n-gram.
 * A pair takes 16 bytes a slot, a triple 20.
 */
export class GramTable {
  readonly order: 2 | 3;
  #ids: Uint32Array;
  /** 0 in an empty slot. */
  #counts: Float64Array;
  #mask: number;
  #count: number;

  constructor(order: 2 | 3) {
    this.order = order;
    this.#counts = new Float64Array(1 << 9);
    this.#ids = new Uint32Array(this.#counts.length * order);
    this.#mask = this.#counts.length - 1;
    this.#count = 0;
  }

  /** How many different n-grams there are. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of all arrays, with those that sorting takes for a while. */
  get capacityBytes(): number {
    return this.#counts.length * (8 + 4 * this.order) + this.#count * 16;
  }

  /** Whether the arrays will soon have to double. */
  get isNearlyFull(): boolean {
    return this.#count > 0.94 * LOAD * this.#counts.length;
  }

  /** Adds `count`, above 0, to the n-gram `a b` or `a b c`; `c` is 0 for pairs. */
  add(a: number, b: number, c: number, count: number): void {
    const { order } = this;
    const ids = this.#ids;
    const counts = this.#counts;
    let slot = mix(a, b, c) & this.#mask;
    while (counts[slot] !== 0) {
      const at = slot * order;
      if (ids[at] === a && ids[at + 1] === b && (order === 2 || ids[at + 2] === c)) {
        counts[slot]! += count;
        return;
      }
      slot = (slot + 1) & this.#mask;
    }
    this.#place(slot, a, b, c, count);
    if (++this.#count > LOAD * counts.length) this.#grow();
  }

  /**
   * All n-grams in the order of their words' ranks, the first word first.
   *
   * One counting sort moves them to their first word, then each first word's few are sorted where they lie: random
   * access to memory once for each n-gram, where sorting slots took it at every step (3.5 times as slow).
   *
   * @param ranks the rank of each word id among `rankCount`, less than `MAX_WORDS`
   */
  sorted(ranks: Uint32Array, rankCount: number): SortedGrams {
    const { order } = this;
    const ids = this.#ids;
    const starts = new Uint32Array(rankCount + 1);
    for (let slot = 0; slot < this.#counts.length; slot++) {
      if (this.#counts[slot] !== 0) starts[ranks[ids[slot * order]!]! + 1]!++;
    }
    for (let rank = 0; rank < rankCount; rank++) starts[rank + 1]! += starts[rank]!;
    const next = starts.slice();
    const rests = new Float64Array(this.#count);
    const counts = new Float64Array(this.#count);
    for (let slot = 0; slot < this.#counts.length; slot++) {
      if (this.#counts[slot] === 0) continue;
      const at = slot * order;
      const to = next[ranks[ids[at]!]!]!++;
      const second = ranks[ids[at + 1]!]!;
      rests[to] = order === 2 ? second : second * MAX_WORDS + ranks[ids[at + 2]!]!;
      counts[to] = this.#counts[slot]!;
    }
    for (let rank = 0; rank < rankCount; rank++) sortPairs(rests, counts, starts[rank]!, starts[rank + 1]!);
    return { starts, rests, counts };
  }

  /** Forgets all n-grams and keeps the memory. */
  clear(): void {
    this.#counts.fill(0);
    this.#count = 0;
  }

  #place(slot: number, a: number, b: number, c: number, count: number): void {
    const at = slot * this.order;
    this.#ids[at] = a;
    this.#ids[at + 1] = b;
    if (this.order === 3) this.#ids[at + 2] = c;
    this.#counts[slot] = count;
  }

  #grow(): void {
    const oldIds = this.#ids;
    const oldCounts = this.#counts;
    this.#counts = new Float64Array(oldCounts.length * 2);
    this.#ids = new Uint32Array(oldIds.length * 2);
    this.#mask = this.#counts.length - 1;
    for (let old = 0; old < oldCounts.length; old++) {
      if (oldCounts[old] === 0) continue;
      const at = old * this.order;
      const c = this.order === 3 ? oldIds[at + 2]! : 0;
      let slot = mix(oldIds[at]!, oldIds[at + 1]!, c) & this.#mask;
      while (this.#counts[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#place(slot, oldIds[at]!, oldIds[at + 1]!, c, oldCounts[old]!);
    }
  }
}

/** Multiply and fold, with constants of MurmurHash3: ids are small and dense, so each has to reach the low bits. */
function mix(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0xcc9e2d51);
  hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
