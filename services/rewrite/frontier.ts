import type { Arc } from './lattice.ts';

/** A reading of the first tokens of a query. */
export interface Hypothesis {
  readonly cost: number;
  readonly languageCost: number;
  /** The last two ids: all that the language model looks at. `before` is -1 at the start. */
  readonly before: number;
  readonly last: number;
  readonly arc: Arc | undefined;
  readonly previous: Hypothesis | undefined;
}

/** Hypotheses that a frontier has room for at first: some fifty before times a dozen arcs. */
const FIRST_ROOM = 512;

/**
 * The hypotheses that end at one position, before most of them are dropped.
 *
 * Hot path: several hundred a position come in and some fifty go on. So they lie in columns, objects are made only of those
 * that go on, and these are taken from a heap rather than by sorting all.
 */
export class Frontier {
  count: number;
  costs: Float64Array;
  languageCosts: Float64Array;
  befores: Int32Array;
  lasts: Int32Array;
  readonly #arcs: Arc[];
  readonly #previous: Hypothesis[];
  /** Indices; the cheapest on top, the first added of equals. */
  #heap: Int32Array;
  #heapCount: number;

  constructor() {
    this.count = 0;
    this.costs = new Float64Array(FIRST_ROOM);
    this.languageCosts = new Float64Array(FIRST_ROOM);
    this.befores = new Int32Array(FIRST_ROOM);
    this.lasts = new Int32Array(FIRST_ROOM);
    this.#arcs = [];
    this.#previous = [];
    this.#heap = new Int32Array(FIRST_ROOM);
    this.#heapCount = 0;
  }

  /** Forgets all hypotheses, and what they refer to. */
  clear(): void {
    this.count = 0;
    this.#arcs.length = 0;
    this.#previous.length = 0;
  }

  add(cost: number, languageCost: number, before: number, last: number, arc: Arc, previous: Hypothesis): void {
    const index = this.count++;
    if (index === this.costs.length) this.#grow();
    this.costs[index] = cost;
    this.languageCosts[index] = languageCost;
    this.befores[index] = before;
    this.lasts[index] = last;
    this.#arcs[index] = arc;
    this.#previous[index] = previous;
  }

  /** The hypothesis at an index, as an object. */
  at(index: number): Hypothesis {
    return {
      cost: this.costs[index]!,
      languageCost: this.languageCosts[index]!,
      before: this.befores[index]!,
      last: this.lasts[index]!,
      arc: this.#arcs[index],
      previous: this.#previous[index],
    };
  }

  /** Makes `pop` begin with the cheapest of all, by the costs as they are now. */
  heapify(): void {
    for (let i = 0; i < this.count; i++) this.#heap[i] = i;
    this.#heapCount = this.count;
    for (let i = (this.count >>> 1) - 1; i >= 0; i--) this.#sink(i);
  }

  /** The index of the cheapest that was not popped yet, or -1. */
  pop(): number {
    if (this.#heapCount === 0) return -1;
    const heap = this.#heap;
    const top = heap[0]!;
    this.#heapCount--;
    heap[0] = heap[this.#heapCount]!;
    this.#sink(0);
    return top;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const count = this.#heapCount;
    const index = heap[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && this.#precedes(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#precedes(heap[child]!, index)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = index;
  }

  #precedes(a: number, b: number): boolean {
    const difference = this.costs[a]! - this.costs[b]!;
    return difference < 0 || (difference === 0 && a < b);
  }

  #grow(): void {
    const room = 2 * this.costs.length;
    this.costs = copied(this.costs, new Float64Array(room));
    this.languageCosts = copied(this.languageCosts, new Float64Array(room));
    this.befores = copied(this.befores, new Int32Array(room));
    this.lasts = copied(this.lasts, new Int32Array(room));
    this.#heap = new Int32Array(room);
  }
}

function copied<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
