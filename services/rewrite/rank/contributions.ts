/** What each feature adds to the difference between the scores of two readings: for people who ask why. */
import { FEATURE_COUNT, FEATURE_NAMES, type FeatureName } from './features.ts';
import { bent, type Network } from './network.ts';

/** A feature in which two readings differ. */
export interface FeatureDifference {
  readonly feature: FeatureName;
  readonly value: number;
  /** Its value in the other reading. */
  readonly other: number;
  /** What the difference adds to the log-odds of the first reading against the other; nats. */
  readonly adds: number;
}

/**
 * The features in which two vectors differ, with what each adds. All of it sums to the difference of their scores: each unit of
 * the network is spread over the features as along the straight line from one vector to the other, on which its sum changes
 * evenly (integrated gradients), which for one bend comes to its secant.
 *
 * @returns by falling size of what they add
 */
export function contributions(
  weights: Float64Array,
  { unitCount, bias, out, weights: inUnits }: Network,
  vector: Float64Array,
  other: Float64Array,
): FeatureDifference[] {
  const differing: number[] = [];
  for (let f = 0; f < FEATURE_COUNT; f++) if (vector[f] !== other[f]) differing.push(f);
  const adds = new Float64Array(FEATURE_COUNT);
  for (const f of differing) adds[f] = weights[f]! * (vector[f]! - other[f]!);
  for (let u = 0; u < unitCount; u++) {
    let sum = bias[u]!;
    let otherSum = bias[u]!;
    for (let f = 0; f < FEATURE_COUNT; f++) {
      sum += inUnits[f * unitCount + u]! * vector[f]!;
      otherSum += inUnits[f * unitCount + u]! * other[f]!;
    }
    const slope =
      Math.abs(sum - otherSum) < 1e-9 ? 1 / (1 + Math.abs(sum)) ** 2 : (bent(sum) - bent(otherSum)) / (sum - otherSum);
    for (const f of differing) adds[f]! += out[u]! * slope * inUnits[f * unitCount + u]! * (vector[f]! - other[f]!);
  }
  return differing
    .map((f) => ({ feature: FEATURE_NAMES[f]!, value: vector[f]!, other: other[f]!, adds: adds[f]! }))
    .sort((a, b) => Math.abs(b.adds) - Math.abs(a.adds));
}
