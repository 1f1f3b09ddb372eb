/** From what people typed and meant, words or whole queries, to pairs of words that an error model is trained on. */
import { normalise } from '../../stores/text/normalise.ts';
import { editsBetween, type TrainingPair } from './train.ts';

/** A word of letters, apostrophes and hyphens within: numbers and marks are not misspelled. */
const WORD = /^[\p{L}\p{M}](?:[\p{L}\p{M}'-]*[\p{L}\p{M}])?$/u;

/**
 * The misspelled words of a text that was put right, each with its correction, in order. Texts that differ in how many words
 * they have differ in spaces, which says nothing of letters: they give none. In a text of several words, one for a quite
 * different one is no slip of the pen but another wish: at most half the letters may differ.
 *
 * Of several corrections each is taken, with its share of the weight.
 */
export function wordPairs(wrong: string, rights: readonly string[], weight: number): TrainingPair[] {
  const typed = normalise(wrong).split(' ');
  return rights.flatMap((right) => {
    const meant = normalise(right).split(' ');
    if (typed.length !== meant.length) return [];
    return typed
      .map((word, i) => ({ typed: word, meant: meant[i]!, weight: weight / rights.length }))
      .filter((pair) => isSlip(pair, typed.length > 1));
  });
}

function isSlip({ typed, meant }: TrainingPair, isAmongOthers: boolean): boolean {
  if (typed === meant || !WORD.test(typed) || !WORD.test(meant)) return false;
  return !isAmongOthers || 2 * editsBetween(typed, meant) <= Math.max(typed.length, meant.length) + 1;
}

/**
 * What a pair that happened `count` times counts: a frequent misspelling says more than a rare one, but what `teh` says of
 * all other words does not grow with every time that it is typed.
 */
export function pairWeight(count: number): number {
  return 1 + Math.log(count);
}
