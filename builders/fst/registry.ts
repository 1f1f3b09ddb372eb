/**
 * Finds, among the nodes made so far, one equal to a new node: a hash table of node numbers in buckets of 16, five
 * bytes a slot, that doubles whenever a bucket is full, up to a budget. At the budget it forgets: the node of the bucket
 * that was met longest ago makes room, and the automaton is then nearly minimal.
 */

import type { Automaton } from './automaton.ts';

/** Slots of a bucket. With 16, tables double when they are half full; fewer waste room, more cost comparisons. */
const BUCKET_SLOTS = 16;
const FIRST_BUCKETS = 512;
const SLOT_BYTES = 5;

/** The nodes of one automaton by what they hold. */
export class Registry {
  readonly #automaton: Automaton;
  readonly #mostBuckets: number;
  /** Node number + 1, 0 when empty; a bucket's nodes from the one met last to the one met longest ago. */
  #slots: Uint32Array;
  /** For each slot eight bits of the hash, which spare most comparisons. */
  #tags: Uint8Array;
  /** Whether a node was dropped for want of room. */
  forgot: boolean;

  /** @param budgetBytes the most memory to take; while doubling half as much again is in use */
  constructor(budgetBytes: number, automaton: Automaton) {
    this.#automaton = automaton;
    let buckets = 1;
    while (2 * buckets * BUCKET_SLOTS * SLOT_BYTES <= budgetBytes && buckets < 2 ** 27) buckets *= 2;
    this.#mostBuckets = buckets;
    this.#slots = new Uint32Array(Math.min(FIRST_BUCKETS, buckets) * BUCKET_SLOTS);
    this.#tags = new Uint8Array(this.#slots.length);
    this.forgot = false;
  }

  /** The number of a node equal to `node`, which is entered, and returned, when there is none. */
  findOrAdd(node: number): number {
    const hash = this.#hash(node);
    const tag = hash >>> 24;
    const slots = this.#slots;
    const tags = this.#tags;
    const buckets = slots.length / BUCKET_SLOTS;
    const first = (hash & (buckets - 1)) * BUCKET_SLOTS;
    // Which node was met last matters only once nodes are forgotten.
    const full = buckets === this.#mostBuckets;
    for (let i = 0; i < BUCKET_SLOTS; i++) {
      const known = slots[first + i]!;
      if (known === 0) {
        slots[first + i] = node + 1;
        tags[first + i] = tag;
        if (full) this.#moveToFront(first, i);
        return node;
      }
      if (tags[first + i] === tag && this.#equal(known - 1, node)) {
        if (full) this.#moveToFront(first, i);
        return known - 1;
      }
    }
    if (!full) {
      this.#grow();
      return this.findOrAdd(node);
    }
    this.forgot = true;
    slots[first + BUCKET_SLOTS - 1] = node + 1;
    tags[first + BUCKET_SLOTS - 1] = tag;
    this.#moveToFront(first, BUCKET_SLOTS - 1);
    return node;
  }

  #moveToFront(first: number, index: number): void {
    if (index === 0) return;
    const slots = this.#slots;
    const tags = this.#tags;
    const node = slots[first + index]!;
    const tag = tags[first + index]!;
    for (let i = first + index; i > first; i--) {
      slots[i] = slots[i - 1]!;
      tags[i] = tags[i - 1]!;
    }
    slots[first] = node;
    tags[first] = tag;
  }

  /** Doubles the buckets: each one's nodes part between two, so none can be full. */
  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length);
    this.#tags = new Uint8Array(2 * old.length);
    const mask = this.#slots.length / BUCKET_SLOTS - 1;
    for (let i = 0; i < old.length; i++) {
      const known = old[i]!;
      if (known === 0) continue;
      const hash = this.#hash(known - 1);
      let slot = (hash & mask) * BUCKET_SLOTS;
      while (this.#slots[slot] !== 0) slot++;
      this.#slots[slot] = known;
      this.#tags[slot] = hash >>> 24;
    }
  }

  #hash(node: number): number {
    const automaton = this.#automaton;
    let hash = automaton.isFinal(node) ? 0x9e3779b9 : 0;
    const end = automaton.endOf(node);
    for (let i = automaton.firstOf(node); i < end; i++) {
      hash = Math.imul(hash ^ automaton.label(i), 0x85ebca6b);
      hash = Math.imul(hash ^ automaton.target(i) ^ (hash >>> 15), 0xc2b2ae35);
    }
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) >>> 0;
  }

  #equal(a: number, b: number): boolean {
    const automaton = this.#automaton;
    if (automaton.isFinal(a) !== automaton.isFinal(b)) return false;
    let i = automaton.firstOf(a);
    let j = automaton.firstOf(b);
    const end = automaton.endOf(a);
    if (end - i !== automaton.endOf(b) - j) return false;
    for (; i < end; i++, j++) {
      if (automaton.target(i) !== automaton.target(j) || automaton.label(i) !== automaton.label(j)) return false;
    }
    return true;
  }
}
