/**
 * The n-gram model: P(v | u) = sum over sources s of h_s c_s(u v) / (K + sum over s of h_s c_s(u)) + b(u) P(v): a source
 * speaks for a context as far as it has seen it (Jelinek-Mercer with weights by source and context count, in the form
 * that Zhai & Lafferty 2001 call Dirichlet), and b(u) is what is left. Triples likewise over pairs. Counts of web-scale
 * lists are truncated, so the seen shares of a context do not sum to 1: b(u) takes the rest.
 */

import { decodeUtf8 } from '../../stores/bytes/utf8.ts';
import { END_ID, NUMBER_ID, START_ID, UNKNOWN_ID } from '../../stores/lexicon/format.ts';
import { type CountedSource, NUMBER, SENTENCE_END, SENTENCE_START } from '../count/counted-source.ts';
import type { Vocabulary } from './vocabulary.ts';

/** How much the counts of a source weigh against one another and against the lower order. */
export interface SmoothingParameters {
  /** K: pseudo-count of the lower-order model. */
  readonly priorCount: number;
  /** h_s: effective observations for each one counted. */
  evidencePerCount(source: CountedSource): number;
  /** Triples are kept only where they change the estimate from the pair by this factor or more. */
  readonly trigramGain: number;
}

/** Pairs and triples with their conditional probabilities, sorted as the n-gram store's keys are. */
export interface LanguageModel {
  /** `u * 2^24 + v`, ascending. */
  readonly pairs: Float64Array;
  readonly pairProbabilities: Float64Array;
  /** b(u v) of pairs that triples continue, else 0. */
  readonly pairBackoffs: Float64Array;
  /** b(u) by term id. */
  readonly backoffs: Float64Array;
  /** Index of the pair (u v) of each triple, ascending; the third terms beside. */
  readonly triplePairs: Uint32Array;
  readonly tripleLasts: Uint32Array;
  readonly tripleProbabilities: Float64Array;
}

/** Factor between the two ids of a pair's key: ids take 24 bits. */
export const ID_SPACE = 2 ** 24;

/** Estimates the model. Memory: 16 bytes an n-gram and source, and some 40 an n-gram kept. */
export function estimateLanguageModel(
  sources: readonly CountedSource[],
  vocabulary: Vocabulary,
  parameters: SmoothingParameters,
): LanguageModel {
  const counted = sources.map((source, s) => readPairs(source, vocabulary.counts[s]!, vocabulary));
  const size = vocabulary.texts.length;
  const pairs = unionOfKeys(counted.map((source) => source.keys));
  const evidence = new Float64Array(size);
  counted.forEach((source, s) => {
    const perCount = parameters.evidencePerCount(sources[s]!);
    for (let u = 0; u < size; u++) evidence[u]! += perCount * source.contextCounts[u]!;
  });
  const shares = new Float64Array(pairs.length);
  const spent = new Float64Array(size);
  counted.forEach((source, s) => {
    const perCount = parameters.evidencePerCount(sources[s]!);
    forEachPair(source, pairs, (at, count) => {
      const u = Math.floor(pairs[at]! / ID_SPACE);
      const share = (perCount * count) / (parameters.priorCount + evidence[u]!);
      shares[at]! += share;
      spent[u]! += share;
    });
  });
  const backoffs = new Float64Array(size);
  for (let u = 0; u < size; u++) backoffs[u] = Math.max(1 - spent[u]!, LEAST_BACKOFF);
  const pairProbabilities = shares;
  for (let i = 0; i < pairs.length; i++) {
    const u = Math.floor(pairs[i]! / ID_SPACE);
    pairProbabilities[i] = Math.min(1, shares[i]! + backoffs[u]! * unigram(vocabulary, pairs[i]! % ID_SPACE));
  }
  const model = { pairs, pairProbabilities, backoffs };
  return { ...model, ...estimateTriples(sources, vocabulary, parameters, model, counted) };
}

/** Occurrences of a word for each one that a list of pairs cut off at some count still tells of. */
const UNLISTED_SHARE = 1.5;

/** No context is so well known that nothing new follows it. */
const LEAST_BACKOFF = 1e-3;

/** The reserved ids have a share of their own in text; a sentence or query ends after some eight words. */
function unigram(vocabulary: Vocabulary, id: number): number {
  if (id === END_ID) return 0.1;
  if (id === NUMBER_ID) return 0.02;
  if (id === START_ID || id === UNKNOWN_ID) return 1e-9;
  return vocabulary.probabilities[id]!;
}

interface SourcePairs {
  /** Ascending. */
  readonly keys: Float64Array;
  readonly counts: Float64Array;
  /** Occurrences of each id as a context, in the source's own counts. */
  readonly contextCounts: Float64Array;
}

function termId(vocabulary: Vocabulary, text: string): number {
  if (text === SENTENCE_START) return START_ID;
  if (text === SENTENCE_END) return END_ID;
  if (text === NUMBER) return NUMBER_ID;
  return vocabulary.idOf.get(text) ?? -1;
}

/** General text begins and ends otherwise than queries do: its marks are left out, of pairs and triples alike. */
function isForeignMark(source: CountedSource, first: number, last: number): boolean {
  return source.wordClass === 'general' && (first === START_ID || last === END_ID);
}

