/**
 * Fitting the ranker: the weights under which the right readings have the greatest probability among all readings of their
 * queries (a conditional log-linear model). A query with several right readings counts all of them together; one whose right
 * answer is not among its readings counts, less, as one to be left alone.
 */
import { FEATURE_COUNT } from '../../rewrite/rank/features.ts';
import { type Network, NO_NETWORK } from '../../rewrite/rank/network.ts';
import { type ReadingTable, type TableRow, Verdict } from '../readings/reading-table.ts';
import { minimise, type Objective } from './minimise.ts';

/** What a query counts whose right answer is not among its readings. */
const UNREACHED = 0.3;
/** Features that hardly vary count as varying this much: else their weights would be free. */
export const LEAST_DEVIATION = 1e-3;

/** What to fit. */
export interface FitOptions {
  readonly table: ReadingTable;
  readonly rows: readonly TableRow[];
  /** What each row of `rows` counts. */
  readonly rowWeights: Float64Array;
  /** Weights that the fit starts from and is drawn to. */
  readonly centre: Float64Array;
  /** What is added to the scores and stays as it is; none by default. */
  readonly network?: Network;
  /** How strongly: the penalty is this times the sum of squares of what each weight, times its feature's deviation, is off. */
  readonly strength: number;
  /** 1 for each feature that may have a weight, 0 for one that keeps the centre's. */
  readonly free?: Float64Array;
}

/** The weights that fit best. Deterministic. */
export function fitWeights(options: FitOptions): Float64Array {
  const { table, centre } = options;
  const deviations = table.deviations().map((deviation) => Math.max(LEAST_DEVIATION, deviation));
  const free = options.free ?? new Float64Array(FEATURE_COUNT).fill(1);
  const loss = logLoss(options);
  const weights = new Float64Array(FEATURE_COUNT);
  const weightGradient = new Float64Array(FEATURE_COUNT);
  // The search goes over deviations from the centre, each in units of its feature: round for the minimiser.
  const toWeights = (point: Float64Array) => {
    for (let i = 0; i < FEATURE_COUNT; i++) weights[i] = centre[i]! + (free[i]! * point[i]!) / deviations[i]!;
  };
  const objective: Objective = (point, gradient) => {
    toWeights(point);
    let value = loss(weights, weightGradient);
    for (let i = 0; i < FEATURE_COUNT; i++) {
      value += options.strength * free[i]! * point[i]! ** 2;
      gradient[i] = free[i]! * (weightGradient[i]! / deviations[i]! + 2 * options.strength * point[i]!);
    }
    return value;
  };
  toWeights(minimise(objective, new Float64Array(FEATURE_COUNT)));
  return weights.slice();
}

/** -ln of the likelihood of the rows, each times what it counts, and its gradient by the weights. */
export function logLoss({
  table,
  rows,
  rowWeights,
  network = NO_NETWORK,
}: Pick<FitOptions, 'table' | 'rows' | 'rowWeights' | 'network'>): Objective {
  const mostReadings = rows.reduce((most, row) => Math.max(most, row.readings.length), 0);
  const scores = new Float64Array(mostReadings);
  const targets = rows.map((row) => targetOf(row, table));
  const { offsets, columns, values } = table;
  const unweighed = new Float64Array(FEATURE_COUNT);
  const added = rows.map((row) => table.scoresOf(row, { weights: unweighed, network }));
  return (weights, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let r = 0; r < rows.length; r++) {
      const target = targets[r];
      if (target === undefined) continue;
      const { start, readings } = rows[r]!;
      const { isRight, counts } = target;
      const count = readings.length;
      // Both loops over features are written out: with a call for each reading a fit takes three times as long.
      for (let i = 0; i < count; i++) {
        let score = added[r]![i]!;
        const end = offsets[start + i + 1]!;
        for (let at = offsets[start + i]!; at < end; at++) score += weights[columns[at]!]! * values[at]!;
        scores[i] = score;
      }
      const rowWeight = rowWeights[r]! * counts;
      loss += rowLoss(scores, count, isRight, 0, rowWeight);
      for (let i = 0; i < count; i++) {
        const share = scores[i]!;
        if (isLost(share, rowWeight)) continue;
        const end = offsets[start + i + 1]!;
        for (let at = offsets[start + i]!; at < end; at++) gradient[columns[at]!]! += share * values[at]!;
      }
    }
    return loss;
  };
}

/**
 * What a row of `weight` loses by the scores of its readings, `scores[0, count)`: -ln P(right readings), times the weight. In place of
 * each score it leaves what a unit more of it adds to that.
 *
 * @param isRight 1 for right readings, from `from` on
 */
export function rowLoss(
  scores: Float64Array,
  count: number,
  isRight: ArrayLike<number>,
  from: number,
  weight: number,
): number {
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) if (scores[i]! > greatest) greatest = scores[i]!;
  let all = 0;
  let right = 1e-300;
  for (let i = 0; i < count; i++) {
    const part = Math.exp(scores[i]! - greatest);
    scores[i] = part;
    all += part;
    if (isRight[from + i] === 1) right += part;
  }
  for (let i = 0; i < count; i++) scores[i] = weight * scores[i]! * (1 / all - isRight[from + i]! / right);
  return -weight * Math.log(right / all);
}

/** Whether a reading is out of the question, as most are: what it would add to a gradient is lost in rounding. */
export function isLost(share: number, rowWeight: number): boolean {
  return Math.abs(share) < 1e-12 * rowWeight;
}

/** Which readings a row wants, and what it counts; undefined where it teaches nothing. */
export function targetOf(
  { readings, start, input }: TableRow,
  table: ReadingTable,
): { isRight: Uint8Array; counts: number } | undefined {
  if (readings.length < 2) return undefined;
  const isRight = Uint8Array.from(readings, (_, i) => (table.verdicts[start + i] !== Verdict.wrong ? 1 : 0));
  if (isRight.includes(1)) return isRight.includes(0) ? { isRight, counts: 1 } : undefined;
  return { isRight: Uint8Array.from(readings, ({ text }) => (text === input ? 1 : 0)), counts: UNREACHED };
}
