/** Whether confidences are right for each kind of query too, not only on the whole: by number of words, and by what was changed. */
import type { Outcome } from '../judge/outcome.ts';
import { SLICES, sliceOf } from '../judge/slices.ts';
import { comparable, wordsOf } from '../rows/comparable.ts';
import { classWeights } from './calibration.ts';

/** Groups by words of the input, with the most words of each. */
const WORD_GROUPS = [
  ['1 word', 1],
  ['2 words', 2],
  ['3 words', 3],
  ['4 and 5 words', 5],
  ['6 words and more', Number.POSITIVE_INFINITY],
] as const;

/** Points of a group in the plot. */
const POINTS = 3;

/** The changed queries of one kind; shares are of rows weighted to the error rate. */
export interface Reliability {
  /** A number of words, or what was changed, named as errors are (`judge/slices.ts`). */
  readonly group: string;
  readonly changed: number;
  /** Mean confidence, 0..1. */
  readonly confidence: number;
  /** Share whose `rewritten` is right, 0..1. */
  readonly right: number;
  /** How far `right` is off on average (standard deviation) where all confidences are exactly right. */
  readonly byChance: number;
  /** Mean confidence and share right by thirds of the group, by rising confidence. */
  readonly points: readonly (readonly [confidence: number, right: number])[];
}

interface Changed {
  readonly confidence: number;
  readonly right: number;
  readonly weight: number;
}

/** The groups that have changed queries, those by words first; none where rows of one class are missing. O(n log n). */
export function reliabilities(outcomes: readonly Outcome[], errorRate: number): Reliability[] {
  const needing = outcomes.reduce((sum, { needsCorrection }) => sum + (needsCorrection ? 1 : 0), 0);
  const weights = classWeights(needing, outcomes.length - needing, errorRate);
  if (weights === null) return [];
  const groups = new Map<string, Changed[]>(
    [...WORD_GROUPS.map(([name]) => name), ...SLICES].map((name) => [name, []]),
  );
  for (const { row, answer, needsCorrection, verdicts } of outcomes) {
    if (verdicts.suggest === 'missed' || verdicts.suggest === 'kept') continue;
    const changed: Changed = {
      confidence: answer.confidence,
      right: verdicts.suggest === 'fixed' ? 1 : 0,
      weight: needsCorrection ? weights.needing : weights.correct,
    };
    const input = comparable(row.input);
    const words = wordsOf(input).length;
    const byWords = WORD_GROUPS.find(([, most]) => words <= most)!;
    groups.get(byWords[0])!.push(changed);
    groups.get(sliceOf(input, comparable(answer.rewritten)))!.push(changed);
  }
  return [...groups].filter(([, rows]) => rows.length > 0).map(([group, rows]) => reliabilityOf(group, rows));
}

function reliabilityOf(group: string, rows: readonly Changed[]): Reliability {
  const sorted = [...rows].sort((a, b) => a.confidence - b.confidence);
  const thirds = Array.from({ length: POINTS }, (_, i) =>
    sorted.slice(Math.floor((i * rows.length) / POINTS), Math.floor(((i + 1) * rows.length) / POINTS)),
  );
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const variance = rows.reduce((sum, { weight, confidence: p }) => sum + weight ** 2 * p * (1 - p), 0);
  const [confidence, right] = means(rows);
  return {
    group,
    changed: rows.length,
    confidence,
    right,
    byChance: Math.sqrt(variance) / total,
    points: thirds.filter((third) => third.length > 0).map(means),
  };
}

function means(rows: readonly Changed[]): readonly [confidence: number, right: number] {
  let total = 0;
  let confidence = 0;
  let right = 0;
  for (const row of rows) {
    total += row.weight;
    confidence += row.weight * row.confidence;
    right += row.weight * row.right;
  }
  return [confidence / total, right / total];
}
