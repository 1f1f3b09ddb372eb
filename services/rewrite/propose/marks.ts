import { writeUtf8 } from '../../../stores/bytes/utf8.ts';
import { decodePostings } from '../../../stores/deletes/postings.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import type { Marks } from '../../../stores/marks/marks.ts';
import { BytesRef, type Store } from '../../../stores/store.ts';
import { isKnownTerm, isProposable, termId } from '../language/vocabulary.ts';

/** Terms found for one word at most. */
const MOST_FOUND = 8;
/** Shorter and longer words are not looked up. */
const MIN_LENGTH = 2;
const MAX_LENGTH = 64;
const KEY_BYTES = 4 * MAX_LENGTH;
/** What a look-up costs beside verifying one candidate. */
const PROBE_WORK = 4;

/** What terms without their marks are looked up in. */
export interface MarkedTermSources {
  readonly terms: Store;
  /** Undefined where no term has marks. */
  readonly marks: Store | undefined;
  readonly lexicon: Lexicon;
}

/**
 * Finds the terms that a word becomes when only the marks of its letters change: `munchen`, `muenchen` -> `münchen`, and `müller` ->
 * `mueller`, `muller`. One instance serves one thread: it owns its scratch memory.
 *
 * Hot path: one look-up for a word of ASCII letters, which allocates nothing; for one with marks two for each way to write it without.
 */
export class MarkedTerms {
  readonly #sources: MarkedTermSources;
  readonly #marks: Marks;
  readonly #key: Uint8Array;
  readonly #value: BytesRef;
  readonly #postings: Uint32Array;
  /** What the last `find` found: ids in `[0, count)`. */
  readonly ids: Uint32Array;
  count: number;
  /** Four times the look-ups since it was made: its share in the measure of a query's work. */
  work: number;

  constructor(sources: MarkedTermSources, marks: Marks) {
    this.#sources = sources;
    this.#marks = marks;
    this.#key = new Uint8Array(KEY_BYTES);
    this.#value = new BytesRef();
    this.#postings = new Uint32Array(MOST_FOUND);
    this.ids = new Uint32Array(MOST_FOUND);
    this.count = 0;
    this.work = 0;
  }

  /** Finds the terms that differ from `text` in marks alone, it itself left out. */
  find(text: string): void {
    this.count = 0;
    if (text.length < MIN_LENGTH || text.length > MAX_LENGTH) return;
    if (this.#sources.marks !== undefined) this.#addMarked(text, text);
    if (!this.#marks.isMarked(text)) return;
    const { terms, lexicon } = this.#sources;
    for (const spelling of this.#marks.spellings(text)) {
      this.work += PROBE_WORK;
      const id = termId(terms, spelling);
      if (isKnownTerm(lexicon, id)) this.#add(id, text);
      if (this.#sources.marks !== undefined) this.#addMarked(spelling, text);
    }
  }

  /** Whether some term has a letter with marks. One look-up. */
  hasLetter(letter: string): boolean {
    return this.#look(letter);
  }

  #addMarked(spelling: string, text: string): void {
    if (!this.#look(spelling)) return;
    const { bytes, start, end } = this.#value;
    const found = decodePostings(bytes, start, end, this.#postings);
    for (let i = 0; i < found; i++) this.#add(this.#postings[i]!, text);
  }

  #look(spelling: string): boolean {
    this.work += PROBE_WORK;
    const end = writeUtf8(spelling, this.#key, 0);
    return end > 0 && this.#sources.marks?.findBytes(this.#key, 0, end, this.#value) === true;
  }

  #add(id: number, text: string): void {
    const { lexicon } = this.#sources;
    if (this.count === MOST_FOUND || id >= lexicon.termCount || !isProposable(lexicon, id)) return;
    for (let i = 0; i < this.count; i++) if (this.ids[i] === id) return;
    if (lexicon.text(id) !== text) this.ids[this.count++] = id;
  }
}
