/**
 * Fitting the network beside the weights (`rewrite/network.ts`): the same loss as for the weights alone, from where these were
 * found best. Several small networks are fitted, each from other random beginnings, and taken together as one: what any of
 * them made of chance is averaged out.
 */
import { type Random, seededRandom } from '../../figures/random.ts';
import { FEATURE_COUNT } from '../../rewrite/rank/features.ts';
import { bent, NO_NETWORK } from '../../rewrite/rank/network.ts';
import type { Ranking } from '../tuned.ts';
import { type FitOptions, isLost, LEAST_DEVIATION, rowLoss, targetOf } from './log-linear.ts';
import { minimise, type Objective } from './minimise.ts';

/**
 * Networks that are averaged, and units of each: one of 8 or 16 units does worse on held-out rows than several small ones. As
 * 8 of 2, fits of 200 and of 400 steps agree to a tenth of a point; as 4 of 4 they are as good, but what they do unasked moves.
 */
const NETWORKS = 8;
const UNITS = 2;
/**
 * How strongly the network is held to nothing, in rows' worth, as weights are held. Under 0.3 it learns the rows by heart
 * (held-out -ln P 0.117 for 0.105 without), under 4 to 10 it gains (0.096 to 0.100), under 30 it is not there.
 */
const STRENGTH = 6;
/** The weights beside it, to 0. */
const WEIGHT_STRENGTH = 0.3;
/** Readings less likely than the best one by more nats than this, without the network, teach nothing. */
const FAR = 7;
const MOST_STEPS = 200;
const TOLERANCE = 1e-7;

/** What to fit. */
export interface NetworkFitOptions extends Pick<FitOptions, 'table' | 'rows' | 'rowWeights' | 'free'> {
  /** The penalty that is one row's worth. */
  readonly rowWorth: number;
}

/** Fits weights and network together, from weights that are fitted already. Deterministic. Some seconds for 10,000 rows. */
export function fitNetwork(options: NetworkFitOptions, start: Float64Array): Ranking {
  const rows = trainingRows(options, start);
  const unitCount = NETWORKS * UNITS;
  const ranking = {
    weights: new Float64Array(FEATURE_COUNT),
    network: {
      unitCount,
      bias: new Float64Array(unitCount),
      out: new Float64Array(unitCount),
      weights: new Float64Array(FEATURE_COUNT * unitCount),
    },
  };
  const { weights, network } = ranking;
  for (let n = 0; n < NETWORKS; n++) {
    const { linear, inner, bias, out } = partsOf(fitOne(rows, options, start, seededRandom(n + 1)));
    for (let f = 0; f < FEATURE_COUNT; f++) weights[f]! += linear[f]! / rows.deviations[f]! / NETWORKS;
    for (let u = 0; u < UNITS; u++) {
      const to = n * UNITS + u;
      network.bias[to] = bias[u]!;
      network.out[to] = out[u]! / NETWORKS;
      for (let f = 0; f < FEATURE_COUNT; f++) {
        const weight = inner[f * UNITS + u]! / rows.deviations[f]!;
        network.weights[f * unitCount + to] = weight;
        network.bias[to]! -= weight * rows.means[f]!;
      }
    }
  }
  return ranking;
}

