/**
 * Tuning from labelled rows to weights, calibration and threshold, each judged on rows that had no part in it, and each kept
 * only where it is the better there.
 */
import { figuresOf, type SetFigures } from '../evaluate/score/figures.ts';
import { chooseSuggestAbove, fitCalibration, isMixed, rowLosses, rowWeights, type ScoredRow } from './fit/calibrate.ts';
import { type CrossFit, crossFit } from './fit/cross-fit.ts';
import { type Asked, judgeRow } from './readings/answers.ts';
import type { ReadingTable, TableRow } from './readings/reading-table.ts';
import { FOLDS } from './rows/folds.ts';
import type { LabelledSet } from './rows/labelled.ts';
import { type Ranking, type Tuned, UNFITTED } from './tuned.ts';

/**
 * The share of correct queries that suggestions may break on the mean of the sets. The threshold is chosen for a fifth less
 * than 2 %: other queries than those that it was chosen on break more often, those that hold names above all, and what is
 * gained beyond this is worth less than what it breaks (services/tune/README.md).
 */
export const MOST_BROKEN = 0.016;
/**
 * The same for the defaults of a language, which serve queries that nobody tuned on: such that natural web queries are broken no
 * more often than by the defaults before, 1.5 % of them (services/tune/README.md).
 */
const MOST_BROKEN_BY_DEFAULTS = 0.0091;

/** What to tune. */
export interface TuneOptions extends Asked {
  readonly table: ReadingTable;
  readonly sets: readonly LabelledSet[];
  /** What is in use now: where the search for weights starts and what it must beat. */
  readonly current: Tuned;
  /** Starts from nothing and takes the new weights without comparing: for those that ship as a language's defaults. */
  readonly isFresh?: boolean;
  readonly onFit?: () => void;
}

/** What was found. */
export interface TuneResult {
  readonly tuned: Tuned;
  readonly fit: CrossFit;
  /** Whether the new weights, and the new calibration, are in `tuned`: whether held-out rows are likelier under them. */
  readonly newWeights: boolean;
  readonly newCalibration: boolean;
  /** Mean -ln P(what came true) of held-out rows at the error rate: under what is in use, and under `tuned`. */
  readonly lossBefore: number;
  readonly lossAfter: number;
  /** Figures by set over held-out rows, then over all of them when there are several sets. */
  readonly before: readonly SetFigures[];
  readonly after: readonly SetFigures[];
}

/** In rows' worth: enough to keep features that hardly occur from running away. */
const FRESH_STRENGTH = 0.3;
/** Gains on held-out rows within so many of their standard errors count as none. */
const STANDARD_ERRORS = 1;

export function tune(options: TuneOptions): TuneResult {
  const { table, sets, current, errorRate, isFresh = false } = options;
  const { rows } = table;
  const fit = crossFit({
    table,
    sets,
    rows,
    centre: isFresh ? UNFITTED : current,
    fitsNetwork: isFresh,
    trainedErrorRate: current.trainedErrorRate,
    ...(isFresh ? { strengths: [FRESH_STRENGTH] } : {}),
    ...(options.onFit === undefined ? {} : { onFit: options.onFit }),
  });
  const counts = rowWeights(rows, sets, errorRate);
  const asNow = { scored: scoredBy(table, () => current), forFold: Array(FOLDS).fill(current) };
  const lossesNow = rowLosses(asNow.scored, table, () => current, errorRate);

  // Old and new weights each with maps fitted for them on the other folds: like is compared with like.
  const withOld = calibratedFolds(options, () => current);
  const withNew = calibratedFolds(options, (fold) => fit.byFold[fold]!);
  const newWeights = isFresh || isBetter(withNew.losses, withOld.losses, counts);
  const chosen = newWeights ? withNew : withOld;
  const newCalibration =
    chosen.isCalibrated && (newWeights || weightedMean(chosen.losses, counts) < weightedMean(lossesNow, counts));
  const uncalibrated = newWeights
    ? { ...chosen, forFold: fit.byFold.map((ranking) => ({ ...current, ...ranking })) }
    : asNow;
  const { tuned, forFold } = finish(
    options,
    newWeights ? fit.ranking : current,
    newCalibration ? chosen : uncalibrated,
    newCalibration,
  );
  const tunedFor = (row: TableRow) => forFold[row.fold]!;
  const scored = rows.map((row) => ({ row, scores: table.scoresOf(row, tunedFor(row)) }));
  return {
    tuned,
    fit,
    newWeights,
    newCalibration,
    lossBefore: weightedMean(lossesNow, counts),
    lossAfter: weightedMean(rowLosses(scored, table, tunedFor, errorRate), counts),
    before: judged(options, () => current),
    after: judged(options, tunedFor),
  };
}

/** Rows scored by fold, and the settings of each fold, in which the fold had no part. */
interface ScoredFolds {
  readonly scored: readonly ScoredRow[];
  readonly forFold: readonly Tuned[];
}

