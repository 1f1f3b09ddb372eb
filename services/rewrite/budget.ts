/**
 * The work that one query may cause, over all steps, in candidates verified: about half a microsecond each. A query that exceeds
 * it is still corrected, all of it, but less closely, and says so (`too-much-work`).
 *
 * | work so far | what follows |
 * | --- | --- |
 * | up to `FULL_WORK` | all sources, all readings |
 * | up to `SPARING_WORK` | one edit, the commonest candidates, cuts in two |
 * | beyond | unknown words alone, their two cheapest candidates; the readings decoded, weighed and composed are `SPARING_PATHS` |
 *
 * Work grows with the query alone, whatever is remembered and whatever else the machine does: the same query has the same
 * answer.
 */

import type { RewriteContext } from './context.ts';

/**
 * Of 29,771 evaluation queries of up to 20 words, misspelled and right, none took more than 4,603, and one in a hundred more than
 * 1,914; of sentences of up to 94 words none more than 5,272. Of queries made to be slow (load/workloads/hostile.ts) every
 * second one reaches the bound.
 */
export const FULL_WORK = 4800;
/** The words that are left then, 150 at most, take some 40 each. */
export const SPARING_WORK = FULL_WORK + 1200;

/** Readings decoded for a query: the alternatives of an answer, and what its confidence is weighed against. */
const BEST_PATHS = 16;
/** Readings of a query beyond its budget: each takes a look at a hundred words and, in the answer, as many edits. */
const SPARING_PATHS = 6;

/** How many readings of a query are decoded. */
export function pathsWithin({ work }: Pick<RewriteContext, 'work'>): number {
  return work > SPARING_WORK ? SPARING_PATHS : BEST_PATHS;
}
