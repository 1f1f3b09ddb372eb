/** Finds where quotations close. */
import type { Work } from './work.ts';

/** The quotations of one text. Looks no further once a kind of quotation was found not to close. */
export class Quotes {
  readonly #raw: string;
  /** Whether a backslash hides the character after it. */
  readonly #escapes: boolean;
  readonly #work: Work;
  /** Bit f set: no quotation of family f that opens from here on is ever closed. */
  #unclosed = 0;

  constructor(raw: string, escapes: boolean, work: Work) {
    this.#raw = raw;
    this.#escapes = escapes;
    this.#work = work;
  }

  /** Where the quotation that opens at `open` closes, or -1. Call from left to right. */
  closing(open: number): number {
    const raw = this.#raw;
    const opening = raw.charCodeAt(open);
    const family = quoteFamily(opening);
    if ((this.#unclosed & (1 << family)) !== 0) return -1;
    for (let i = open + 1; i < raw.length; i++) {
      const unit = raw.charCodeAt(i);
      if (unit === 0x5c && this.#escapes) i++;
      else if (closesQuote(opening, unit)) {
        this.#work.units += i - open;
        return i;
      }
    }
    this.#work.units += raw.length - open;
    this.#unclosed |= 1 << family;
    return -1;
  }
}

/** Opening quotes that look for the same close, 0..4. */
function quoteFamily(opening: number): number {
  if (opening === 0xab) return 1;
  if (opening === 0xbb) return 2;
  if (opening === 0x300c) return 3;
  return opening === 0x300e ? 4 : 0;
}

/** Whether `unit` closes what `opening` opened: any double quote another, a guillemet its mirror image, 「 」, 『 』. */
function closesQuote(opening: number, unit: number): boolean {
  switch (opening) {
    case 0xab:
      return unit === 0xbb;
    case 0xbb:
      return unit === 0xab;
    case 0x300c:
      return unit === 0x300d;
    case 0x300e:
      return unit === 0x300f;
    default:
      return unit === 0x22 || (unit >= 0x201c && unit <= 0x201f) || unit === 0x2033 || unit === 0xff02;
  }
}
