/** What the n-gram model consists of; `language-model.ts` estimates it. */

import { END_ID, NUMBER_ID, START_ID, UNKNOWN_ID } from '../../stores/lexicon/format.ts';
import type { CountedSource } from '../count/counted-source.ts';
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

/** No context is so well known that nothing new follows it. */
export const LEAST_BACKOFF = 1e-3;

/** P(term). The reserved ids have a share of their own in text; a sentence or query ends after some eight words. */
export function unigram(vocabulary: Vocabulary, id: number): number {
  if (id === END_ID) return 0.1;
  if (id === NUMBER_ID) return 0.02;
  if (id === START_ID || id === UNKNOWN_ID) return 1e-9;
  return vocabulary.probabilities[id]!;
}
