import { tokenise } from '../../stores/text/tokenise.ts';

/** Terms held; beyond, new ones are passed over. */
const MOST_TERMS = 1 << 21;

/**
 * Finds the terms of a query log, of one file or many, that only queries without results have: where misspellings gather. Of logs that tell how
 * many results a query had.
 *
 * Memory: the different terms of queries without results and of those with some.
 */
export class ZeroHits {
  readonly #without: Map<string, number>;
  readonly #with: Set<string>;

  constructor() {
    this.#without = new Map();
    this.#with = new Set();
  }

  /** Takes one query that was asked `count` times; `hits` is -1 where it is unknown, and then it tells nothing. */
  add(query: string, count: number, hits: number): void {
    if (hits < 0 || count === 0) return;
    for (const { class: kind, text } of tokenise(query, { syntax: 'plain' })) {
      if (kind !== 'word') continue;
      if (hits > 0) {
        if (this.#with.size < MOST_TERMS) this.#with.add(text);
        this.#without.delete(text);
      } else if (!this.#with.has(text)) {
        const before = this.#without.get(text);
        if (before !== undefined || this.#without.size < MOST_TERMS) this.#without.set(text, (before ?? 0) + count);
      }
    }
  }

  /** The terms that no query with results had, and how often they were asked for. */
  found(): ReadonlyMap<string, number> {
    return this.#without;
  }
}
