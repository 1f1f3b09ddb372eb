/**
 * Fits the maps of a calibration on rows that did not train the weights behind their scores, and chooses the threshold for
 * suggestions. Both count each set alike, and in it misspelled and correct queries as the error rate says.
 */

import { countEdits } from '../../evaluate/judge/edit-score.ts';
import { comparable } from '../../evaluate/rows/comparable.ts';
import { type Calibration, calibrated, SAME, UNCALIBRATED } from '../../rewrite/decide/calibration.ts';
import { greatestBut, massOf, softmax } from '../../rewrite/decide/confidence.ts';
import { evidenceVector } from '../../rewrite/decide/evidence.ts';
import { logOdds } from '../../rewrite/decide/log-odds.ts';
import { splice } from '../../rewrite/decode/reading.ts';
import { weighRow } from '../readings/answers.ts';
import { type ReadingTable, type TableRow, Verdict } from '../readings/reading-table.ts';
import type { LabelledSet } from '../rows/labelled.ts';
import type { Tuned } from '../tuned.ts';
import { type EvidencePoint, fitEvidence } from './fit-evidence.ts';
import { fitMap, type Point } from './isotonic.ts';

/** A row with the scores of its readings, under weights that it did not train. */
export interface ScoredRow {
  readonly row: TableRow;
  readonly scores: Float64Array;
}

/**
 * What each row counts where a share `errorRate` of queries is misspelled, all sets together 1 for each set. Sets that hold
 * one kind of row only say nothing of how often the other kind is changed: where other sets do, they count nothing.
 */
export function rowWeights(rows: readonly TableRow[], sets: readonly LabelledSet[], errorRate: number): Float64Array {
  return Float64Array.from(rows, ({ set, needsCorrection }) => {
    const { needing, correct } = sets[set]!;
    return needsCorrection ? errorRate / Math.max(1, needing) : (1 - errorRate) / Math.max(1, correct);
  });
}

/** Whether confidence can be fitted on a set: it holds both kinds of rows. */
export function isMixed({ needing, correct }: LabelledSet): boolean {
  return needing > 0 && correct > 0;
}

/** Fits all maps; null where there are too few rows, or none of one kind. */
export function fitCalibration(
  scored: readonly ScoredRow[],
  table: ReadingTable,
  sets: readonly LabelledSet[],
  trainedErrorRate: number,
  errorRate: number,
): Calibration | null {
  const used = scored.filter(({ row }) => row.readings.length > 0 && isMixed(sets[row.set]!));
  const weights = rowWeights(
    used.map(({ row }) => row),
    sets,
    errorRate,
  );
  const shift = logOdds(errorRate) - logOdds(trainedErrorRate);
  const best: EvidencePoint[] = [];
  const keep: Point[] = [];
  let othersRight = 0;
  let othersAll = 0;
  let othersCount = 0;
  for (const [i, { row, scores }] of used.entries()) {
    const weight = weights[i]!;
    const p = softmax(row.input, row.readings, scores, shift);
    const keepAt = row.readings.findIndex(({ text }) => text === row.input);
    const bestAt = greatestBut(p, keepAt);
    const verdict = (at: number) => (at < 0 ? Verdict.wrong : table.verdicts[row.start + at]!);
    if (verdict(bestAt) === Verdict.unknown) continue;
    if (bestAt >= 0) {
      const evidence = evidenceVector(p[bestAt]!, row.readings[bestAt]!.edits);
      best.push({ evidence, y: verdict(bestAt), weight, fold: row.fold });
    }
    if (verdict(bestAt) === Verdict.right) continue;
    const bestP = bestAt < 0 ? 0 : p[bestAt]!;
    keep.push({ x: p[keepAt]! / (1 - bestP), y: verdict(keepAt), weight });
    if (verdict(keepAt) === Verdict.right) continue;
    othersAll += weight;
    othersCount++;
    if (p.some((_, at) => verdict(at) === Verdict.right)) othersRight += weight;
  }
  const fit = fitEvidence(best);
  const bestMap = fit === null ? null : fitMap(best.map(({ y, weight }, i) => ({ x: fit.heldOut[i]!, y, weight })));
  const keepMap = fitMap(keep);
  if (fit === null || bestMap === null || keepMap === null) return null;
  const calibration: Calibration = {
    errorRate,
    evidence: fit.weights,
    best: bestMap,
    keep: keepMap,
    others: shareWithin(othersRight, othersAll, othersCount),
    edit: SAME,
  };
  const edits = editPoints(used, weights, { trainedErrorRate, calibration }, errorRate);
  return { ...calibration, edit: fitMap(edits) ?? SAME };
}

