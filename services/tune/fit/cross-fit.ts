/** Weights that each row had no part in: rows are dealt into folds, and every fold is scored by weights from the others. */

import { NO_NETWORK } from '../../rewrite/rank/network.ts';
import type { ReadingTable, TableRow } from '../readings/reading-table.ts';
import { FOLDS } from '../rows/folds.ts';
import type { LabelledSet } from '../rows/labelled.ts';
import type { Ranking } from '../tuned.ts';
import { rowWeights } from './calibrate.ts';
import { fitNetwork } from './fit-network.ts';
import { fitWeights, logLoss } from './log-linear.ts';

/** How the weights are drawn to those that are there, in rows' worth: the more, the less a few rows can change. */
export const STRENGTHS = [0.3, 3, 30] as const;

/** What is fitted, and from where. */
export interface CrossFitOptions {
  readonly table: ReadingTable;
  readonly sets: readonly LabelledSet[];
  readonly rows: readonly TableRow[];
  /** Weights that the fit starts from and is drawn to, and a network that stays as it is. */
  readonly centre: Ranking;
  /** Whether a network is fitted too, in place of the centre's. */
  readonly fitsNetwork?: boolean;
  /** The share of misspelled queries that scores are to stand for. */
  readonly trainedErrorRate: number;
  readonly strengths?: readonly number[];
  readonly free?: Float64Array;
  readonly onFit?: () => void;
}

/** What was fitted on all rows, and for each fold on those of the others. */
export interface CrossFit {
  readonly ranking: Ranking;
  readonly byFold: readonly Ranking[];
  readonly strength: number;
  /** -ln likelihood of the held-out rows a set, under what the other folds gave, and under the centre. */
  readonly heldOutLoss: number;
  readonly centreLoss: number;
}

/** Fits with each strength and keeps the one under which held-out rows are likeliest. */
export function crossFit(options: CrossFitOptions): CrossFit {
  const { table, rows, sets, centre, trainedErrorRate, fitsNetwork = false, onFit = () => {} } = options;
  const { strengths = STRENGTHS } = options;
  const setCount = new Set(rows.map(({ set }) => set)).size;
  const free = options.free === undefined ? {} : { free: options.free };
  const network = fitsNetwork ? NO_NETWORK : centre.network;
  const fitOn = (train: readonly TableRow[], strength: number): Ranking => {
    onFit();
    const fit = { table, rows: train, rowWeights: rowWeights(train, sets, trainedErrorRate), network, ...free };
    const rowWorth = setCount / Math.max(1, train.length);
    const weights = fitWeights({ ...fit, centre: centre.weights, strength: strength * rowWorth });
    return fitsNetwork ? fitNetwork({ ...fit, rowWorth }, weights) : { weights, network };
  };
  const loss = (some: readonly TableRow[], { weights, network }: Ranking) =>
    logLoss({ table, rows: some, rowWeights: rowWeights(some, sets, trainedErrorRate), network })(
      weights,
      new Float64Array(weights.length),
    );
  const folds = Array.from({ length: FOLDS }, (_, fold) => rows.filter((row) => row.fold === fold));
  let best: { byFold: Ranking[]; strength: number; heldOutLoss: number } | undefined;
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
  return { ranking: fitOn(rows, strength), byFold, strength, heldOutLoss, centreLoss: loss(rows, centre) / setCount };
}
