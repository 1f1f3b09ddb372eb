import { MOST_PROPOSALS } from './proposer.ts';

/** How closely one place of a query is looked at: how much each proposal source may add there. */
export interface Effort {
  /** Replacements for one token, cheapest first; 0 looks for none. */
  readonly replacements: number;
  /** Ways to cut one token as it stands, the parts of such a way at most, and ways to cut it with a part respelled. */
  readonly splits: number;
  readonly parts: number;
  readonly respelledSplits: number;
  /** Replacements for two tokens put together, and places to which the space between them may move. */
  readonly respelledMerges: number;
  readonly movedSpaces: number;
  /** Edits of a replacement at most: 1 or 2. */
  readonly maxEdits: number;
  /** Whether only the most frequent terms of each list of a deletion index are examined. */
  readonly isSparing: boolean;
}

export const FULL: Effort = Object.freeze({
  replacements: MOST_PROPOSALS,
  splits: 4,
  parts: 32,
  respelledSplits: 3,
  respelledMerges: 3,
  movedSpaces: 4,
  maxEdits: 2,
  isSparing: false,
});

/** For the last of many tokens: a common word one edit away is still found, and one space too many or too few. */
export const SPARING: Effort = Object.freeze({
  replacements: 4,
  splits: 2,
  parts: 2,
  respelledSplits: 0,
  respelledMerges: 0,
  movedSpaces: 0,
  maxEdits: 1,
  isSparing: true,
});

/** For the last of very many hard tokens: the most frequent words one edit away. */
export const LEAST: Effort = Object.freeze({ ...SPARING, replacements: 2, splits: 0 });

/** For common words: now and then they are a slip for another word (`god` for `good`), as their neighbours show. */
export const SLIGHT: Effort = Object.freeze({ ...FULL, replacements: 4, splits: 0, respelledSplits: 0, maxEdits: 1 });

/** For a word that is left as it is. */
export const NONE: Effort = Object.freeze({ ...SPARING, replacements: 0, splits: 0 });
