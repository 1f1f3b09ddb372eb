/**
 * What says how far to trust the best change, beside the probability that the ranker gives it: whether it changes known words, and
 * into how many words it cuts one. A logistic of these, fitted on queries that trained neither, gives what the calibration
 * maps (`services/tune/`).
 *
 * Few on purpose: of a set left out they foresee more than forty features of the ranker do (services/tune/README.md).
 */
import { logOdds } from './log-odds.ts';

/** All evidence, in the order of its vector. */
export const EVIDENCE_NAMES = ['odds', 'changesKnown', 'furtherSplits'] as const;

export type EvidenceName = (typeof EVIDENCE_NAMES)[number];

/** What a unit of each piece of evidence adds to the log-odds that the best change is right, and where these begin. */
export interface EvidenceWeights {
  readonly bias: number;
  readonly weights: Readonly<Record<EvidenceName, number>>;
}

/** An edit as far as it is evidence. */
export interface EvidentEdit {
  readonly to: string;
  /** Whether a known word is among what it replaces. */
  readonly isKnown: boolean;
}

/** The vector of evidence on the best change, to which the ranker gives the probability `best`. */
export function evidenceVector(best: number, edits: readonly EvidentEdit[]): number[] {
  const changesKnown = edits.some(({ isKnown }) => isKnown) ? 1 : 0;
  const furtherSplits = edits.reduce((sum, { to }) => sum + Math.max(0, to.split(' ').length - 2), 0);
  return [logOdds(best), changesKnown, furtherSplits];
}

/** Log-odds that the best change is right, by the evidence. */
export function evidenceLogOdds({ bias, weights }: EvidenceWeights, vector: readonly number[]): number {
  return EVIDENCE_NAMES.reduce((sum, name, i) => sum + weights[name] * vector[i]!, bias);
}
