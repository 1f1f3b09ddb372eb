/**
 * How letters with marks are written without them: `ü` as `u` or `ue`, `ø` as `o` or `oe`, `ł` as `l`. One table for builder and
 * service, so that what the one stores is what the other looks up; FORMAT.md describes the store.
 */

/** Letters and how each is written without its marks, the plain letter first. */
export type MarkSpellings = Readonly<Record<string, readonly string[]>>;

/**
 * Letters that Unicode does not take apart, or that are written out as two. All others are written as the letter under their
 * marks. A language may say otherwise.
 */
const GENERAL: MarkSpellings = Object.freeze({
  ä: ['a', 'ae'],
  ö: ['o', 'oe'],
  ü: ['u', 'ue'],
  å: ['a', 'aa'],
  ø: ['o', 'oe'],
  ǿ: ['o', 'oe'],
  æ: ['ae'],
  ǽ: ['ae'],
  œ: ['oe'],
  ÿ: ['y', 'ij'],
  ð: ['d', 'dh'],
  đ: ['d', 'dj'],
  þ: ['th'],
  ł: ['l'],
  ı: ['i'],
  ħ: ['h'],
  ŧ: ['t'],
  ŋ: ['n'],
});

/** Spellings of one text at most: all mixtures of three letters that are each written in two ways. */
export const MOST_SPELLINGS = 8;

const NONE: readonly string[] = Object.freeze([]);
const DROPPED: readonly string[] = Object.freeze(['']);
const FIRST_COMBINING = 0x300;
const LAST_COMBINING = 0x36f;
/** Below are the letters of English. */
const FIRST_MARKED = 0x80;

/** The letters with marks of a language. Texts are in the form of terms. */
export class Marks {
  /** By code unit, as far as it was asked for. */
  readonly #spellings: Map<number, readonly string[]>;
  /** Letters by how they are written out, in two letters and more: `ae` -> `ä`, `æ`. */
  readonly writtenOut: readonly (readonly [spelling: string, letter: string])[];

  /** @param own how the language writes letters, in place of the general table */
  constructor(own: MarkSpellings = {}) {
    const all = Object.entries({ ...GENERAL, ...own });
    this.#spellings = new Map(all.map(([letter, spellings]) => [letter.charCodeAt(0), spellings]));
    this.writtenOut = all.flatMap(([letter, spellings]) =>
      spellings.filter((spelling) => spelling.length > 1).map((spelling) => [spelling, letter] as const),
    );
  }

  /** How a code unit is written without marks, the plain letter first; nothing for one that has none. */
  spellingsOf(unit: number): readonly string[] {
    if (unit < FIRST_MARKED) return NONE;
    let spellings = this.#spellings.get(unit);
    if (spellings === undefined) {
      spellings = plainSpelling(unit);
      this.#spellings.set(unit, spellings);
    }
    return spellings;
  }

  /** Whether a text has a letter with marks. O(length); allocates nothing. */
  isMarked(text: string): boolean {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= FIRST_MARKED && this.spellingsOf(unit).length > 0) return true;
    }
    return false;
  }

  /**
   * How a text is written without marks: in each mixture of its letters' spellings, or, where these are more than 8, with all
   * letters plain and with all written out. Nothing for a text without marks.
   */
  spellings(text: string): readonly string[] {
    let mixtures = 1;
    let most = 0;
    for (let i = 0; i < text.length; i++) {
      const { length } = this.spellingsOf(text.charCodeAt(i));
      if (length === 0) continue;
      mixtures *= length;
      most = Math.max(most, length);
    }
    if (most === 0) return NONE;
    if (mixtures > MOST_SPELLINGS) {
      return Array.from({ length: Math.min(most, MOST_SPELLINGS) }, (_, choice) => this.#written(text, choice));
    }
    let written = [''];
    for (let i = 0; i < text.length; i++) {
      const spellings = this.spellingsOf(text.charCodeAt(i));
      if (spellings.length === 0) written = written.map((start) => start + text[i]);
      else written = spellings.flatMap((spelling) => written.map((start) => start + spelling));
    }
    return written;
  }

  /** A text with each marked letter by its spelling of number `choice`, or its last. */
  #written(text: string, choice: number): string {
    let written = '';
    for (let i = 0; i < text.length; i++) {
      const spellings = this.spellingsOf(text.charCodeAt(i));
      written += spellings[Math.min(choice, spellings.length - 1)] ?? text[i];
    }
    return written;
  }
}

/** The letter under its marks: of a mark that stands by itself, nothing. */
function plainSpelling(unit: number): readonly string[] {
  if (isCombining(unit)) return DROPPED;
  const apart = String.fromCharCode(unit).normalize('NFD');
  if (apart.length < 2) return NONE;
  for (let i = 1; i < apart.length; i++) if (!isCombining(apart.charCodeAt(i))) return NONE;
  return [apart[0]!];
}

/** The marks of Latin, Greek and Cyrillic. Those of other scripts are letters to their readers. */
function isCombining(unit: number): boolean {
  return unit >= FIRST_COMBINING && unit <= LAST_COMBINING;
}
