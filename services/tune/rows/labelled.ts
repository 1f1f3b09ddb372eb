/** What weights are fitted on: labelled queries, judged changes, or correct queries with misspellings made of them. */

import type { CountedQuery } from '../../compare/compare.ts';
import type { Sheet } from '../../evaluate/by-hand/sheet.ts';
import { comparable } from '../../evaluate/rows/comparable.ts';
import type { EvalSet } from '../../evaluate/rows/eval-rows.ts';
import { type Keyboard, misspell } from './misspell.ts';

/** One query and what is known of its right answer. */
export interface LabelledRow {
  readonly input: string;
  /** Empty where it is only known what is wrong. */
  readonly rights: readonly string[];
  /** A rewriting that is known to be wrong. */
  readonly wrong?: string;
}

/** Rows that came together. All sets weigh the same, and in each the two kinds of rows as the error rate says. */
export interface LabelledSet {
  readonly name: string;
  readonly rows: readonly LabelledRow[];
  /**
   * How many misspelled and how many correct queries the rows stand for. A judged sheet holds only those that would be
   * changed, and stands for all that were asked.
   */
  readonly needing: number;
  readonly correct: number;
}

/** Whether a row's input is none of its right answers. */
export function needsCorrection({ input, rights }: LabelledRow): boolean {
  const form = comparable(input);
  return !rights.some((right) => comparable(right) === form);
}

/** A file of labelled queries. */
export function fromPairs({ name, rows }: Pick<EvalSet, 'name' | 'rows'>): LabelledSet {
  return counted(
    name,
    rows.map(({ input, rights }) => ({ input, rights })),
  );
}

/**
 * A judged sheet: `right` and `broken` say what was meant, `wrong` what was not; the rest is left out.
 *
 * @param errorRate how many of the queries asked are taken to be misspelled: the sheet does not show those left alone
 */
export function fromSheet(name: string, sheet: Sheet, errorRate: number): LabelledSet {
  const rows = sheet.rows.flatMap(({ judgement, query, rewritten }): LabelledRow[] => {
    if (judgement === 'right') return [{ input: query, rights: [rewritten] }];
    if (judgement === 'broken') return [{ input: query, rights: [query] }];
    return judgement === 'wrong' ? [{ input: query, rights: [], wrong: rewritten }] : [];
  });
  const { needing, correct } = counted(name, rows);
  // Judged in part, it stands for as many of the queries as of its rows.
  const asked = sheet.rows.length === 0 ? 0 : (sheet.queries * rows.length) / sheet.rows.length;
  return {
    name,
    rows,
    needing: Math.max(needing, asked * errorRate),
    correct: Math.max(correct, asked * (1 - errorRate)),
  };
}

/** Correct queries as they are. */
export function fromCorrect(name: string, queries: readonly CountedQuery[]): LabelledSet {
  return counted(
    name,
    queries.map(({ query }) => ({ input: query, rights: [query] })),
  );
}

/** Correct queries, and one misspelling of each that can be misspelled. */
export function withMisspellings(set: LabelledSet, keyboard: Keyboard, seed: number): LabelledSet {
  const rows = set.rows.flatMap((row, i): LabelledRow[] => {
    const typed = misspell(row.input, keyboard, seed + i);
    return typed === null ? [row] : [row, { input: typed, rights: row.rights }];
  });
  return counted(set.name, rows);
}

/** The set with the rows that a test picks. */
export function pickRows(set: LabelledSet, test: (row: LabelledRow, i: number) => boolean): LabelledSet {
  const rows = set.rows.filter(test);
  const share = set.rows.length === 0 ? 0 : rows.length / set.rows.length;
  const found = counted(set.name, rows);
  return {
    ...found,
    needing: Math.max(found.needing, set.needing * share),
    correct: Math.max(found.correct, set.correct * share),
  };
}

function counted(name: string, rows: readonly LabelledRow[]): LabelledSet {
  const needing = rows.filter(needsCorrection).length;
  return { name, rows, needing, correct: rows.length - needing };
}
