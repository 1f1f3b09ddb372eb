import type { Reading } from './edits.ts';
import type { Parameters } from './parameters.ts';

/** A reading with its probability. */
export interface Weighed {
  readonly reading: Reading;
  readonly probability: number;
}

/** P that what was meant is none of the readings at hand, at least. */
const LEAST_OTHER_MASS = 0.005;

/**
 * Turns the costs of the readings into probabilities: a softmax flattened by the temperature, with the odds of any change
 * moved from the error rate that the costs stand for to the one asked for.
 *
 * @param readings distinct texts; the unchanged query among them
 * @returns the readings by falling probability, and the probability left to all others
 */
export function weigh(
  query: string,
  readings: readonly Reading[],
  parameters: Parameters,
  errorRate: number,
): { weighed: Weighed[]; otherMass: number } {
  const shift = logOdds(errorRate) - logOdds(parameters.costErrorRate);
  const least = Math.min(...readings.map((reading) => reading.path.cost));
  const weights = readings.map((reading) => {
    const prior = reading.text === query ? 0 : shift;
    return Math.exp((least - reading.path.cost) / parameters.temperature + prior);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const weighed = readings.map((reading, i) => ({
    reading,
    probability: (1 - LEAST_OTHER_MASS) * (weights[i]! / total),
  }));
  weighed.sort((a, b) => b.probability - a.probability);
  return { weighed, otherMass: LEAST_OTHER_MASS };
}

/** ln(p / (1 - p)). */
export function logOdds(p: number): number {
  return Math.log(p / (1 - p));
}

/** P above which a change is worth making unasked, when breaking costs `costOfBreaking` times what a fix gains. */
export function autoThreshold(costOfBreaking: number): number {
  return costOfBreaking / (costOfBreaking + 1);
}