/** `right` of `all`, summed over `count` rows, and a row of their mean weight each way: never 0 and never 1, with 4 digits. */
function shareWithin(right: number, all: number, count: number): number {
  if (count === 0) return UNCALIBRATED.others;
  const row = all / count;
  return Math.round((1e4 * (right + row)) / (all + 2 * row)) / 1e4;
}

/** What rows without readings are weighed as. */
const NOTHING = { best: undefined, weighed: [], otherMass: 1 } as const;

/** Each edit of each best changed reading that has several: the calibrated mass of the readings that make it, and whether it is right. */
function editPoints(
  scored: readonly ScoredRow[],
  weights: Float64Array,
  settings: Pick<Tuned, 'trainedErrorRate' | 'calibration'>,
  errorRate: number,
): Point[] {
  return scored.flatMap(({ row, scores }, i): Point[] => {
    if (row.rights.length === 0) return [];
    const { best, weighed } = weighRow(row, scores, settings, errorRate) ?? NOTHING;
    if (best === undefined || best.reading.edits.length < 2) return [];
    return best.reading.edits.map((edit) => ({
      x: massOf(edit, weighed),
      y: isEditRight(row, splice(row.input, [edit])) ? 1 : 0,
      weight: weights[i]!,
    }));
  });
}

/** Whether one edit alone, as `edited` shows it, is among the changes that lead to a right answer. */
export function isEditRight({ input, rights }: Pick<TableRow, 'input' | 'rights'>, edited: string): boolean {
  const counts = countEdits(comparable(input), comparable(edited), rights.map(comparable));
  return counts.proposed > 0 && counts.right === counts.proposed;
}

/**
 * The least probability, in hundredths, above which suggestions break at most a share `mostBroken` of the correct queries,
 * on the mean of the sets. Sets without correct queries have no say.
 *
 * @param share how much of the sets `scored` is
 */
export function chooseSuggestAbove(
  scored: readonly ScoredRow[],
  tunedFor: (row: TableRow) => Tuned,
  sets: readonly LabelledSet[],
  errorRate: number,
  mostBroken: number,
  share = 1,
): number {
  const broken: { probability: number; counts: number }[] = [];
  const setsWithCorrect = new Set<number>();
  for (const { row, scores } of scored) {
    if (row.needsCorrection) continue;
    setsWithCorrect.add(row.set);
    if (row.readings.length === 0) continue;
    const { best } = weighRow(row, scores, tunedFor(row), errorRate) ?? NOTHING;
    if (best === undefined || comparable(best.reading.text) === comparable(row.input)) continue;
    broken.push({ probability: best.probability, counts: 1 / (share * Math.max(1, sets[row.set]!.correct)) });
  }
  broken.sort((a, b) => b.probability - a.probability);
  let sum = 0;
  for (const { probability, counts } of broken) {
    sum += counts / setsWithCorrect.size;
    if (sum > mostBroken)
      return Math.min(MOST_SUGGESTED, Math.max(LEAST_SUGGESTED, Math.ceil(probability * 100) / 100));
  }
  return LEAST_SUGGESTED;
}

/** What is wrong nineteen times in twenty is no suggestion. */
const LEAST_SUGGESTED = 0.05;
const MOST_SUGGESTED = 0.95;

/** -ln of the calibrated probability of what came true, by row: how well confidence and ranking together foresee it. */
export function rowLosses(
  scored: readonly ScoredRow[],
  table: ReadingTable,
  tunedFor: (row: TableRow) => Tuned,
  errorRate: number,
): Float64Array {
  return Float64Array.from(scored, ({ row, scores }) => {
    if (row.readings.length === 0 || row.rights.length === 0) return 0;
    const { weighed, otherMass } = weighRow(row, scores, tunedFor(row), errorRate) ?? NOTHING;
    const probabilities = new Map(weighed.map(({ reading, probability }) => [reading, probability]));
    let right = 0;
    row.readings.forEach((reading, i) => {
      if (table.verdicts[row.start + i] === Verdict.right) right += probabilities.get(reading)!;
    });
    return -Math.log(Math.max(1e-6, right === 0 ? otherMass : right));
  });
}

/** Used by tests and reports: the map as a table of probabilities. */
export function mapTable(map: Calibration['best']): { from: number; to: number }[] {
  return map.x.map((x) => {
    const from = 1 / (1 + Math.exp(-x));
    return { from, to: calibrated(map, from) };
  });
}
