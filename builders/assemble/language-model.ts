/**
 * The n-gram model: P(v | u) = (sum over sources s of w_s(u) c_s(u v) / c_s(u)) / (1 + sum over s of w_s(u)) + b(u) P(v): a
 * source speaks for a context as far as it has seen it and as its word has proved good (`mixture.ts`), and b(u) is what is
 * left. Triples likewise over pairs. Counts of web-scale lists are truncated, so the seen shares of a context do not sum to
 * 1: b(u) takes the rest.
 */

import type { CountedSource } from '../count/counted-source.ts';
import { observeText } from './held-out.ts';
import { bucketOf } from './mixture.ts';
import { type LanguageModel, LEAST_BACKOFF, type PairModel, type SmoothingParameters, unigram } from './model.ts';
import { forEachIn, ID_SPACE, readPairs, type SourcePairs, secondOf, unionOfKeys } from './source-counts.ts';
import { TermIds } from './term-ids.ts';
import { estimateTriples } from './triples.ts';
import type { Vocabulary } from './vocabulary.ts';

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
