/**
 * What stands around a changed stretch of the query: evidence that does not depend on what it is changed into. A query of
 * names or of another language holds more words that only look misspelled, and a name often follows a name.
 */

import { FIRST_TERM_ID, TermFlag, UNKNOWN_ID } from '../../stores/lexicon/format.ts';
import type { Lexicon } from '../../stores/lexicon/lexicon.ts';
import type { Slot } from './lattice.ts';

/** The features, in the order in which `countAround` counts them. */
export const AROUND_FEATURES = [
  'othersUnknown',
  'othersOutside',
  'othersOutsideShare',
  'afterName',
  'unvoweled',
] as const;

/** Nats below which a word is so common that it is seldom meant as a name (will, may, rose). */
const NAME_ABOVE = 8.5;
/** Letters of the longest abbreviation that lacks vowels. */
const ABBREVIATION_LETTERS = 5;

/**
 * Adds what stands around slots `from` to `to` (exclusive) to `out`, from `at` on:
 * other words that are not known at all, that stand in no dictionary, and these as a share of the other words;
 * whether the word before is a name; whether a short typed word holds no vowel, as abbreviations do.
 */
export function countAround(
  slots: readonly Slot[],
  from: number,
  to: number,
  lexicon: Lexicon,
  vowels: string,
  out: Float64Array,
  at: number,
): void {
  let words = 0;
  let outside = 0;
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i]!;
    if ((i >= from && i < to) || slot.token.class !== 'word') continue;
    words++;
    if (slot.id === UNKNOWN_ID && !slot.known) out[at]!++;
    if (!isInDictionary(slot, lexicon)) outside++;
  }
  out[at + 1]! += outside;
  if (words > 0) out[at + 2]! += outside / words;
  const before = slots[from - 1];
  if (before !== undefined && isName(before, lexicon)) out[at + 3]!++;
  const typed = slots[from]!.token.text;
  if (to === from + 1 && typed.length <= ABBREVIATION_LETTERS && !hasVowel(typed, vowels)) out[at + 4]!++;
}

function isInDictionary(slot: Slot, lexicon: Lexicon): boolean {
  return slot.id >= FIRST_TERM_ID && (lexicon.flags(slot.id) & TermFlag.dictionary) !== 0;
}

function isName(slot: Slot, lexicon: Lexicon): boolean {
  return (
    slot.id >= FIRST_TERM_ID &&
    (lexicon.flags(slot.id) & TermFlag.name) !== 0 &&
    lexicon.unigramCost(slot.id) >= NAME_ABOVE
  );
}

function hasVowel(text: string, vowels: string): boolean {
  for (let i = 0; i < text.length; i++) if (vowels.includes(text[i]!)) return true;
  return false;
}
