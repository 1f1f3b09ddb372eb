/**
 * What stands around what is changed. A query of names or of another language holds more words that only look misspelled, and
 * a name often follows a name.
 */

import { FIRST_TERM_ID, TermFlag, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import type { Arc, Slot } from '../decode/lattice.ts';

/** What a changed stretch counts, in the order in which `countAround` counts it. */
export const AROUND_FEATURES = ['afterName', 'unvoweled'] as const;
/** What the words that a changed reading leaves count, in the order in which `countLeft` counts it. */
export const LEFT_FEATURES = ['leftUnknown', 'leftOutside', 'leftOutsideShare'] as const;

/** Nats below which a word is so common that it is seldom meant as a name (will, may, rose). */
const NAME_ABOVE = 8.5;
/** Letters of the longest abbreviation that lacks vowels. */
const ABBREVIATION_LETTERS = 5;
/** Words left that are counted at most: two tell of a foreign query, twenty of a long one. */
const MOST_LEFT = 3;

/**
 * Adds what a changed reading leaves as it was to `out`, from `at` on: words, three at most, that are not known at all; that
 * no dictionary has and no text of the owner's; and these as a share of the words left. A reading that changes them too leaves
 * nothing of the kind.
 */
export function countLeft(
  arcs: readonly Arc[],
  slots: readonly Slot[],
  lexicon: Lexicon,
  out: Float64Array,
  at: number,
): void {
  let words = 0;
  let unknown = 0;
  let outside = 0;
  for (const arc of arcs) {
    const slot = slots[arc.from]!;
    if (arc.kind !== 'keep' || slot.token.class !== 'word') continue;
    words++;
    if (slot.id === UNKNOWN_ID && !slot.known) unknown++;
    if (isOutside(slot, lexicon)) outside++;
  }
  out[at]! += Math.min(unknown, MOST_LEFT);
  out[at + 1]! += Math.min(outside, MOST_LEFT);
  if (words > 0) out[at + 2]! += outside / words;
}

/**
 * Adds to `out`, from `at` on: whether the word before slots `from` to `to` (exclusive) is a name; whether a short typed word
 * holds no vowel, as abbreviations do.
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
  const before = slots[from - 1];
  if (before !== undefined && isName(before, lexicon)) out[at]!++;
  const typed = slots[from]!.token.text;
  if (to === from + 1 && typed.length <= ABBREVIATION_LETTERS && !hasVowel(typed, vowels)) out[at + 1]!++;
}

function isOutside(slot: Slot, lexicon: Lexicon): boolean {
  if (slot.id < FIRST_TERM_ID) return !slot.known;
  return (lexicon.flags(slot.id) & (TermFlag.dictionary | TermFlag.documents | TermFlag.queries)) === 0;
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
