/**
 * What says how far to trust the best change, beside the probability that the ranker gives it: how far it is ahead of the query as
 * typed and of the next best change, whether it changes known words, and into how many words it cuts one. A logistic of these,
 * fitted on queries that trained neither, gives what the calibration maps (`services/tune/`).
 *
 * The few pieces that let a set left out be foreseen better; forty features of the ranker do so for the sets that were in,
 * and worse for others.
 */
import { logOdds } from './calibration.ts';

/** All evidence, in the order of its vector. */
export const EVIDENCE_NAMES = [
  'odds',
  'overTyped',
  'overNext',
  'changesKnown',
  'changesKnownOverTyped',
  'furtherSplits',
] as const;

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

/** Leads beyond these are as good as these: nats over the query as typed, and over the next best change. */
const MOST_OVER_TYPED = 15;
const MOST_OVER_NEXT = 8;

/**
 * The vector of evidence on the best change.
 *
 * @param best the ranker's probability of it; `typed` and `next`: those of the query as typed and of the next best change, 0 for none
 */
export function evidenceVector(best: number, typed: number, next: number, edits: readonly EvidentEdit[]): number[] {
  const overTyped = lead(best, typed, MOST_OVER_TYPED);
  const changesKnown = edits.some(({ isKnown }) => isKnown) ? 1 : 0;
  const furtherSplits = edits.reduce((sum, { to }) => sum + Math.max(0, to.split(' ').length - 2), 0);
  return [
    logOdds(best),
    overTyped,
    lead(best, next, MOST_OVER_NEXT),
    changesKnown,
    changesKnown * overTyped,
    furtherSplits,
  ];
}

function lead(best: number, other: number, most: number): number {
  const nats = Math.log(Math.max(best, Number.MIN_VALUE) / Math.max(other, Number.MIN_VALUE));
  return Math.max(-most, Math.min(most, nats));
}

/** Log-odds that the best change is right, by the evidence. */
export function evidenceLogOdds({ bias, weights }: EvidenceWeights, vector: readonly number[]): number {
  return EVIDENCE_NAMES.reduce((sum, name, i) => sum + weights[name] * vector[i]!, bias);
}
