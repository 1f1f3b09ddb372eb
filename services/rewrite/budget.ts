/**
 * The work that one query may cause, over all steps, in candidates verified: about half a microsecond each. A query that exceeds
 * it is still corrected, all of it, but less closely, and says so (`too-much-work`).
 *
 * | work so far | what follows |
 * | --- | --- |
 * | up to 4,800; of more than 48 tokens up to 2,400 and 45 for each before | all sources, all readings |
 * | up to 6,000; of more than 48 tokens up to 4,800 | one edit, the commonest candidates, cuts in two |
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
const FULL_WORK = 4800;
/** The words that are left then, 150 at most, take some 40 each. */
const SPARING_WORK = FULL_WORK + 1200;

/** Of more tokens than these each has its share only: words of long sentences take 45 each, those made to be slow 500. */
const NATURAL_TOKENS = 48;
const LONG_HEAD_WORK = 2400;
const LONG_TOKEN_WORK = 45;

/** The work up to which the place at token `at` is looked at in full, in a query of so many tokens. */
export function fullWorkAt(at: number, tokens: number): number {
  return tokens <= NATURAL_TOKENS ? FULL_WORK : Math.min(FULL_WORK, LONG_HEAD_WORK + LONG_TOKEN_WORK * at);
}

/** The work up to which the rest of such a query is looked at sparingly; beyond, it gets the least. */
export function sparingWork(tokens: number): number {
  return tokens <= NATURAL_TOKENS ? SPARING_WORK : FULL_WORK;
}

/** Readings decoded for a query: the alternatives of an answer, and what its confidence is weighed against. */
const BEST_PATHS = 16;
/** Readings of a query beyond its budget: each takes a look at a hundred words and, in the answer, as many edits. */
const SPARING_PATHS = 6;

/** How many readings of a query are decoded. */
export function pathsWithin({ work }: Pick<RewriteContext, 'work'>): number {
  return work > SPARING_WORK ? SPARING_PATHS : BEST_PATHS;
}
