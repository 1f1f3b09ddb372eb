/** Weights that each row had no part in: rows are dealt into folds, and every fold is scored by weights from the others. */
import { rowWeights } from './calibrate.ts';
import { FOLDS } from './folds.ts';
import type { LabelledSet } from './labelled.ts';
import { fitWeights, logLoss } from './log-linear.ts';
import type { ReadingTable, TableRow } from './reading-table.ts';

/** How the weights are drawn to those that are there, in rows' worth: the more, the less a few rows can change. */
export const STRENGTHS = [0.3, 3, 30] as const;

/** What is fitted, and from where. */
export interface CrossFitOptions {
  readonly table: ReadingTable;
  readonly sets: readonly LabelledSet[];
  readonly rows: readonly TableRow[];
  readonly centre: Float64Array;
  /** The share of misspelled queries that scores are to stand for. */
  readonly trainedErrorRate: number;
  readonly strengths?: readonly number[];
  readonly free?: Float64Array;
  readonly onFit?: () => void;
}

/** Weights of all rows, and for each fold those of the others. */
export interface CrossFit {
  readonly weights: Float64Array;
  readonly byFold: readonly Float64Array[];
  readonly strength: number;
  /** -ln likelihood of the held-out rows a set, under the weights of the other folds, and under the centre. */
  readonly heldOutLoss: number;
  readonly centreLoss: number;
}

/** Fits with each strength and keeps the one under which held-out rows are likeliest. */
export function crossFit(options: CrossFitOptions): CrossFit {
  const { table, rows, sets, centre, trainedErrorRate, strengths = STRENGTHS, onFit = () => {} } = options;
  const setCount = new Set(rows.map(({ set }) => set)).size;
  const fitOn = (train: readonly TableRow[], strength: number) => {
    onFit();
    return fitWeights({
      table,
      rows: train,
      rowWeights: rowWeights(train, sets, trainedErrorRate),
      centre,
      strength: (strength * setCount) / Math.max(1, train.length),
      ...(options.free === undefined ? {} : { free: options.free }),
    });
  };
  const loss = (some: readonly TableRow[], weights: Float64Array) =>
    logLoss({ table, rows: some, rowWeights: rowWeights(some, sets, trainedErrorRate) })(
      weights,
      new Float64Array(weights.length),
    );
  const folds = Array.from({ length: FOLDS }, (_, fold) => rows.filter((row) => row.fold === fold));
  let best: { byFold: Float64Array[]; strength: number; heldOutLoss: number } | undefined;
  for (const strength of strengths) {
    const byFold = folds.map((_, fold) =>
      fitOn(
        rows.filter((row) => row.fold !== fold),
        strength,
      ),
    );
    const heldOutLoss = folds.reduce((sum, fold, i) => sum + loss(fold, byFold[i]!), 0) / setCount;
    if (best === undefined || heldOutLoss < best.heldOutLoss) best = { byFold, strength, heldOutLoss };
  }
  const { byFold, strength, heldOutLoss } = best!;
  return { weights: fitOn(rows, strength), byFold, strength, heldOutLoss, centreLoss: loss(rows, centre) / setCount };
}
