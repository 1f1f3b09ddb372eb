/** What the pipeline would answer for a row of the table under given weights, maps and thresholds, without running it again. */
import { judge, type Outcome } from '../../evaluate/judge/outcome.ts';
import {
  autoThreshold,
  type ConfidenceParameters,
  sureEdits,
  type Weighing,
  weigh,
} from '../../rewrite/decide/confidence.ts';
import { splice } from '../../rewrite/decode/reading.ts';
import type { Tuned } from '../tuned.ts';
import type { ReadingTable, TableReading, TableRow } from './reading-table.ts';

/** What is asked of every answer. */
export interface Asked {
  readonly errorRate: number;
  readonly costOfBreaking: number;
}

/** Other readings in an outcome: as many as an evaluation asks for. */
const ALTERNATIVES = 10;

/** The readings of a row with their probabilities; undefined for a row without readings. */
export function weighRow(
  row: TableRow,
  scores: Float64Array,
  tuned: ConfidenceParameters,
  errorRate: number,
): Weighing<TableReading> | undefined {
  if (row.readings.length === 0) return undefined;
  return weigh(row.input, row.readings, scores, tuned, errorRate);
}

/** Answers and judges one row, as `emend eval` would. */
export function judgeRow(row: TableRow, scores: Float64Array, tuned: Tuned, asked: Asked): Outcome {
  const { input, rights, readings } = row;
  const evalRow = { line: 0, input, rights };
  const weighing = weighRow(row, scores, tuned, asked.errorRate);
  if (weighing === undefined || readings.length === 0) {
    return judge(evalRow, { rewritten: input, decision: 'none', search: input, confidence: 1, alternatives: [] });
  }
  const { weighed, keep, best } = weighing;
  const isOffered = best !== undefined && best.probability > tuned.suggestAbove;
  const alternatives = weighed
    .filter((candidate) => candidate !== keep && !(isOffered && candidate === best))
    .slice(0, ALTERNATIVES)
    .map(({ reading, probability }) => ({ query: reading.text, confidence: probability }));
  if (!isOffered) {
    return judge(evalRow, {
      rewritten: input,
      decision: 'none',
      search: input,
      confidence: keep.probability,
      alternatives,
    });
  }
  const threshold = autoThreshold(asked.costOfBreaking);
  const isSure = sureEdits(best, weighed, tuned.calibration, threshold);
  const sure = best.reading.edits.filter((_, i) => isSure[i]);
  return judge(evalRow, {
    rewritten: best.reading.text,
    decision: isSure.every(Boolean) ? 'auto' : 'suggest',
    search: splice(input, sure),
    confidence: best.probability,
    alternatives,
  });
}

/** Answers and judges all rows, each with the scores and settings given for it. */
export function judgeRows(
  table: ReadingTable,
  rows: readonly TableRow[],
  tunedFor: (row: TableRow) => Tuned,
  asked: Asked,
): Outcome[] {
  return rows.map((row) => {
    const tuned = tunedFor(row);
    return judgeRow(row, table.scoresOf(row, tuned), tuned, asked);
  });
}
