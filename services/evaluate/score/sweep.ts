/** Fix against broken as the confidence that is asked for falls: what another threshold would have given. */

import { type Share, shareOf } from '../../figures/shares.ts';
import type { Outcome } from '../judge/outcome.ts';

/** One threshold: every best changed reading of at least this confidence is taken. */
export interface SweepPoint {
  /** Null where nothing is taken. */
  readonly threshold: number | null;
  readonly fixed: number;
  readonly broken: number;
}

/** The fix that the highest threshold-free choice reaches while at most `limit` of the correct inputs are broken. */
export interface FixAtBroken {
  readonly limit: number;
  readonly threshold: number | null;
  readonly fix: Share;
  readonly broken: Share;
}

/** The shares of broken queries at which fix is reported. */
export const BROKEN_LIMITS = [0.005, 0.01, 0.02] as const;

/**
 * All points of the sweep, from nothing taken to everything: `fixed` and `broken` only grow. Rows of equal confidence
 * are taken together, as any threshold would.
 */
export function sweepThreshold(outcomes: readonly Outcome[]): SweepPoint[] {
  const taken = outcomes
    .filter(({ best }) => best.confidence >= 0)
    .sort((a, b) => b.best.confidence - a.best.confidence);
  const points: SweepPoint[] = [{ threshold: null, fixed: 0, broken: 0 }];
  let fixed = 0;
  let broken = 0;
  for (const [i, outcome] of taken.entries()) {
    if (!outcome.needsCorrection) broken++;
    else if (outcome.best.right) fixed++;
    const threshold = outcome.best.confidence;
    if (taken[i + 1]?.best.confidence !== threshold) points.push({ threshold, fixed, broken });
  }
  return points;
}

/** Of the points with equally many broken the one with the most fixed: all that the curve holds, in a hundredth of its points. */
export function staircase(points: readonly SweepPoint[]): SweepPoint[] {
  return points.filter((point, i) => points[i + 1]?.broken !== point.broken);
}

/** The last point of a sweep that breaks at most `limit` of `correct` inputs. */
export function fixAtBroken(
  points: readonly SweepPoint[],
  limit: number,
  needing: number,
  correct: number,
): FixAtBroken {
  let best: SweepPoint = { threshold: null, fixed: 0, broken: 0 };
  for (const point of points) if (point.broken <= limit * correct) best = point;
  return {
    limit,
    threshold: best.threshold,
    fix: shareOf(best.fixed, needing),
    broken: shareOf(best.broken, correct),
  };
}
