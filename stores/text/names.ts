/** Addresses and fields: what begins with a run of name characters and is more than a word. */
import { domainEnd, isDottedName, isScheme, scanName, scanUntilSpace, trimName } from './address.ts';
import { classAt, classOf, DIGIT, LETTER, QUOTE, SYMBOL, UNSPACED } from './char-class.ts';
import { matchParentheses, rangeEnd, regexEnd } from './lucene.ts';
import type { Quotes } from './quotes.ts';
import type { ScanMode, TokenClass } from './token.ts';
import type { Work } from './work.ts';

/** The names of one text. Each run of name characters is tried once, from its first character. */
export class Names {
  /** Names were looked for up to here. */
  triedTo = 0;
  /** The class of what `scan` found last. */
  tokenClass: TokenClass = 'word';
  readonly #raw: string;
  readonly #inDocument: boolean;
  readonly #lucene: boolean;
  readonly #quotes: Quotes;
  readonly #work: Work;
  #closingParentheses: Uint32Array | undefined;

  constructor(raw: string, mode: ScanMode, quotes: Quotes, work: Work) {
    this.#raw = raw;
    this.#inDocument = mode === 'document';
    this.#lucene = mode === 'lucene';
    this.#quotes = quotes;
    this.#work = work;
  }

  /** The end of the address or field that begins at `start`, and its class in `tokenClass`; -1 when there is none. */
  scan(start: number): number {
    const raw = this.#raw;
    const runEnd = scanName(raw, start);
    this.#work.units += runEnd - start;
    this.triedTo = runEnd;
    const unit = runEnd < raw.length ? raw.charCodeAt(runEnd) : 0;
    if (unit === 0x3a) {
      if (raw.charCodeAt(runEnd + 1) === 0x2f && raw.charCodeAt(runEnd + 2) === 0x2f && isScheme(raw, start, runEnd)) {
        const end = this.#untilSpace(runEnd + 3);
        if (end > runEnd + 3) return this.#found('url', end);
      }
      if (isDottedName(raw, start, runEnd, this.#inDocument) && classAt(raw, runEnd + 1) === DIGIT) {
        return this.#found('url', this.#untilSpace(runEnd + 1));
      }
      if (!this.#inDocument) {
        const end = this.#fieldValueEnd(start, runEnd + 1);
        if (end > 0) return this.#found('field', end);
      }
    } else if (unit === 0x40) {
      const end = domainEnd(raw, runEnd + 1);
      this.#work.units += (end < 0 ? scanName(raw, runEnd + 1) : end) - runEnd;
      if (end > 0) return this.#found('email', end);
    }
    const nameEnd = trimName(raw, start, runEnd);
    if (!isDottedName(raw, start, nameEnd, this.#inDocument)) return -1;
    if (nameEnd === runEnd && (unit === 0x2f || unit === 0x3f || unit === 0x23)) {
      return this.#found('url', Math.max(this.#untilSpace(runEnd), nameEnd));
    }
    return this.#found('url', nameEnd);
  }

  #untilSpace(start: number): number {
    const end = scanUntilSpace(this.#raw, start, this.#lucene);
    this.#work.units += end - start;
    return end;
  }

  /** Where the value of the field named `raw[nameStart, at - 1)` ends, or -1 when this is no field. */
  #fieldValueEnd(nameStart: number, at: number): number {
    const raw = this.#raw;
    const first = raw.codePointAt(nameStart) as number;
    if (at >= raw.length || (classOf(first) !== LETTER && first !== 0x5f)) return -1;
    const name = raw.slice(nameStart, at - 1);
    if (name.includes('+') || name.includes('%')) return -1;
    const unit = raw.charCodeAt(at);
    if (classOf(unit) === QUOTE) {
      const close = this.#quotes.closing(at);
      return close < 0 ? -1 : close + 1;
    }
    if (this.#lucene) {
      const end = this.#luceneValueEnd(at, unit);
      if (end > 0) return end;
    }
    let valueStart = at;
    // `price:>10`, `date:<=2020`: a comparison opens the value, where elsewhere an angle bracket ends it.
    while (valueStart < at + 2 && isComparison(raw.charCodeAt(valueStart))) valueStart++;
    const end = this.#untilSpace(valueStart);
    for (let i = valueStart; i < end; i++) {
      const charClass = classAt(raw, i);
      if (charClass === LETTER || charClass === DIGIT || charClass === UNSPACED || charClass === SYMBOL) return end;
    }
    return -1;
  }

  /** A group, range or regular expression as a field's value. */
  #luceneValueEnd(at: number, unit: number): number {
    if (unit === 0x28) {
      this.#closingParentheses ??= matchParentheses(this.#raw);
      const close = this.#closingParentheses[at] as number;
      return close > 0 ? close + 1 : -1;
    }
    if (unit === 0x5b || unit === 0x7b) return rangeEnd(this.#raw, at);
    return unit === 0x2f ? regexEnd(this.#raw, at) : -1;
  }

  #found(tokenClass: TokenClass, end: number): number {
    this.tokenClass = tokenClass;
    return end;
  }
}

/** `<`, `=`, `>`. */
function isComparison(unit: number): boolean {
  return unit >= 0x3c && unit <= 0x3e;
}
