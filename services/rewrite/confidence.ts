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
 * Turns the scores of the readings into probabilities: a softmax, with the odds of any change moved from the error rate
 * that the scores stand for to the one asked for.
 *
 * @param readings distinct texts; the unchanged query among them
 * @param scores ln P(reading) but for a constant, in the order of the readings
 * @returns the readings by falling probability, and the probability left to all others
 */
export function weigh(
  query: string,
  readings: readonly Reading[],
  scores: readonly number[],
  parameters: Parameters,
  errorRate: number,
): { weighed: Weighed[]; otherMass: number } {
  const shift = logOdds(errorRate) - logOdds(parameters.trainedErrorRate);
  const shifted = readings.map((reading, i) => scores[i]! + (reading.text === query ? 0 : shift));
  const greatest = Math.max(...shifted);
  const weights = shifted.map((score) => Math.exp(score - greatest));
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
