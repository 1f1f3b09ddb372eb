/** What the language model alone makes of queries that are correct: how well it foresees them, and how much it has seen. */

import { percent } from '../../figures/numbers.ts';
import type { Table } from '../../figures/table.ts';
import type { WordCost } from '../../rewrite/language/word-costs.ts';
import { comparable } from '../rows/comparable.ts';
import type { EvalSet } from '../rows/eval-rows.ts';

/** What is measured of one set. */
export interface PerplexityFigures {
  readonly set: string;
  /** Distinct right answers. */
  readonly queries: number;
  readonly words: number;
  /** Words that the vocabulary does not hold: no part of the perplexity. */
  readonly unknown: number;
  /** e to the mean of -ln P over the words that it holds and the queries' ends; null where there are none. */
  readonly perplexity: number | null;
  /** Of the pairs and triples of such words side by side, those that the model has seen itself; null where there are none. */
  readonly pairsSeen: number | null;
  readonly triplesSeen: number | null;
}

/** Measures the right answers of a set: of several for one input the first, equal ones once. */
export function measurePerplexity(costsOf: (query: string) => readonly WordCost[], set: EvalSet): PerplexityFigures {
  const queries = new Set(set.rows.flatMap(({ rights }) => rights.slice(0, 1).map(comparable)));
  let cost = 0;
  const counts = { words: 0, unknown: 0, ends: 0, pairs: 0, pairsSeen: 0, triples: 0, triplesSeen: 0 };
  for (const query of queries) {
    for (const word of costsOf(query)) {
      cost += word.cost;
      if (word.kind === 'end') counts.ends++;
      else counts.words++;
      if (word.kind === 'unknown') counts.unknown++;
      if (word.pair >= 0) counts.pairs++;
      if (word.pair === 1) counts.pairsSeen++;
      if (word.triple >= 0) counts.triples++;
      if (word.triple === 1) counts.triplesSeen++;
    }
  }
  const foreseen = counts.words - counts.unknown + counts.ends;
  return {
    set: set.name,
    queries: queries.size,
    words: counts.words,
    unknown: counts.unknown,
    perplexity: foreseen === 0 ? null : Math.exp(cost / foreseen),
    pairsSeen: counts.pairs === 0 ? null : counts.pairsSeen / counts.pairs,
    triplesSeen: counts.triples === 0 ? null : counts.triplesSeen / counts.triples,
  };
}

/** The figures as a table. */
export function perplexityTable(figures: readonly PerplexityFigures[]): Table {
  return {
    title: 'Language model on the right answers',
    columns: ['set', 'queries', 'words', 'unknown %', 'perplexity', 'pairs seen %', 'triples seen %'],
    rows: figures.map(({ set, queries, words, unknown, perplexity, pairsSeen, triplesSeen }) => [
      set,
      String(queries),
      String(words),
      percent(words === 0 ? null : unknown / words),
      perplexity === null ? '-' : perplexity.toFixed(0),
      percent(pairsSeen),
      percent(triplesSeen),
    ]),
    note: 'Perplexity over the known words and the ends of the queries.',
  };
}
