/**
 * Fitting the ranker: the weights under which the right readings have the greatest probability among all readings of their
 * queries (a conditional log-linear model). A query with several right readings counts all of them together; one whose right
 * answer is not among its readings counts, less, as one to be left alone.
 */
import { FEATURE_COUNT } from '../rewrite/features.ts';
import { minimise, type Objective } from './minimise.ts';
import { type ReadingTable, type TableRow, Verdict } from './reading-table.ts';

/** What a query counts whose right answer is not among its readings. */
const UNREACHED = 0.3;
/** Features that hardly vary must not have their weights free. */
const LEAST_DEVIATION = 1e-3;

/** What to fit. */
export interface FitOptions {
  readonly table: ReadingTable;
  readonly rows: readonly TableRow[];
  /** What each row of `rows` counts. */
  readonly rowWeights: Float64Array;
  /** Weights that the fit starts from and is drawn to. */
  readonly centre: Float64Array;
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
export function logLoss({ table, rows, rowWeights }: Pick<FitOptions, 'table' | 'rows' | 'rowWeights'>): Objective {
  const mostReadings = rows.reduce((most, row) => Math.max(most, row.readings.length), 0);
  const scores = new Float64Array(mostReadings);
  const targets = rows.map((row) => targetOf(row, table));
  return (weights, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let r = 0; r < rows.length; r++) {
      const target = targets[r];
      if (target === undefined) continue;
      const { start, readings } = rows[r]!;
      const count = readings.length;
      let greatest = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < count; i++) {
        scores[i] = table.score(start + i, weights);
        greatest = Math.max(greatest, scores[i]!);
      }
      let all = 0;
      let right = 1e-300;
      for (let i = 0; i < count; i++) {
        scores[i] = Math.exp(scores[i]! - greatest);
        all += scores[i]!;
        right += scores[i]! * target.isRight[i]!;
      }
      const rowWeight = rowWeights[r]! * target.counts;
      loss -= rowWeight * Math.log(right / all);
      for (let i = 0; i < count; i++) {
        const share = rowWeight * scores[i]! * (1 / all - target.isRight[i]! / right);
        if (share !== 0) addScaled(table, start + i, share, gradient);
      }
    }
    return loss;
  };
}

/** Which readings a row wants, and what it counts; undefined where it teaches nothing. */
function targetOf(
  { readings, start, input }: TableRow,
  table: ReadingTable,
): { isRight: Uint8Array; counts: number } | undefined {
  if (readings.length < 2) return undefined;
  const isRight = Uint8Array.from(readings, (_, i) => (table.verdicts[start + i] !== Verdict.wrong ? 1 : 0));
  if (isRight.includes(1)) return isRight.includes(0) ? { isRight, counts: 1 } : undefined;
  return { isRight: Uint8Array.from(readings, ({ text }) => (text === input ? 1 : 0)), counts: UNREACHED };
}

function addScaled(table: ReadingTable, reading: number, by: number, to: Float64Array): void {
  for (let at = table.offsets[reading]!; at < table.offsets[reading + 1]!; at++) {
    to[table.columns[at]!]! += by * table.values[at]!;
  }
}
