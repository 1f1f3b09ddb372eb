/** A search log as an audit looks at it: distinct queries, how often each was asked, and how often it found nothing. */

/** One distinct query. */
export interface AskedQuery {
  readonly query: string;
  /** Searches. */
  count: number;
  /** Of these, those known to have found nothing, and those known to have found something. */
  zero: number;
  good: number;
}

/** Distinct queries held; the searches of others are counted alone. */
const MOST_QUERIES = 1 << 20;

/** Adds up a log. Memory: a million distinct queries, some 150 MB. */
export class SearchLog {
  readonly #asked: Map<string, AskedQuery>;
  readonly #most: number;
  /** Rows read, and searches that they stand for. */
  rows: number;
  searches: number;
  /** Searches of queries that came when as many were held as can be. */
  beyond: number;

  constructor(most: number = MOST_QUERIES) {
    this.#asked = new Map();
    this.#most = most;
    this.rows = 0;
    this.searches = 0;
    this.beyond = 0;
  }

  /** Adds a row; `hits` is -1 where it is unknown. */
  add(query: string, count: number, hits: number): void {
    if (count === 0 || query.trim() === '') return;
    this.rows++;
    this.searches += count;
    let asked = this.#asked.get(query);
    if (asked === undefined) {
      if (this.#asked.size >= this.#most) {
        this.beyond += count;
        return;
      }
      asked = { query, count: 0, zero: 0, good: 0 };
      this.#asked.set(query, asked);
    }
    asked.count += count;
    if (hits === 0) asked.zero += count;
    else if (hits > 0) asked.good += count;
  }

  /** Distinct queries held. */
  get distinct(): number {
    return this.#asked.size;
  }

  /** The distinct queries, the most frequent first, then as they came; `limit` of them. */
  frequent(limit: number): AskedQuery[] {
    return [...this.#asked.values()].sort((a, b) => b.count - a.count).slice(0, limit);
  }
}
