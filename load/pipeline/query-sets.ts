import { pickIndex, seededRandom } from '../../services/figures/random.ts';
import { misspell } from '../workloads/misspell.ts';
import type { Pool } from '../workloads/pool.ts';
import { workloadOf } from '../workloads/workloads.ts';

/** Queries to measure over. */
export interface QuerySet {
  readonly name: string;
  readonly queries: readonly string[];
}

const THREE_WORDS = /^[a-z]{3,} [a-z]{3,} [a-z]{3,}$/i;
/** Long queries take several times as long. */
const LONG_SHARE = 0.25;

/** The sets that are measured, each of at most `limit` queries; the same for the same pool and seed. */
export function querySets(pool: Pool, limit: number, seed: number): QuerySet[] {
  const queries = shuffled(pool.queries, seed);
  const threeWords = queries.filter((query) => THREE_WORDS.test(query)).slice(0, limit);
  const ofWorkload = (name: string, count: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, () => workloadOf(name).query(pool, random));
  };
  const random = seededRandom(seed);
  return [
    { name: 'natural', queries: ofWorkload('natural', limit) },
    { name: '3 words', queries: threeWords },
    { name: '3 words, one misspelled', queries: threeWords.flatMap((query) => misspell(query, random) ?? []) },
    { name: 'long', queries: ofWorkload('long', Math.ceil(LONG_SHARE * limit)) },
  ];
}

/** All items in an order drawn by `seed`. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  return items
    .map((item) => ({ item, at: pickIndex(random, 2 ** 31) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
