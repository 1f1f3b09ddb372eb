import type { Token } from '../../stores/text/token.ts';
import { tokenise, tokeniseDocument } from '../../stores/text/tokenise.ts';
import type { NgramCounter } from '../count/ngram-counter.ts';
import { addressSpans } from './addresses.ts';
import { textsOfHtml } from './html.ts';
import type { WrittenForms } from './written-forms.ts';

/**
 * Counts a document: each of `texts` is a field, tokenised alone; n-grams cross neither fields nor sentences.
 *
 * Of HTML what is shown is text. Words and numbers are terms. Addresses, emoji and the like end a run without being a sentence's end: what stands on
 * their two sides are no neighbours, but neither begins a sentence.
 */
export function countDocument(counter: NgramCounter, texts: readonly string[], forms?: WrittenForms): void {
  for (const text of texts) {
    for (const shown of textsOfHtml(text)) {
      const tokens = tokeniseDocument(shown);
      countTokens(counter, shown, tokens, 1);
      forms?.add(shown, tokens);
    }
  }
}

/** What takes the terms of a text: runs of them, each closed at its end. */
export type TermSink = Pick<NgramCounter, 'word' | 'number' | 'closeSentence'>;

/**
 * Counts a query that was asked `count` times. Text within quotation marks is read as words too. E-mail addresses are ignored
 * however they are written; telephone, card and account numbers are numbers, whose text is not kept.
 */
export function countQuery(counter: TermSink, query: string, count: number): void {
  const tokens = tokenise(query, { syntax: 'plain' });
  const addresses = addressSpans(query);
  if (addresses.length === 0) countTokens(counter, query, tokens, count);
  else
    countTokens(
      counter,
      query,
      tokens.map((token) => (touches(token, addresses) ? hidden(token) : token)),
      count,
    );
}

function touches(token: Token, spans: readonly number[]): boolean {
  for (let i = 0; i < spans.length; i += 2) if (token.start < spans[i + 1]! && token.end > spans[i]!) return true;
  return false;
}

/** A token that is not counted, and that separates its two sides. */
function hidden(token: Token): Token {
  return { ...token, class: 'email' };
}

/**
 * Counts an entry of a list of words or names: its words, and where it has several their n-grams, without marks of
 * sentences.
 *
 * @returns false when it has no word, and so taught nothing
 */
export function countEntry(counter: NgramCounter, entry: string, count: number): boolean {
  const isClean = pushEntry(counter, entry);
  const { length } = counter;
  counter.closeSentence(false, false, count);
  return isClean && length > 0;
}

/**
 * Counts an entry of a list of n-grams as itself alone: what it is made of has entries of its own.
 *
 * @returns false when it is no n-gram of one to three terms
 */
export function countGram(counter: NgramCounter, entry: string, count: number): boolean {
  if (!pushEntry(counter, entry) || counter.length === 0 || counter.length > 3) {
    counter.drop();
    return false;
  }
  counter.closeGram(count);
  return true;
}

/** The one term that each of `words` is; empty for those that are none, several, or a number. */
export function termsOf(words: readonly string[]): string[] {
  return words.map((word) => {
    const [token, more] = tokeniseDocument(word);
    return token?.class === 'word' && more === undefined ? token.text : '';
  });
}

/** Counts n-grams of listed terms, each given by its place in the list; each term is looked for once. */
export class ListedGrams {
  readonly #counter: NgramCounter;
  readonly #terms: readonly string[];
  /** The counter's numbers of the terms, `UNKNOWN` where it was not asked yet. */
  readonly #numbers: Int32Array;
  #spills: number;

  /** @param terms an empty text stands for what is no term */
  constructor(counter: NgramCounter, terms: readonly string[]) {
    this.#counter = counter;
    this.#terms = terms;
    this.#numbers = new Int32Array(terms.length).fill(UNKNOWN);
    this.#spills = counter.spillCount;
  }

  /**
   * Counts the n-gram of two terms, or of three where `third` is 0 or above, as itself alone; one with an empty term is
   * passed over.
   */
  count(first: number, second: number, third: number, count: number): void {
    const counter = this.#counter;
    if (counter.spillCount !== this.#spills) {
      this.#numbers.fill(UNKNOWN);
      this.#spills = counter.spillCount;
    }
    const a = this.#numberOf(first);
    const b = this.#numberOf(second);
    const c = third < 0 ? 0 : this.#numberOf(third);
    if (a < 0 || b < 0 || c < 0) return;
    counter.numbered(a);
    counter.numbered(b);
    if (third >= 0) counter.numbered(c);
    counter.closeGram(count);
  }

  #numberOf(place: number): number {
    const known = this.#numbers[place]!;
    if (known !== UNKNOWN) return known;
    const number = this.#counter.numberOf(this.#terms[place]!);
    this.#numbers[place] = number;
    return number;
  }
}

const UNKNOWN = -2;

/** Opens a run with an entry's terms; false when something in it is no term. */
function pushEntry(counter: NgramCounter, entry: string): boolean {
  let isClean = true;
  for (const token of tokeniseDocument(entry)) if (!pushTerm(counter, token)) isClean = false;
  return isClean;
}

function countTokens(counter: TermSink, text: string, tokens: readonly Token[], count: number): void {
  let isStart = true;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.breakBefore && i > 0) {
      counter.closeSentence(isStart, true, count);
      isStart = true;
    }
    if (pushTerm(counter, token)) continue;
    if (token.class === 'quoted') {
      for (const inner of tokenise(text.slice(token.start + 1, token.end - 1), { syntax: 'plain' })) {
        if (pushTerm(counter, inner)) continue;
        counter.closeSentence(isStart, false, count);
        isStart = false;
      }
      continue;
    }
    counter.closeSentence(isStart, false, count);
    isStart = false;
  }
  counter.closeSentence(isStart, true, count);
}

/** Appends a token to the open run when it is a term. */
function pushTerm(counter: TermSink, token: Token): boolean {
  switch (token.class) {
    case 'word':
      return counter.word(token.text);
    case 'number':
    case 'part-number':
      counter.number();
      return true;
    default:
      return false;
  }
}