/** The readings that teach something, row by row, their features in units of their deviations. */
interface TrainingRows {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** Readings of row r: from `starts[r]` to `starts[r + 1]`. */
  readonly starts: Uint32Array;
  readonly counts: Float64Array;
  readonly isRight: Uint8Array;
  /** Features of reading i: from `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets: Uint32Array;
  readonly columns: Uint16Array;
  readonly values: Float64Array;
}

function trainingRows({ table, rows, rowWeights, free }: NetworkFitOptions, start: Float64Array): TrainingRows {
  const starts: number[] = [0];
  const counts: number[] = [];
  const isRight: number[] = [];
  const readings: number[] = [];
  for (const [r, row] of rows.entries()) {
    const target = targetOf(row, table);
    if (target === undefined) continue;
    const scores = table.scoresOf(row, { weights: start, network: NO_NETWORK });
    const least = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY) - FAR;
    for (let i = 0; i < scores.length; i++) {
      if (target.isRight[i] === 0 && scores[i]! < least) continue;
      readings.push(row.start + i);
      isRight.push(target.isRight[i]!);
    }
    starts.push(readings.length);
    counts.push(rowWeights[r]! * target.counts);
  }
  const offsets = [0];
  const columns: number[] = [];
  const values: number[] = [];
  const sums = new Float64Array(FEATURE_COUNT);
  const squares = new Float64Array(FEATURE_COUNT);
  for (const reading of readings) {
    for (let at = table.offsets[reading]!; at < table.offsets[reading + 1]!; at++) {
      const [column, value] = [table.columns[at]!, table.values[at]!];
      if (free !== undefined && free[column] === 0) continue;
      columns.push(column);
      values.push(value);
      sums[column]! += value;
      squares[column]! += value ** 2;
    }
    offsets.push(columns.length);
  }
  const count = Math.max(1, readings.length);
  const means = sums.map((sum) => sum / count);
  const deviations = squares.map((square, f) =>
    Math.max(LEAST_DEVIATION, Math.sqrt(Math.max(0, square / count - means[f]! ** 2))),
  );
  return {
    means,
    deviations,
    starts: Uint32Array.from(starts),
    counts: Float64Array.from(counts),
    isRight: Uint8Array.from(isRight),
    offsets: Uint32Array.from(offsets),
    columns: Uint16Array.from(columns),
    values: Float64Array.from(values, (value, at) => value / deviations[columns[at]!]!),
  };
}

/** What is searched for, as one point: weights, then of the network its inner weights, biases and what units count. */
function partsOf(point: Float64Array) {
  const inner = FEATURE_COUNT;
  const bias = inner + FEATURE_COUNT * UNITS;
  return {
    linear: point.subarray(0, inner),
    inner: point.subarray(inner, bias),
    bias: point.subarray(bias, bias + UNITS),
    out: point.subarray(bias + UNITS, bias + 2 * UNITS),
  };
}

function fitOne(
  rows: TrainingRows,
  { rowWorth }: NetworkFitOptions,
  start: Float64Array,
  random: Random,
): Float64Array {
  const size = FEATURE_COUNT + (FEATURE_COUNT + 2) * UNITS;
  const point = new Float64Array(size);
  const { linear, inner, out } = partsOf(point);
  linear.set(start.map((weight, f) => weight * rows.deviations[f]!));
  // Such that a unit's sum is about 1 at the start, and all units together next to nothing. What never varies stays at 0: it
  // may well occur where the network is used, over an owner's documents.
  for (let i = 0; i < inner.length; i++) {
    const first = normal(random) / Math.sqrt(FEATURE_COUNT);
    if (rows.deviations[Math.floor(i / UNITS)]! > LEAST_DEVIATION) inner[i] = first;
  }
  for (let u = 0; u < UNITS; u++) out[u] = 0.1 * normal(random);
  return minimise(objectiveOf(rows, rowWorth), point, { maxSteps: MOST_STEPS, tolerance: TOLERANCE });
}

/** A number of the normal distribution (Box and Muller). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The loss with its penalties, and its gradient. */
function objectiveOf(rows: TrainingRows, rowWorth: number): Objective {
  const { means, deviations, starts, counts, isRight, offsets, columns, values } = rows;
  const shift = means.map((mean, f) => mean / deviations[f]!);
  let most = 0;
  for (let r = 0; r < counts.length; r++) most = Math.max(most, starts[r + 1]! - starts[r]!);
  const scores = new Float64Array(most);
  const sums = new Float64Array(most * UNITS);
  const base = new Float64Array(UNITS);
  const slopes = new Float64Array(UNITS);
  return (point, gradient) => {
    gradient.fill(0);
    const { linear, inner, bias, out } = partsOf(point);
    const to = partsOf(gradient);
    // Features count from their means: what of that does not depend on the reading is summed once.
    base.set(bias);
    for (let f = 0; f < FEATURE_COUNT; f++) {
      for (let u = 0; u < UNITS; u++) base[u]! -= shift[f]! * inner[f * UNITS + u]!;
    }
    let loss = 0;
    for (let r = 0; r < counts.length; r++) {
      const from = starts[r]!;
      const count = starts[r + 1]! - from;
      for (let i = 0; i < count; i++) {
        const s = i * UNITS;
        for (let u = 0; u < UNITS; u++) sums[s + u] = base[u]!;
        let score = 0;
        for (let at = offsets[from + i]!; at < offsets[from + i + 1]!; at++) {
          const column = columns[at]!;
          const value = values[at]!;
          score += linear[column]! * value;
          for (let u = 0; u < UNITS; u++) sums[s + u]! += inner[column * UNITS + u]! * value;
        }
        for (let u = 0; u < UNITS; u++) score += out[u]! * bent(sums[s + u]!);
        scores[i] = score;
      }
      loss += rowLoss(scores, count, isRight, from, counts[r]!);
      for (let i = 0; i < count; i++) {
        const share = scores[i]!;
        if (isLost(share, counts[r]!)) continue;
        for (let u = 0; u < UNITS; u++) {
          const sum = sums[i * UNITS + u]!;
          to.out[u]! += share * bent(sum);
          // The slope of s / (1 + |s|) is 1 / (1 + |s|)².
          slopes[u] = (share * out[u]!) / (1 + Math.abs(sum)) ** 2;
          to.bias[u]! += slopes[u]!;
        }
        for (let at = offsets[from + i]!; at < offsets[from + i + 1]!; at++) {
          const column = columns[at]!;
          const value = values[at]!;
          to.linear[column]! += share * value;
          for (let u = 0; u < UNITS; u++) to.inner[column * UNITS + u]! += slopes[u]! * value;
        }
      }
    }
    for (let f = 0; f < FEATURE_COUNT; f++) {
      for (let u = 0; u < UNITS; u++) to.inner[f * UNITS + u]! -= shift[f]! * to.bias[u]!;
    }
    for (let i = 0; i < point.length; i++) {
      const by = rowWorth * (i < FEATURE_COUNT ? WEIGHT_STRENGTH : STRENGTH);
      loss += by * point[i]! ** 2;
      gradient[i]! += 2 * by * point[i]!;
    }
    return loss;
  };
}
