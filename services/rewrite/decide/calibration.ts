/**
 * From what the ranker thinks to how often it is right: monotone maps, fitted on queries apart from those that trained the
 * ranker (`services/tune/`). They are kept in log-odds, where the difference between 0.99 and 0.999 is as wide as it matters.
 */

import type { EvidenceWeights } from './evidence.ts';
import { fromLogOdds, logOdds } from './log-odds.ts';

/** A rising map of log-odds by its knots: `x` strictly ascending, `y` ascending, equally many, at least one. */
export interface LogOddsMap {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** What turns the ranker's probabilities into calibrated ones. */
export interface Calibration {
  /** The share of misspelled queries at which the maps hold, 0..1 exclusive. */
  readonly errorRate: number;
  /** Fitted before the maps: what takes the place of the best change's probability; null where nothing does. */
  readonly evidence: EvidenceWeights | null;
  /** The best changed reading: its probability, or what the evidence says -> P(it is right). */
  readonly best: LogOddsMap;
  /** The unchanged query: its share of what the best changed reading leaves -> P(it is right | that one is wrong). */
  readonly keep: LogOddsMap;
  /** P(one of the other readings is right | neither of those two is), 0..1. */
  readonly others: number;
  /** One edit of several: the probability of the readings that make it -> P(the edit is right). */
  readonly edit: LogOddsMap;
}

/** The map that changes nothing. */
export const SAME: LogOddsMap = Object.freeze({ x: [-20, 20], y: [-20, 20] });

/** Takes the ranker at its word. */
export const UNCALIBRATED: Calibration = Object.freeze({
  errorRate: 0.06,
  evidence: null,
  best: SAME,
  keep: SAME,
  others: 0.5,
  edit: SAME,
});

/**
 * Applies a map to a probability: straight lines between the knots; beyond them the line of slope 1, or what `slope` says,
 * where data ends and order is all that can be kept.
 *
 * Rising in `p`, so the order of readings stays. O(knots), allocates nothing.
 */
export function calibrated(map: LogOddsMap, p: number, slope = 1): number {
  const { x, y } = map;
  const at = logOdds(p);
  const last = x.length - 1;
  if (at <= x[0]!) return fromLogOdds(y[0]! + slope * (at - x[0]!));
  if (at >= x[last]!) return fromLogOdds(y[last]! + slope * (at - x[last]!));
  let i = 1;
  while (x[i]! < at) i++;
  const share = (at - x[i - 1]!) / (x[i]! - x[i - 1]!);
  return fromLogOdds(y[i - 1]! + share * (y[i]! - y[i - 1]!));
}
