import { pick, pickIndex, type Random, seededRandom } from '../../services/figures/random.ts';
import type { LoadRequest } from '../driver/request.ts';
import { HOSTILE_SHAPES } from './hostile.ts';
import { misspell } from './misspell.ts';
import type { Pool } from './pool.ts';

/** A kind of traffic. */
export interface Workload {
  readonly name: string;
  /** One line for the report. */
  readonly what: string;
  /** Queries in each request. */
  readonly batch: number;
  /** One query of it. */
  query(pool: Pool, random: Random): string;
}

/** Queries of one batch request: a page of results, a night's re-run of a log in small pieces. */
const BATCH = 32;
/** Beyond this many bytes a query travels in a body: proxies limit the length of URLs. */
const MAX_URL_BYTES = 1500;

export const WORKLOADS: readonly Workload[] = [
  mix('natural', 'real queries, 10 % of them misspelled', 0.1),
  mix('clean', 'real queries as they are', 0),
  mix('misspelled-30', 'real queries, 30 % of them misspelled', 0.3),
  mix('misspelled-all', 'real queries, all of them misspelled', 1),
  { name: 'long', what: '10 to 20 words, 10 % of the queries misspelled', batch: 1, query: longQuery },
  {
    name: 'rare',
    what: '2 to 4 random words of a large dictionary: other blocks for every query',
    batch: 1,
    query: (pool, random) => Array.from({ length: 2 + pickIndex(random, 3) }, () => pick(random, pool.words)).join(' '),
  },
  {
    name: 'hostile',
    what: `the most work for their bytes: ${HOSTILE_SHAPES.length} shapes in turn`,
    batch: 1,
    query: (pool, random) => pick(random, HOSTILE_SHAPES).make(pool.words, random),
  },
  { ...mix('batch', `${BATCH} queries of the natural mix a request`, 0.1), batch: BATCH },
];

/** The workload of that name. */
export function workloadOf(name: string): Workload {
  const found = WORKLOADS.find((workload) => workload.name === name);
  if (found !== undefined) return found;
  throw new Error(`there is no workload "${name}"; known are ${WORKLOADS.map((known) => known.name).join(', ')}`);
}

/** `count` requests of a workload: the same for the same pool and seed. */
export function requestsOf(workload: Workload, pool: Pool, count: number, seed: number): LoadRequest[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    if (workload.batch === 1) return requestFor(workload.query(pool, random));
    const queries = Array.from({ length: workload.batch }, () => workload.query(pool, random));
    return { method: 'POST', path: '/rewrite', body: JSON.stringify({ queries }) };
  });
}

/** A query as a client would send it. */
export function requestFor(query: string): LoadRequest {
  const path = `/rewrite?q=${encodeURIComponent(query).replaceAll('%20', '+')}`;
  if (path.length <= MAX_URL_BYTES) return { method: 'GET', path, body: '' };
  return { method: 'POST', path: '/rewrite', body: JSON.stringify({ q: query }) };
}

function mix(name: string, what: string, share: number): Workload {
  return { name, what, batch: 1, query: (pool, random) => mixedQuery(pool, random, share) };
}

function mixedQuery(pool: Pool, random: Random, share: number): string {
  if (random() >= share) return pick(random, pool.queries);
  // Drawn again where it has no word long enough to misspell, so that the share holds.
  for (let tries = 0; tries < 100; tries++) {
    const misspelled = misspell(pick(random, pool.queries), random);
    if (misspelled !== undefined) return misspelled;
  }
  return pick(random, pool.queries);
}

function longQuery(pool: Pool, random: Random): string {
  const wanted = 10 + pickIndex(random, 11);
  const words: string[] = [];
  while (words.length < wanted) words.push(...pick(random, pool.queries).split(' '));
  const query = words.slice(0, wanted).join(' ');
  return random() < 0.1 ? (misspell(query, random) ?? query) : query;
}
