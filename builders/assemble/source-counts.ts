/** What the sources counted of pairs and triples, by the ids of a vocabulary: sorted arrays in place of cursors over text. */

import { END_ID, START_ID } from '../../stores/lexicon/format.ts';
import type { CountedSource } from '../count/counted-source.ts';
import { sortPairs } from '../sort/sort-pairs.ts';
import type { TermIds } from './term-ids.ts';

/** Factor between the two ids of a pair's key: ids take 24 bits. */
export const ID_SPACE = 2 ** 24;

/** The second id of a pair's key. Faster than the remainder, which for doubles is a call. */
export function secondOf(key: number): number {
  return key - Math.floor(key / ID_SPACE) * ID_SPACE;
}

/** Pairs of one source whose words are both terms. */
export interface SourcePairs {
  /** `u * 2^24 + v`, ascending, each once. */
  readonly keys: Float64Array;
  readonly counts: Float64Array;
  /** How often each id was the first of a pair. */
  readonly continued: Float64Array;
  /** Occurrences of each id as a context, in the source's own counts; at least `continued`. */
  readonly contextCounts: Float64Array;
}

/** Triples of one source over the pairs of a model. */
export interface SourceTriples {
  /** `pair * 2^24 + w`, the pair by its index, ascending, each once. */
  readonly keys: Float64Array;
  readonly counts: Float64Array;
}

/** Occurrences of a word for each one that a list of pairs cut off at some count still tells of. */
const UNLISTED_SHARE = 1.5;

const SPACE = 0x20;

/** Reads a source's pairs. @param unigramCounts the source's own, by id */
export function readPairs(source: CountedSource, unigramCounts: Float64Array, ids: TermIds): SourcePairs {
  const continued = new Float64Array(unigramCounts.length);
  const list = new CountList();
  const cursor = source.ngrams(2);
  let u = -1;
  while (source.role !== 'words' && cursor.next()) {
    const { key, keyEnd } = cursor;
    const space = key.indexOf(SPACE);
    // Pairs come by their first word: it is looked for once.
    if (u < 0 || !ids.is(u, key, 0, space)) u = ids.find(key, 0, space);
    const v = u < 0 ? -1 : ids.find(key, space + 1, keyEnd);
    if (v < 0 || isForeignMark(source, u, v)) continue;
    list.add(u * ID_SPACE + v, cursor.count);
    continued[u]! += cursor.count;
  }
  // A list of words says nothing of what follows them. A list of pairs is cut off at some count, and its words may be
  // counted on another scale: a context is taken to have occurred somewhat more often than it continued.
  const contextCounts = unigramCounts.map((count, u) => {
    if (source.role === 'words') return 0;
    return source.role === 'ngrams' ? UNLISTED_SHARE * continued[u]! : Math.max(count, continued[u]!);
  });
  return { ...list.sorted(), continued, contextCounts };
}

/** Reads a source's triples that continue one of `pairs`, ascending keys. */
export function readTriples(source: CountedSource, pairs: Float64Array, ids: TermIds): SourceTriples {
  const list = new CountList();
  const cursor = source.ngrams(3);
  let [u, v, pair] = [-1, -1, -1];
  while (cursor.next()) {
    const { key, keyEnd } = cursor;
    const first = key.indexOf(SPACE);
    const second = key.indexOf(SPACE, first + 1);
    // Triples come by their first two words: the pair is looked for once.
    if (u < 0 || v < 0 || !ids.is(u, key, 0, first) || !ids.is(v, key, first + 1, second)) {
      u = ids.find(key, 0, first);
      v = u < 0 ? -1 : ids.find(key, first + 1, second);
      pair = v < 0 ? -1 : findSorted(pairs, u * ID_SPACE + v);
    }
    const w = pair < 0 ? -1 : ids.find(key, second + 1, keyEnd);
    if (w >= 0 && !isForeignMark(source, u, w)) list.add(pair * ID_SPACE + w, cursor.count);
  }
  return list.sorted();
}

/** The keys of all lists, each of which ascends and has a key once; ascending, each once. */
export function unionOfKeys(lists: readonly Float64Array[]): Float64Array {
  // Shortest first: the long ones are gone over as seldom as can be.
  const ordered = [...lists].sort((a, b) => a.length - b.length);
  let union: Float64Array = new Float64Array(0);
  for (const list of ordered) union = list.length === 0 ? union : merged(union, list);
  return union;
}