function readPairs(source: CountedSource, unigramCounts: Float64Array, vocabulary: Vocabulary): SourcePairs {
  const keys: number[] = [];
  const counts: number[] = [];
  const continued = new Float64Array(unigramCounts.length);
  const cursor = source.ngrams(2);
  while (source.role !== 'words' && cursor.next()) {
    const text = decodeUtf8(cursor.key, 0, cursor.keyEnd);
    const space = text.indexOf(' ');
    const u = termId(vocabulary, text.slice(0, space));
    const v = termId(vocabulary, text.slice(space + 1));
    if (u < 0 || v < 0) continue;
    if (isForeignMark(source, u, v)) continue;
    keys.push(u * ID_SPACE + v);
    counts.push(cursor.count);
    continued[u]! += cursor.count;
  }
  // A list of words says nothing of what follows them. A list of pairs is cut off at some count, and its words may be
  // counted on another scale: a context is taken to have occurred somewhat more often than it continued.
  const contextCounts = unigramCounts.map((count, u) => {
    if (source.role === 'words') return 0;
    return source.role === 'ngrams' ? UNLISTED_SHARE * continued[u]! : Math.max(count, continued[u]!);
  });
  const order = Uint32Array.from(keys, (_, i) => i).sort((a, b) => keys[a]! - keys[b]!);
  return {
    keys: Float64Array.from(order, (i) => keys[i]!),
    counts: Float64Array.from(order, (i) => counts[i]!),
    contextCounts,
  };
}

/** Calls `visit` with the index in `pairs` and the count of each of the source's pairs. */
function forEachPair(source: SourcePairs, pairs: Float64Array, visit: (at: number, count: number) => void): void {
  let at = 0;
  for (let i = 0; i < source.keys.length; i++) {
    while (pairs[at] !== source.keys[i]) at++;
    visit(at, source.counts[i]!);
  }
}

function unionOfKeys(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0));
  let end = 0;
  for (const list of lists) {
    all.set(list, end);
    end += list.length;
  }
  all.sort();
  let kept = 0;
  for (let i = 0; i < end; i++) {
    if (i === 0 || all[i] !== all[i - 1]) all[kept++] = all[i]!;
  }
  return all.slice(0, kept);
}

type PairModel = Pick<LanguageModel, 'pairs' | 'pairProbabilities' | 'backoffs'>;
type TripleModel = Omit<LanguageModel, keyof PairModel>;

/** Triples of the sources that have them, over the pair model. */
function estimateTriples(
  sources: readonly CountedSource[],
  vocabulary: Vocabulary,
  parameters: SmoothingParameters,
  model: PairModel,
  counted: readonly SourcePairs[],
): TripleModel {
  const { pairs } = model;
  const evidence = new Float64Array(pairs.length);
  const shares = new Map<number, Map<number, number>>();
  sources.forEach((source, s) => {
    const perCount = parameters.evidencePerCount(source);
    forEachPair(counted[s]!, pairs, (at, count) => {
      evidence[at]! += perCount * count;
    });
  });
  for (const source of sources) {
    const perCount = parameters.evidencePerCount(source);
    const cursor = source.ngrams(3);
    while (cursor.next()) {
      const [a, b, c] = decodeUtf8(cursor.key, 0, cursor.keyEnd)
        .split(' ')
        .map((text) => termId(vocabulary, text));
      if (a! < 0 || b! < 0 || c! < 0 || isForeignMark(source, a!, c!)) continue;
      const pair = findSorted(pairs, a! * ID_SPACE + b!);
      if (pair < 0) continue;
      const lasts = shares.get(pair) ?? new Map<number, number>();
      shares.set(pair, lasts);
      lasts.set(c!, (lasts.get(c!) ?? 0) + (perCount * cursor.count) / (parameters.priorCount + evidence[pair]!));
    }
  }
  return keepTriples(shares, vocabulary, parameters, model);
}

/** Drops the triples that say nothing new; what they held goes to the back-off. */
function keepTriples(
  shares: ReadonlyMap<number, ReadonlyMap<number, number>>,
  vocabulary: Vocabulary,
  parameters: SmoothingParameters,
  model: PairModel,
): TripleModel {
  const pairBackoffs = new Float64Array(model.pairs.length);
  const triplePairs: number[] = [];
  const tripleLasts: number[] = [];
  const tripleProbabilities: number[] = [];
  for (const pair of [...shares.keys()].sort((a, b) => a - b)) {
    const v = model.pairs[pair]! % ID_SPACE;
    const lasts = [...shares.get(pair)!].sort((a, b) => a[0] - b[0]);
    const backoff = Math.max(1 - lasts.reduce((sum, [, share]) => sum + share, 0), LEAST_BACKOFF);
    let kept = 0;
    for (const [w, share] of lasts) {
      const lower = pairProbability(model, vocabulary, v, w);
      const probability = Math.min(1, share + backoff * lower);
      const ratio = probability / lower;
      if (ratio < parameters.trigramGain && ratio > 1 / parameters.trigramGain) continue;
      triplePairs.push(pair);
      tripleLasts.push(w);
      tripleProbabilities.push(probability);
      kept++;
    }
    if (kept > 0) pairBackoffs[pair] = backoff;
  }
  return {
    pairBackoffs,
    triplePairs: Uint32Array.from(triplePairs),
    tripleLasts: Uint32Array.from(tripleLasts),
    tripleProbabilities: Float64Array.from(tripleProbabilities),
  };
}

function pairProbability(model: PairModel, vocabulary: Vocabulary, v: number, w: number): number {
  const at = findSorted(model.pairs, v * ID_SPACE + w);
  return at >= 0 ? model.pairProbabilities[at]! : model.backoffs[v]! * unigram(vocabulary, w);
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
