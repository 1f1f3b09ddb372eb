/**
 * Whether what was typed, and what takes its place, are titles together with the words on either side: `paula deen` is what somebody
 * is called. Misspelled titles are titles, too, where many people write them so; then both are.
 */
import { FIRST_TERM_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { MOST_TITLE_BYTES, MOST_TITLE_TERMS, putTitleTerm, titleTermHash } from '../../../stores/titles/format.ts';
import type { Titles } from '../../../stores/titles/titles.ts';
import type { Arc, Slot } from '../decode/lattice.ts';

/**
 * In the order in which `TitleFeatures` counts: that the typed words are, with some beside them, a title; that the whole query is
 * one; both for the words that take their place; that both have a title.
 */
export const TITLED_FEATURES = [
  'typedTitle',
  'typedTitleWhole',
  'meantTitle',
  'meantTitleWhole',
  'bothTitles',
] as const;

const NO_TITLE = 0;
const TITLE = 1;
const WHOLE_TITLE = 2;
const NOT_LOOKED_UP = -1;

/**
 * Counts titles for the arcs of one query at a time.
 *
 * Hot path: some twenty arcs a query, up to nine rows each. Hashes of terms are kept by id, and what the typed words are by their place.
 */
export class TitleFeatures {
  readonly #titles: Titles;
  readonly #lexicon: Lexicon;
  /** By id; 0 where it was not worked out yet. */
  readonly #hashes: Int32Array;
  readonly #key: Uint8Array;
  /** The query's words as typed, and where it has none, so that rows end there. */
  #typed: Int32Array;
  #isWord: Uint8Array;
  #slotCount: number;
  /** What the typed words are, by their first slot and how many they are. */
  #typedTitles: Int8Array;
  /** The words of an arc. */
  readonly #meant: Int32Array;

  constructor(titles: Titles, lexicon: Lexicon) {
    this.#titles = titles;
    this.#lexicon = lexicon;
    this.#hashes = new Int32Array(lexicon.termCount);
    this.#key = new Uint8Array(MOST_TITLE_BYTES);
    this.#typed = new Int32Array(0);
    this.#isWord = new Uint8Array(0);
    this.#slotCount = 0;
    this.#typedTitles = new Int8Array(0);
    this.#meant = new Int32Array(MOST_TITLE_TERMS);
  }

  /** Begins with another query. */
  begin(slots: readonly Slot[]): void {
    const count = slots.length;
    this.#slotCount = count;
    if (count > this.#typed.length) {
      this.#typed = new Int32Array(2 * count);
      this.#isWord = new Uint8Array(2 * count);
      this.#typedTitles = new Int8Array(2 * count * MOST_TITLE_TERMS);
    }
    this.#typedTitles.fill(NOT_LOOKED_UP, 0, count * MOST_TITLE_TERMS);
    for (let i = 0; i < count; i++) {
      const { token } = slots[i]!;
      this.#isWord[i] = token.class === 'word' ? 1 : 0;
      this.#typed[i] = this.#isWord[i] === 1 ? titleTermHash(token.text) : 0;
    }
  }

  /** Adds what an arc of the query says to `out`, from `at` on. */
  count(arc: Arc, out: Float64Array, at: number): void {
    const typed = this.#ofTyped(arc.from, arc.to);
    const meant = this.#ofMeant(arc);
    if (typed !== NO_TITLE) out[at]!++;
    if (typed === WHOLE_TITLE) out[at + 1]!++;
    if (meant !== NO_TITLE) out[at + 2]!++;
    if (meant === WHOLE_TITLE) out[at + 3]!++;
    if (typed !== NO_TITLE && meant !== NO_TITLE) out[at + 4]!++;
  }

  #ofTyped(from: number, to: number): number {
    const length = to - from;
    if (length > MOST_TITLE_TERMS) return NO_TITLE;
    const place = from * MOST_TITLE_TERMS + length - 1;
    if (this.#typedTitles[place] === NOT_LOOKED_UP) {
      this.#typedTitles[place] = this.#areWords(from, to)
        ? this.#around(from, to, this.#typed, from, length)
        : NO_TITLE;
    }
    return this.#typedTitles[place]!;
  }

  #areWords(from: number, to: number): boolean {
    for (let i = from; i < to; i++) if (this.#isWord[i] === 0) return false;
    return true;
  }

  #ofMeant({ from, to, ids }: Arc): number {
    const length = ids.length;
    if (length === 0 || length > MOST_TITLE_TERMS) return NO_TITLE;
    for (let i = 0; i < length; i++) {
      const id = ids[i]!;
      if (id < FIRST_TERM_ID) return NO_TITLE;
      let hash = this.#hashes[id]!;
      if (hash === 0) {
        hash = titleTermHash(this.#lexicon.text(id));
        this.#hashes[id] = hash;
      }
      this.#meant[i] = hash;
    }
    return this.#around(from, to, this.#meant, 0, length);
  }

  /** What `words[start, start + length)` are in the place of slots `from` to `to` (exclusive). */
  #around(from: number, to: number, words: Int32Array, start: number, length: number): number {
    const typed = this.#typed;
    const isWord = this.#isWord;
    const key = this.#key;
    const count = this.#slotCount;
    let found = NO_TITLE;
    for (let left = 0; left + length <= MOST_TITLE_TERMS && left <= from; left++) {
      if (left > 0 && isWord[from - left] === 0) break;
      let end = 0;
      for (let i = from - left; i < from; i++) end = putTitleTerm(typed[i]!, key, end);
      for (let i = 0; i < length; i++) end = putTitleTerm(words[start + i]!, key, end);
      for (let right = 0; ; right++) {
        const isWhole = left === from && to + right === count;
        // A word alone is a title only where nothing else was typed.
        const asks = isWhole || (found === NO_TITLE && left + length + right > 1);
        if (asks && this.#titles.has(key, end)) {
          if (isWhole) return WHOLE_TITLE;
          found = TITLE;
        }
        const next = to + right;
        if (left + length + right === MOST_TITLE_TERMS || next >= count || isWord[next] === 0) break;
        end = putTitleTerm(typed[next]!, key, end);
      }
    }
    return found;
  }
}