function merged(a: Float64Array, b: Float64Array): Float64Array {
  const all = new Float64Array(a.length + b.length);
  let [i, j, end] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i]!, b[j]!];
    all[end++] = Math.min(x, y);
    if (x <= y) i++;
    if (y <= x) j++;
  }
  while (i < a.length) all[end++] = a[i++]!;
  while (j < b.length) all[end++] = b[j++]!;
  return end === all.length ? all : all.slice(0, end);
}

/** Occurrences of each of `pairs` as the context of a source's triples, in the source's own counts; 0 where none follows it. */
export function tripleContexts(
  source: CountedSource,
  ofPairs: SourcePairs,
  triples: SourceTriples,
  pairs: Float64Array,
): Float64Array {
  const contexts = new Float64Array(pairs.length);
  const share = source.role === 'ngrams' ? UNLISTED_SHARE : 1;
  for (let i = 0; i < triples.keys.length; i++)
    contexts[Math.floor(triples.keys[i]! / ID_SPACE)]! += share * triples.counts[i]!;
  if (triples.keys.length === 0) return contexts;
  // Of text, all that came after is counted but for what was too rare: a pair that nothing frequent follows tells of that.
  forEachIn(ofPairs, pairs, (at, count) => {
    contexts[at] = Math.max(contexts[at]!, count);
  });
  return contexts;
}

/** Calls `visit` with the index in `union` and the count of each of a source's keys, all of which are in `union`. */
export function forEachIn(
  source: SourceTriples,
  union: Float64Array,
  visit: (at: number, count: number) => void,
): void {
  let at = 0;
  for (let i = 0; i < source.keys.length; i++) {
    while (union[at] !== source.keys[i]) at++;
    visit(at, source.counts[i]!);
  }
}

/** The index of `key` in an ascending array, or -1. */
export function findSorted(keys: Float64Array, key: number): number {
  let low = 0;
  let high = keys.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = keys[middle]!;
    if (found === key) return middle;
    if (found < key) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** General text begins and ends otherwise than queries do: its marks are left out, of pairs and triples alike. */
function isForeignMark(source: CountedSource, first: number, last: number): boolean {
  return source.wordClass === 'general' && (first === START_ID || last === END_ID);
}

/** Keys and counts as they come, then sorted. */
class CountList {
  #keys: Float64Array;
  #counts: Float64Array;
  #length: number;

  constructor() {
    this.#keys = new Float64Array(1 << 10);
    this.#counts = new Float64Array(1 << 10);
    this.#length = 0;
  }

  add(key: number, count: number): void {
    if (this.#length === this.#keys.length) {
      this.#keys = doubled(this.#keys);
      this.#counts = doubled(this.#counts);
    }
    this.#keys[this.#length] = key;
    this.#counts[this.#length++] = count;
  }

  /**
   * The keys once each, ascending, counts of equal ones summed: two terms may have the same id.
   *
   * A counting sort moves them to their first id, then each first id's few are sorted where they lie.
   */
  sorted(): { keys: Float64Array; counts: Float64Array } {
    const length = this.#length;
    let most = -1;
    for (let i = 0; i < length; i++) most = Math.max(most, Math.floor(this.#keys[i]! / ID_SPACE));
    const starts = new Uint32Array(most + 2);
    for (let i = 0; i < length; i++) starts[Math.floor(this.#keys[i]! / ID_SPACE) + 1]!++;
    for (let first = 0; first <= most; first++) starts[first + 1]! += starts[first]!;
    const next = starts.slice();
    const keys = new Float64Array(length);
    const counts = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const at = next[Math.floor(this.#keys[i]! / ID_SPACE)]!++;
      keys[at] = this.#keys[i]!;
      counts[at] = this.#counts[i]!;
    }
    for (let first = 0; first <= most; first++) sortPairs(keys, counts, starts[first]!, starts[first + 1]!);
    let end = 0;
    for (let i = 0; i < length; i++) {
      if (end > 0 && keys[end - 1] === keys[i]) {
        counts[end - 1]! += counts[i]!;
      } else {
        keys[end] = keys[i]!;
        counts[end++] = counts[i]!;
      }
    }
    return end === length ? { keys, counts } : { keys: keys.slice(0, end), counts: counts.slice(0, end) };
  }
}

function doubled(from: Float64Array): Float64Array {
  const to = new Float64Array(2 * from.length);
  to.set(from);
  return to;
}