interface CalibratedFolds extends ScoredFolds {
  readonly losses: Float64Array;
  /** Whether there were rows enough for the maps. */
  readonly isCalibrated: boolean;
}

/**
 * Scores each fold by weights from the others, and fits the maps for each fold on the scores of the others. Weights behind those
 * scores were fitted on that fold too, so what is said of held-out calibration is a little too good: without that a tuning would
 * take 25 fits for every 5, for five maps that have some ten numbers each.
 */
function calibratedFolds(options: TuneOptions, rankingOf: (fold: number) => Ranking): CalibratedFolds {
  const { table, sets, current, errorRate } = options;
  const scored = scoredBy(table, rankingOf);
  const maps = Array.from({ length: FOLDS }, (_, fold) =>
    fitCalibration(
      scored.filter(({ row }) => row.fold !== fold),
      table,
      sets,
      current.trainedErrorRate,
      errorRate,
    ),
  );
  const forFold = maps.map((calibration, fold) => ({
    ...current,
    weights: rankingOf(fold).weights,
    network: rankingOf(fold).network,
    calibration: calibration ?? current.calibration,
  }));
  const losses = rowLosses(scored, table, (row) => forFold[row.fold]!, errorRate);
  return { scored, forFold, losses, isCalibrated: !maps.includes(null) };
}

/** Maps of all rows' held-out scores where they are to be new, and the threshold under which suggestions break few enough. */
function finish(
  options: TuneOptions,
  { weights, network }: Ranking,
  { scored, forFold }: ScoredFolds,
  newCalibration: boolean,
): { tuned: Tuned; forFold: readonly Tuned[] } {
  const { table, sets, current, errorRate, isFresh = false } = options;
  const { trainedErrorRate } = current;
  const mostBroken = isFresh ? MOST_BROKEN_BY_DEFAULTS : MOST_BROKEN;
  const fitted = newCalibration ? fitCalibration(scored, table, sets, trainedErrorRate, errorRate) : null;
  const threshold = (kept: readonly ScoredRow[], share: number) =>
    sets.some(isMixed) && hasEnoughCorrect(options)
      ? chooseSuggestAbove(kept, (row) => forFold[row.fold]!, sets, errorRate, mostBroken, share)
      : current.suggestAbove;
  return {
    tuned: {
      weights,
      network,
      trainedErrorRate,
      calibration: fitted ?? current.calibration,
      suggestAbove: threshold(scored, 1),
    },
    forFold: forFold.map((tuned, fold) => {
      const others = scored.filter(({ row }) => row.fold !== fold);
      return { ...tuned, suggestAbove: threshold(others, (FOLDS - 1) / FOLDS) };
    }),
  };
}

/** 1.6 % of fewer correct queries than this are a handful: too few to choose a threshold by. */
const LEAST_CORRECT = 400;

function hasEnoughCorrect({ table, isFresh = false }: TuneOptions): boolean {
  return isFresh || table.rows.filter(({ needsCorrection }) => !needsCorrection).length >= LEAST_CORRECT;
}

function scoredBy(table: ReadingTable, rankingOf: (fold: number) => Ranking): ScoredRow[] {
  return table.rows.map((row) => ({ row, scores: table.scoresOf(row, rankingOf(row.fold)) }));
}

/** Whether the first losses are less than the second by more than the noise in their difference. */
function isBetter(a: Float64Array, b: Float64Array, counts: Float64Array): boolean {
  const gains = b.map((loss, i) => loss - a[i]!);
  const mean = weightedMean(gains, counts);
  let all = 0;
  let squares = 0;
  for (let i = 0; i < gains.length; i++) {
    all += counts[i]!;
    squares += (counts[i]! * (gains[i]! - mean)) ** 2;
  }
  return mean > (STANDARD_ERRORS * Math.sqrt(squares)) / Math.max(1e-12, all);
}

function weightedMean(values: Float64Array, counts: Float64Array): number {
  let sum = 0;
  let all = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]! * counts[i]!;
    all += counts[i]!;
  }
  return all === 0 ? 0 : sum / all;
}

function judged(
  { table, sets, errorRate, costOfBreaking }: TuneOptions,
  tunedFor: (row: TableRow) => Tuned,
): SetFigures[] {
  const known = table.rows.filter(({ rights }) => rights.length > 0);
  const outcomes = known.map((row) => {
    const tuned = tunedFor(row);
    return judgeRow(row, table.scoresOf(row, tuned), tuned, { errorRate, costOfBreaking });
  });
  const bySet = sets.map((set, i) =>
    figuresOf(
      set.name,
      outcomes.filter((_, at) => known[at]!.set === i),
      0,
      errorRate,
    ),
  );
  return sets.length < 2 ? bySet : [...bySet, figuresOf('all', outcomes, 0, errorRate)];
}
