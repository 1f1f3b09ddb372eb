/**
 * How large a calibration error looks where there is none. Few rows make it: at a realistic error rate one correct query that
 * is changed weighs as much as ten or thirty misspelled ones, so bins of perfect confidences miss the mark by chance, and
 * an error, which cannot fall below zero, adds every miss up.
 */

import { percentile } from '../../figures/quantiles.ts';
import { type Random, seededRandom } from '../../figures/random.ts';
import { type CalibrationRows, calibrate, classWeights } from './calibration.ts';

/** The calibration error of answers whose every confidence is exactly right: its mean, and what one in twenty exceeds. */
export interface ChanceError {
  readonly mean: number;
  readonly high: number;
}

/** Draws: the mean is then known to some 2 % of itself. */
const DRAWS = 200;

/**
 * Draws the changed rows again as they would come were each confidence right. What a row weighs at its confidence c is the
 * mean of a Poisson number of fixed rows for c of it, and of wrong and broken ones for the rest, which these share as they
 * do in the rows at hand. Bins, weights and error are those of {@link calibrate}. Seeded. Some 30 us a changed row.
 *
 * @returns null where there is no calibration error either
 */
export function chanceError(rows: CalibrationRows, errorRate: number): ChanceError | null {
  const { needsCorrection, confidence, right, changed } = rows;
  const needing = needsCorrection.reduce((sum, needs) => sum + needs, 0);
  const correct = needsCorrection.length - needing;
  const weights = classWeights(needing, correct, errorRate);
  if (weights === null || changed.length === 0) return null;

  let wrong = 0;
  let broken = 0;
  for (const row of changed) {
    if (needsCorrection[row] === 0) broken += weights.correct;
    else if (right[row] === 0) wrong += weights.needing;
  }
  const shareBroken = wrong + broken === 0 ? 0 : broken / (wrong + broken);

  // Three rows for each changed one, as `calibrate` counts them: fixed, wrong, broken. Two last ones are all that is not changed.
  const size = 3 * changed.length;
  const means = new Float64Array(size);
  const drawn: CalibrationRows = {
    needsCorrection: new Uint8Array(size + 2),
    confidence: new Float64Array(size + 2),
    right: new Uint8Array(size + 2),
    changed: Uint32Array.from({ length: size }, (_, i) => i),
  };
  for (const [i, row] of changed.entries()) {
    const c = confidence[row]!;
    const weight = needsCorrection[row] === 1 ? weights.needing : weights.correct;
    means[3 * i] = (c * weight) / weights.needing;
    means[3 * i + 1] = ((1 - c) * (1 - shareBroken) * weight) / weights.needing;
    means[3 * i + 2] = ((1 - c) * shareBroken * weight) / weights.correct;
    drawn.confidence.fill(c, 3 * i, 3 * i + 3);
    drawn.needsCorrection.fill(1, 3 * i, 3 * i + 2);
    drawn.right[3 * i] = 1;
  }
  drawn.needsCorrection[size] = 1;

  const random = seededRandom(0x9e3779b9);
  const counts = new Uint32Array(size + 2);
  const errors: number[] = [];
  for (let draw = 0; draw < DRAWS; draw++) {
    let changedNeeding = 0;
    let changedCorrect = 0;
    for (let i = 0; i < size; i++) {
      const times = poisson(means[i]!, random);
      counts[i] = times;
      if (drawn.needsCorrection[i] === 1) changedNeeding += times;
      else changedCorrect += times;
    }
    counts[size] = Math.max(0, needing - changedNeeding);
    counts[size + 1] = Math.max(0, correct - changedCorrect);
    const found = calibrate(drawn, counts, errorRate);
    if (found !== null) errors.push(found.error);
  }
  if (errors.length === 0) return null;
  errors.sort((a, b) => a - b);
  return { mean: errors.reduce((sum, error) => sum + error, 0) / errors.length, high: percentile(errors, 0.95) };
}

/**
 * What of an error is not by chance. Misses by chance and misses of the confidences add up like sides of a right angle: a bin
 * that is off by g and scattered by s is on average nearly sqrt(g² + 2/pi s²) off. 0 where chance explains all of it.
 */
export function beyondChance(error: number, { mean }: ChanceError): number {
  return Math.sqrt(Math.max(0, error ** 2 - mean ** 2));
}

/** Above this mean a normal number will do: drawing takes as many steps as the number is large. */
const LARGE = 30;

/** A Poisson number, by inversion: one draw, and one step for each unit of it. */
function poisson(mean: number, random: Random): number {
  if (mean > LARGE) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  let number = 0;
  let term = Math.exp(-mean);
  let below = term;
  const at = random();
  // Beyond ten times the greatest mean the sum no longer grows: rounding must not make this endless.
  while (at >= below && number < 10 * LARGE) {
    number++;
    term *= mean / number;
    below += term;
  }
  return number;
}
