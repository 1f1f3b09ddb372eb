/**
 * How surely a term that no dictionary holds is a misspelling of one that a dictionary does: a logistic regression over what
 * is known of the two. Frequent misspellings stand in any text drawn from the web and look like words; so do names and
 * brands, which are no one's slips.
 *
 * Fitted on 206,898 terms of the bundled dataset that no dictionary holds, each beside the dictionary word that explains it
 * best. Listed misspellings whose SHA-1 begins with an even byte (1,284 of these terms) were to be told from all others;
 * of the 1,235 listed ones with an odd byte, left out of the fit, the 17,000 likeliest terms hold 88 %. A rule by ratio of
 * frequencies and cost held 80 % of them among 36,000.
 */
export interface Slip {
  /** ln (P(other) / P(term)): how much commoner the dictionary word is. */
  readonly gain: number;
  /** -ln P(term | other) by the trained groups of letters. */
  readonly groupCost: number;
  /** Whether the two are more than one edit apart. */
  readonly isFar: boolean;
  /** Code units of the term. */
  readonly length: number;
  /** Whether a list of names holds the term. */
  readonly isName: boolean;
  /** -ln P(other). */
  readonly meantCost: number;
}

/** What a nat of the slip's cost takes off the log-odds. */
export const GROUP_COST_WEIGHT = 0.798;
/** Beyond these more of it says nothing more. */
const MOST_GAIN = 12;
const MOST_COST = 15;
const MOST_LENGTH = 10;
/** The commonest words of all are no likelier to be misspelled than words this common, and small vocabularies have no others. */
const LEAST_MEANT_COST = 7;

/** Log-odds that a term is listed as a misspelling: rising with how surely it is one. Most terms lie below -8. */
export function slipOdds({ gain, groupCost, isFar, length, isName, meantCost }: Slip): number {
  return (
    0.385 +
    0.129 * Math.min(gain, MOST_GAIN) -
    GROUP_COST_WEIGHT * Math.min(groupCost, MOST_COST) +
    (isFar ? 0.889 : 0) +
    0.508 * Math.min(length, MOST_LENGTH) -
    (isName ? 0.929 : 0) -
    0.48 * Math.max(meantCost, LEAST_MEANT_COST)
  );
}
