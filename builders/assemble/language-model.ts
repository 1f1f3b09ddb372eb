/**
 * The n-gram model: P(v | u) = (sum over sources s of w_s(u) c_s(u v) / c_s(u)) / (1 + sum over s of w_s(u)) + b(u) P(v): a
 * source speaks for a context as far as it has seen it and as its word has proved good (`mixture.ts`), and b(u) is what is
 * left. Triples likewise over pairs. Counts of web-scale lists are truncated, so the seen shares of a context do not sum to
 * 1: b(u) takes the rest.
 */

import { END_ID, NUMBER_ID, START_ID, UNKNOWN_ID } from '../../stores/lexicon/format.ts';
import type { CountedSource } from '../count/counted-source.ts';
import { observeText } from './held-out.ts';
import { bucketOf } from './mixture.ts';
import { forEachIn, ID_SPACE, readPairs, type SourcePairs, secondOf, unionOfKeys } from './source-counts.ts';
import { TermIds } from './term-ids.ts';
import { estimateTriples } from './triples.ts';
import type { Vocabulary } from './vocabulary.ts';

/** How much the counts of a source weigh against one another and against the lower order. */
export interface SmoothingParameters {
  /** K: pseudo-count of the lower-order model. */
  readonly priorCount: number;
  /** h_s: effective observations for each one counted, before the fit. */
  evidencePerCount(source: CountedSource): number;
  /** Whether a source is the owner's own text, which decides on all the sources' weights where there is any. */
  isOwners(source: CountedSource): boolean;
  /** Whether weights are fitted to text; if not, every source is believed by its counts alone. */
  readonly isFitted: boolean;
  /** Triples are kept where leaving one out would cost this much or more, in nats a word of text. */
  readonly tripleLoss: number;
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

/** The part of a model without triples. */
export type PairModel = Pick<LanguageModel, 'pairs' | 'pairProbabilities' | 'backoffs'>;

/** Estimates the model. Memory: 16 bytes an n-gram and source, and some 40 an n-gram kept. */
export function estimateLanguageModel(
  sources: readonly CountedSource[],
  vocabulary: Vocabulary,
  parameters: SmoothingParameters,
): LanguageModel {
  const ids = new TermIds(vocabulary.texts);
  const counted = sources.map((source, s) => readPairs(source, vocabulary.counts[s]!, ids));
  const perCount = sources.map((source) => parameters.evidencePerCount(source) / parameters.priorCount);
  const multipliers = parameters.isFitted
    ? observeText(sources, counted, perCount, parameters.isOwners, (id) => unigram(vocabulary, id))
    : undefined;
  const weightOf = (s: number, contextCount: number) =>
    contextCount === 0 ? 0 : perCount[s]! * contextCount * (multipliers?.[bucketOf(s, contextCount)] ?? 1);
  const model = estimatePairs(counted, vocabulary, weightOf);
  return { ...model, ...estimateTriples(sources, counted, ids, vocabulary, parameters, model) };
}

function estimatePairs(
  counted: readonly SourcePairs[],
  vocabulary: Vocabulary,
  weightOf: (s: number, contextCount: number) => number,
): PairModel {
  const size = vocabulary.texts.length;
  const pairs = unionOfKeys(counted.map((source) => source.keys));
  const totals = new Float64Array(size).fill(1);
  const weights = counted.map(({ contextCounts }, s) => contextCounts.map((count) => weightOf(s, count)));
  for (const ofSource of weights) for (let u = 0; u < size; u++) totals[u]! += ofSource[u]!;
  const shares = new Float64Array(pairs.length);
  const spent = new Float64Array(size);
  counted.forEach((source, s) => {
    forEachIn(source, pairs, (at, count) => {
      const u = Math.floor(pairs[at]! / ID_SPACE);
      const share = ((weights[s]![u]! / totals[u]!) * count) / source.contextCounts[u]!;
      shares[at]! += share;
      spent[u]! += share;
    });
  });
  const backoffs = spent.map((share) => Math.max(1 - share, LEAST_BACKOFF));
  for (let i = 0; i < pairs.length; i++) {
    const u = Math.floor(pairs[i]! / ID_SPACE);
    shares[i] = Math.min(1, shares[i]! + backoffs[u]! * unigram(vocabulary, secondOf(pairs[i]!)));
  }
  return { pairs, pairProbabilities: shares, backoffs };
}

/** No context is so well known that nothing new follows it. */
export const LEAST_BACKOFF = 1e-3;

/** P(term). The reserved ids have a share of their own in text; a sentence or query ends after some eight words. */
export function unigram(vocabulary: Vocabulary, id: number): number {
  if (id === END_ID) return 0.1;
  if (id === NUMBER_ID) return 0.02;
  if (id === START_ID || id === UNKNOWN_ID) return 1e-9;
  return vocabulary.probabilities[id]!;
}
