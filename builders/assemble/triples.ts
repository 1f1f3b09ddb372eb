/**
 * Triples over the pair model, and which of them are worth their place: leaving one out costs P(u v) times the divergence
 * of what is then said of it from what was said (Stolcke 1998, for one triple at a time, the others taken to share what
 * is over).
 */

import type { CountedSource } from '../count/counted-source.ts';
import { type LanguageModel, LEAST_BACKOFF, type PairModel, type SmoothingParameters, unigram } from './model.ts';
import {
  findSorted,
  forEachIn,
  ID_SPACE,
  readTriples,
  type SourcePairs,
  secondOf,
  tripleContexts,
  unionOfKeys,
} from './source-counts.ts';
import type { TermIds } from './term-ids.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Triples of the sources that have them, over the pair model. */
export function estimateTriples(
  sources: readonly CountedSource[],
  counted: readonly SourcePairs[],
  ids: TermIds,
  vocabulary: Vocabulary,
  parameters: SmoothingParameters,
  model: PairModel,
): Omit<LanguageModel, keyof PairModel> {
  const { pairs } = model;
  const perCount = sources.map((source) => parameters.evidencePerCount(source) / parameters.priorCount);
  const evidence = new Float64Array(pairs.length).fill(1);
  const read = sources.map((source) => readTriples(source, pairs, ids));
  // Sources without triples have no say here: that they have none of a pair tells nothing.
  read.forEach((triples, s) => {
    const contexts = tripleContexts(sources[s]!, counted[s]!, triples, pairs);
    for (let at = 0; at < pairs.length; at++) evidence[at]! += perCount[s]! * contexts[at]!;
  });
  const triples = unionOfKeys(read.map((source) => source.keys));
  const shares = new Float64Array(triples.length);
  read.forEach((source, s) => {
    forEachIn(source, triples, (at, count) => {
      shares[at]! += (perCount[s]! * count) / evidence[Math.floor(triples[at]! / ID_SPACE)]!;
    });
  });
  return keepTriples(triples, shares, vocabulary, parameters.tripleLoss, model);
}

function keepTriples(
  triples: Float64Array,
  shares: Float64Array,
  vocabulary: Vocabulary,
  tripleLoss: number,
  model: PairModel,
): Omit<LanguageModel, keyof PairModel> {
  const pairBackoffs = new Float64Array(model.pairs.length);
  const triplePairs: number[] = [];
  const tripleLasts: number[] = [];
  const tripleProbabilities: number[] = [];
  for (let from = 0, to = 0; from < triples.length; from = to) {
    const pair = Math.floor(triples[from]! / ID_SPACE);
    let spent = 0;
    for (; to < triples.length && Math.floor(triples[to]! / ID_SPACE) === pair; to++) spent += shares[to]!;
    const u = Math.floor(model.pairs[pair]! / ID_SPACE);
    const v = secondOf(model.pairs[pair]!);
    const pairProbability = unigram(vocabulary, u) * model.pairProbabilities[pair]!;
    const backoff = Math.max(1 - spent, LEAST_BACKOFF);
    const first = tripleLasts.length;
    let left = 1;
    for (let i = from; i < to; i++) {
      const w = secondOf(triples[i]!);
      const lower = probabilityOf(model, vocabulary, v, w);
      const said = Math.min(1, shares[i]! + backoff * lower);
      if (pairProbability * divergence(said, Math.min(1, (backoff + shares[i]!) * lower)) < tripleLoss) continue;
      triplePairs.push(pair);
      tripleLasts.push(w);
      tripleProbabilities.push(shares[i]!);
      left -= shares[i]!;
    }
    if (tripleLasts.length === first) continue;
    // What the others held goes to the back-off.
    pairBackoffs[pair] = Math.max(left, LEAST_BACKOFF);
    for (let i = first; i < tripleLasts.length; i++) {
      const lower = probabilityOf(model, vocabulary, v, tripleLasts[i]!);
      tripleProbabilities[i] = Math.min(1, tripleProbabilities[i]! + pairBackoffs[pair]! * lower);
    }
  }
  return {
    pairBackoffs,
    triplePairs: Uint32Array.from(triplePairs),
    tripleLasts: Uint32Array.from(tripleLasts),
    tripleProbabilities: Float64Array.from(tripleProbabilities),
  };
}

/** How far `q` is from `p`, probabilities of one thing: the Kullback-Leibler divergence in nats. */
function divergence(p: number, q: number): number {
  if (p >= 1) return -Math.log(q);
  return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
}

function probabilityOf(model: PairModel, vocabulary: Vocabulary, v: number, w: number): number {
  const at = findSorted(model.pairs, v * ID_SPACE + w);
  return at >= 0 ? model.pairProbabilities[at]! : model.backoffs[v]! * unigram(vocabulary, w);
}
