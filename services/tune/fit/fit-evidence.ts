/** Fits what the evidence on the best change says (`rewrite/evidence.ts`): a logistic regression, every fold foreseen by the others. */

import {
  EVIDENCE_NAMES,
  type EvidenceName,
  type EvidenceWeights,
  evidenceLogOdds,
} from '../../rewrite/decide/evidence.ts';
import { fromLogOdds } from '../../rewrite/decide/log-odds.ts';
import { FOLDS } from '../rows/folds.ts';
import { minimise } from './minimise.ts';

/** The evidence on one best change, and whether it was right. */
export interface EvidencePoint {
  readonly evidence: readonly number[];
  readonly y: number;
  readonly weight: number;
  readonly fold: number;
}

/** Weights of all points, and for each point what the weights of the other folds say of it. */
export interface EvidenceFit {
  readonly weights: EvidenceWeights;
  readonly heldOut: Float64Array;
}

/** Fewer points than this say nothing. */
const LEAST_POINTS = 80;
/**
 * Holds weights to 0, in units of the mean loss a point, for evidence of unit deviation. Sets left out are foreseen best under a
 * thousandth, but that draws what is nearly sure in so far that little is done unasked.
 */
const STRENGTH = 1e-4;

/** Null where there are too few points. */
export function fitEvidence(points: readonly EvidencePoint[]): EvidenceFit | null {
  const used = points.filter(({ weight }) => weight > 0);
  if (used.length < LEAST_POINTS) return null;
  const heldOut = new Float64Array(points.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    if (!points.some((point) => point.fold === fold)) continue;
    const others = used.filter((point) => point.fold !== fold);
    const weights = regress(others.length === 0 ? used : others);
    points.forEach((point, i) => {
      if (point.fold === fold) heldOut[i] = fromLogOdds(evidenceLogOdds(weights, point.evidence));
    });
  }
  return { weights: regress(used), heldOut };
}

function regress(points: readonly EvidencePoint[]): EvidenceWeights {
  const size = EVIDENCE_NAMES.length;
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const moments = EVIDENCE_NAMES.map((_, i) => {
    const mean = points.reduce((sum, { evidence }) => sum + evidence[i]!, 0) / points.length;
    const square = points.reduce((sum, { evidence }) => sum + (evidence[i]! - mean) ** 2, 0) / points.length;
    return { mean, deviation: Math.sqrt(square) };
  });
  const scaled = points.map(({ evidence }) =>
    moments.map(({ mean, deviation }, i) => (deviation === 0 ? 0 : (evidence[i]! - mean) / deviation)),
  );
  const found = minimise(
    (point, gradient) => {
      gradient.fill(0);
      let loss = 0;
      for (const [at, { y, weight }] of points.entries()) {
        const row = scaled[at]!;
        let logOdds = point[size]!;
        for (let i = 0; i < size; i++) logOdds += point[i]! * row[i]!;
        const share = weight / total;
        loss += share * (Math.log1p(Math.exp(-Math.abs(logOdds))) + Math.max(0, logOdds) - y * logOdds);
        const slope = share * (fromLogOdds(logOdds) - y);
        for (let i = 0; i < size; i++) gradient[i]! += slope * row[i]!;
        gradient[size]! += slope;
      }
      for (let i = 0; i < size; i++) {
        loss += STRENGTH * point[i]! ** 2;
        gradient[i]! += 2 * STRENGTH * point[i]!;
      }
      return loss;
    },
    new Float64Array(size + 1),
  );
  const weights = moments.map(({ deviation }, i) => (deviation === 0 ? 0 : rounded(found[i]! / deviation)));
  const bias = moments.reduce((sum, { mean }, i) => sum - weights[i]! * mean, found[size]!);
  const byName = Object.fromEntries(EVIDENCE_NAMES.map((name, i) => [name, weights[i]!]));
  return { bias: rounded(bias), weights: byName as Record<EvidenceName, number> };
}

/** Four digits are more than the data know, and read better in a file. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
