/**
 * What says how far to trust the best change, beside the probability that the ranker gives it: how far it is ahead of the query as
 * typed and of the next best change, and what stood there before. A logistic of these, fitted on queries that trained
 * neither, gives what the calibration maps (`services/tune/`).
 */
import { logOdds } from './calibration.ts';
import type { FeatureName } from './features.ts';

/** Features of the best changed reading that are evidence: the standing of the words that it changes. */
export const EVIDENCE_FEATURES = ['fromDictionary', 'fromName', 'fromWeb'] as const satisfies readonly FeatureName[];

/** All evidence, in the order of its vector. */
export const EVIDENCE_NAMES = ['odds', 'overTyped', 'overNext', ...EVIDENCE_FEATURES] as const;

export type EvidenceName = (typeof EVIDENCE_NAMES)[number];

/** What a unit of each piece of evidence adds to the log-odds that the best change is right, and where these begin. */
export interface EvidenceWeights {
  readonly bias: number;
  readonly weights: Readonly<Record<EvidenceName, number>>;
}

/** Leads beyond these are as good as these: nats over the query as typed, and over the next best change. */
const MOST_OVER_TYPED = 15;
const MOST_OVER_NEXT = 8;

/**
 * The vector of evidence.
 *
 * @param best the ranker's probability of the best change; `typed` and `next`: those of the query as typed and of the next
 *   best change, 0 for none
 * @param features the values of `EVIDENCE_FEATURES` for the best change
 */
export function evidenceVector(best: number, typed: number, next: number, features: ArrayLike<number>): number[] {
  const over = (other: number, most: number) => {
    const lead = Math.log(Math.max(best, Number.MIN_VALUE) / Math.max(other, Number.MIN_VALUE));
    return Math.max(-most, Math.min(most, lead));
  };
  const counts = EVIDENCE_FEATURES.map((_, i) => features[i] ?? 0);
  return [logOdds(best), over(typed, MOST_OVER_TYPED), over(next, MOST_OVER_NEXT), ...counts];
}

/** Log-odds that the best change is right, by the evidence. */
export function evidenceLogOdds({ bias, weights }: EvidenceWeights, vector: readonly number[]): number {
  return EVIDENCE_NAMES.reduce((sum, name, i) => sum + weights[name] * vector[i]!, bias);
}
