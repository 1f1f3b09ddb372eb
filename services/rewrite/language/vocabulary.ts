import { writeUtf8 } from '../../../stores/bytes/utf8.ts';
import { FIRST_TERM_ID, TermFlag, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { MISS, type Store } from '../../../stores/store.ts';
import type { Slot } from '../decode/lattice.ts';
import type { LanguageProfile } from './profile.ts';

const DOUBTFUL = TermFlag.suspect | TermFlag.runOn;
const KEY_BYTES = 1024;
const key = new Uint8Array(KEY_BYTES);

/** The id of a term, or `UNKNOWN_ID`. Allocates nothing. */
export function termId(terms: Store, text: string): number {
  const end = writeUtf8(text, key, 0);
  if (end <= 0) return UNKNOWN_ID;
  const id = terms.find(key, 0, end);
  return id === MISS ? UNKNOWN_ID : id;
}

/** Whether a term counts as a word when it is typed: it is in the lexicon, and nothing speaks against it. */
export function isKnownTerm(lexicon: Lexicon, id: number): boolean {
  return id !== UNKNOWN_ID && (lexicon.flags(id) & DOUBTFUL) === 0;
}

/** Whether the owner's documents contain a term. */
export function isOwned(lexicon: Lexicon, id: number): boolean {
  return id !== UNKNOWN_ID && (lexicon.flags(id) & TermFlag.documents) !== 0;
}

/** The id of a known word with a neutral ending of the language taken off (`levi's`), or `UNKNOWN_ID`. */
export function stemId(terms: Store, lexicon: Lexicon, profile: LanguageProfile, text: string): number {
  for (const ending of profile.neutralEndings) {
    if (!text.endsWith(ending) || text.length === ending.length) continue;
    const id = termId(terms, text.slice(0, -ending.length));
    if (isKnownTerm(lexicon, id)) return id;
  }
  return UNKNOWN_ID;
}

/** Whether a term may be proposed: forms that are merely accepted may not. */
export function isProposable(lexicon: Lexicon, id: number): boolean {
  return (lexicon.flags(id) & TermFlag.variant) === 0;
}

/** Whether a term is known from the web alone. */
export function isWebOnly(lexicon: Lexicon, id: number): boolean {
  const standing = TermFlag.dictionary | TermFlag.name | TermFlag.documents | TermFlag.queries;
  return (lexicon.flags(id) & standing) === 0;
}

/** Whether a slot contains a known word whose unigram cost is below `cost` nats: the smaller, the more frequent. */
export function isKnownBelow(lexicon: Lexicon, slot: Slot, cost: number): boolean {
  return slot.known && slot.id >= FIRST_TERM_ID && lexicon.unigramCost(slot.id) < cost;
}
