import { UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import type { RudeWords } from '../../../stores/profile/rude-words.ts';
import type { LanguageProfile } from './profile.ts';

/** What telling rude terms from others reads. */
export interface RudeTermSources {
  readonly words: RudeWords;
  readonly lexicon: Pick<Lexicon, 'text' | 'termCount'>;
  readonly profile: Pick<LanguageProfile, 'neutralEndings'>;
}

/** Terms and phrases by their first word. */
type Phrases = ReadonlyMap<string, readonly (readonly string[])[]>;

const NO_PHRASES: readonly (readonly string[])[] = [];
const NONE: RudeWords = { rude: [], polite: [] };

/** What is remembered of a term, in two bits. */
const SEEN = 1;
const MARKED = 2;

/**
 * The rude words of a language and of the owner. What the owner calls polite is polite; then, what the owner calls rude is rude; then
 * the language's lists hold. A rude term inside a polite phrase is harmless. All of them may take the language's neutral endings.
 *
 * Hot path: whether a term is a word of anything rude is looked up when it is asked for first, and is two bits from then on.
 */
export class RudeTerms {
  readonly #sources: RudeTermSources;
  readonly #marks: Uint8Array;
  #owner: RudeWords | undefined;
  #rude: Phrases;
  #polite: Phrases;
  #rudeWords: ReadonlySet<string>;
  #longestPolite: number;

  constructor(sources: RudeTermSources) {
    this.#sources = sources;
    this.#marks = new Uint8Array((sources.lexicon.termCount + 3) >> 2);
    this.#owner = undefined;
    this.#rude = new Map();
    this.#polite = new Map();
    this.#rudeWords = new Set();
    this.#longestPolite = 0;
    this.#fill();
  }

  /** Takes up the owner's words, if they are others than before: the same object has the same words. */
  update(owner: RudeWords | undefined): void {
    if (owner === this.#owner) return;
    this.#owner = owner;
    this.#fill();
  }

  /** Whether a term is a word of anything rude; so is what is no term, for all that its id says. */
  isMarked(id: number): boolean {
    const shift = (id & 3) << 1;
    const bits = this.#marks[id >> 2]! >> shift;
    return (bits & SEEN) === 0 ? this.#look(id, shift) : (bits & MARKED) !== 0;
  }

  /**
   * The end (exclusive) of the longest rude term or phrase that begins at `words[start]` and is not part of a polite one; 0 for
   * none.
   */
  endOfRude(words: readonly string[], start: number): number {
    const end = this.#endOfLongest(this.#rude, words, start);
    if (end === 0) return 0;
    for (let first = Math.max(0, end - this.#longestPolite); first <= start; first++) {
      if (this.#endOfLongest(this.#polite, words, first) >= end) return 0;
    }
    return end;
  }

  #look(id: number, shift: number): boolean {
    const { lexicon } = this.#sources;
    const isMarked = id === UNKNOWN_ID ? this.#rude.size > 0 : this.#isRudeWord(lexicon.text(id));
    this.#marks[id >> 2]! |= (isMarked ? SEEN | MARKED : SEEN) << shift;
    return isMarked;
  }

  #isRudeWord(word: string): boolean {
    return this.#rudeWords.has(word) || this.#rudeWords.has(this.#stem(word));
  }

  /** The end of the longest of the phrases that begins at `words[start]`; 0 for none. */
  #endOfLongest(phrases: Phrases, words: readonly string[], start: number): number {
    const word = words[start]!;
    let longest = 0;
    for (const phrase of phrases.get(word) ?? phrases.get(this.#stem(word)) ?? NO_PHRASES) {
      const end = start + phrase.length;
      if (end <= longest || end > words.length) continue;
      if (phrase.every((part, i) => words[start + i] === part || this.#stem(words[start + i]!) === part)) longest = end;
    }
    return longest;
  }

  /** A word without its neutral ending. */
  #stem(word: string): string {
    for (const ending of this.#sources.profile.neutralEndings) {
      if (word.length > ending.length && word.endsWith(ending)) return word.slice(0, -ending.length);
    }
    return word;
  }

  #fill(): void {
    const { words } = this.#sources;
    const own = this.#owner ?? NONE;
    const rude = without([...without(words.rude, words.polite), ...own.rude], own.polite);
    const polite = [...without(words.polite, own.rude), ...own.polite];
    this.#rude = byFirstWord(rude);
    this.#polite = byFirstWord(polite);
    this.#rudeWords = new Set(rude.flatMap((text) => text.split(' ')));
    this.#longestPolite = Math.max(0, ...polite.map((text) => text.split(' ').length));
    this.#marks.fill(0);
  }
}

function without(texts: readonly string[], others: readonly string[]): string[] {
  const left = new Set(texts);
  for (const text of others) left.delete(text);
  return [...left];
}

function byFirstWord(texts: readonly string[]): Phrases {
  const phrases = new Map<string, string[][]>();
  for (const text of texts) {
    const words = text.split(' ');
    const others = phrases.get(words[0]!);
    if (others === undefined) phrases.set(words[0]!, [words]);
    else others.push(words);
  }
  return phrases;
}
