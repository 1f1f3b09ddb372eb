import { FIRST_TERM_ID } from '../../../stores/lexicon/format.ts';
import { MISS } from '../../../stores/store.ts';
import type { Vectors } from '../../../stores/vectors/vectors.ts';

/** Words looked at on either side of one: what a query is about, and of a pasted text the words around. */
const WINDOW = 6;
/** Words of a reading that are looked at: far more than any query has. */
export const MOST_WORDS = 256;
/** Cosines remembered within and between queries; a power of two. */
const MEMO_SLOTS = 1 << 13;

/**
 * How well the words of a reading go together, by the directions of their vectors: evidence for pairs that no source of
 * n-grams has seen.
 *
 * Hot path: the readings of a query share most of their words, so a direct-mapped memo answers for most pairs; a query of
 * five words takes some 15 us.
 */
export class Coherence {
  /** Of the reading measured last: its words that have vectors. */
  words: number;
  /** Over these, the sum of the cosine with the nearest other one, and of the mean cosine with the others around. */
  best: number;
  mean: number;
  /** What `measure` is given: numbers of vectors, as `rowOf` tells them. */
  readonly rows: Int32Array;
  readonly #vectors: Vectors | undefined;
  readonly #bests: Float64Array;
  readonly #sums: Float64Array;
  readonly #memoKeys: Float64Array;
  readonly #memoValues: Float64Array;

  /** Without vectors all measures are 0. */
  constructor(vectors: Vectors | undefined) {
    this.words = 0;
    this.best = 0;
    this.mean = 0;
    this.rows = new Int32Array(MOST_WORDS);
    this.#vectors = vectors;
    this.#bests = new Float64Array(MOST_WORDS);
    this.#sums = new Float64Array(MOST_WORDS);
    this.#memoKeys = new Float64Array(vectors === undefined ? 0 : MEMO_SLOTS).fill(-1);
    this.#memoValues = new Float64Array(vectors === undefined ? 0 : MEMO_SLOTS);
  }

  /** The number of a term's vector, or `MISS`: numbers and unknown words have none. */
  rowOf(id: number): number {
    return id < FIRST_TERM_ID || this.#vectors === undefined ? MISS : this.#vectors.rowOf(id);
  }

  /** Measures words in a row by the first `count` of `rows`: see the fields. Allocates nothing. */
  measure(count: number): void {
    this.words = count;
    this.best = 0;
    this.mean = 0;
    const vectors = this.#vectors;
    if (vectors === undefined) return;
    if (count < 2) return;
    const { rows } = this;
    const bests = this.#bests;
    const sums = this.#sums;
    for (let i = 0; i < count; i++) {
      bests[i] = -1;
      sums[i] = 0;
    }
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count && j <= i + WINDOW; j++) {
        const cosine = this.#cosine(rows[i]!, rows[j]!, vectors);
        if (cosine > bests[i]!) bests[i] = cosine;
        if (cosine > bests[j]!) bests[j] = cosine;
        sums[i]! += cosine;
        sums[j]! += cosine;
      }
    }
    let best = 0;
    let mean = 0;
    for (let i = 0; i < count; i++) {
      best += bests[i]!;
      mean += sums[i]! / (Math.min(WINDOW, i) + Math.min(WINDOW, count - 1 - i));
    }
    this.best = best;
    this.mean = mean;
  }

  #cosine(first: number, second: number, vectors: Vectors): number {
    const packed = first * 2 ** 24 + second;
    const slot = (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 19;
    if (this.#memoKeys[slot] === packed) return this.#memoValues[slot]!;
    const cosine = vectors.cosine(first, second);
    this.#memoKeys[slot] = packed;
    this.#memoValues[slot] = cosine;
    return cosine;
  }
}
