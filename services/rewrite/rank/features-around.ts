/**
 * What stands around what is changed. A query of names or of another language holds more words that only look misspelled, and
 * a name often follows a name.
 */

import { FIRST_TERM_ID, TermFlag, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { MISS } from '../../../stores/store.ts';
import type { Arc, Slot } from '../decode/lattice.ts';
import type { LanguageModel } from '../language/language-model.ts';

/** What a changed stretch counts, in the order in which `countAround` counts it. */
export const AROUND_FEATURES = ['afterName', 'unvoweled'] as const;
/** How well what was typed, and what takes its place, go with the words on either side, in the order in which `countContext` counts. */
export const CONTEXT_FEATURES = ['typedLift', 'typedJoint', 'meantLift', 'meantJoint'] as const;
/** What the words that a changed reading leaves count, in the order in which `countLeft` counts it. */
export const LEFT_FEATURES = ['leftUnknown', 'leftOutside', 'leftOutsideShare'] as const;

/** How much likelier than by chance a pair counts at most, and how rare a pair is that counts as never seen; nats. */
const MOST_LIFT = 8;
const LEAST_JOINT = 26;
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

/**
 * Adds to `out`, from `at` on, for the first and the last word of a change with their neighbours as typed: by how many nats
 * the pairs that were typed are likelier than by chance, summed over both sides; how common the commoner of the two is, in nats
 * above one in 10^11 pairs; and both for the words that take their place. Pairs that no source has seen count 0.
 */
export function countContext(
  arc: Arc,
  slots: readonly Slot[],
  languageModel: LanguageModel,
  out: Float64Array,
  at: number,
): void {
  const { ids } = arc;
  if (ids.length === 0) return;
  const left = slots[arc.from - 1]?.id ?? UNKNOWN_ID;
  const right = slots[arc.to]?.id ?? UNKNOWN_ID;
  countPair(left, slots[arc.from]!.id, languageModel, out, at);
  countPair(slots[arc.to - 1]!.id, right, languageModel, out, at);
  countPair(left, ids[0]!, languageModel, out, at + 2);
  countPair(ids[ids.length - 1]!, right, languageModel, out, at + 2);
}

function countPair(first: number, second: number, languageModel: LanguageModel, out: Float64Array, at: number): void {
  if (first === UNKNOWN_ID || second === UNKNOWN_ID || languageModel.pairValue(first, second) === MISS) return;
  const cost = languageModel.pairCost(first, second);
  out[at]! += Math.min(MOST_LIFT, Math.max(0, languageModel.unigramCost(second) - cost));
  const joint = LEAST_JOINT - languageModel.unigramCost(first) - cost;
  if (joint > out[at + 1]!) out[at + 1] = joint;
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
