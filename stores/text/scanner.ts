/**
 * The tokeniser's scanner: one pass over a raw text from left to right. What each class is stands in FORMAT.md.
 *
 * Hot path for documents: words of ASCII letters are read by a table; what looks ahead (addresses, fields, quotes) is
 * tried only at a character that could begin it, and never twice over the same stretch, so that the work is linear in the
 * text's length whatever the text is.
 */
import {
  APOSTROPHE,
  BREAK,
  classAt,
  classOf,
  DIGIT,
  IGNORABLE,
  isDirection,
  isHyphen,
  LETTER,
  LINE,
  MARK,
  PUNCTUATION,
  QUOTE,
  SPACE,
  STOP,
  SYMBOL,
  startBefore,
  UNSPACED,
} from './char-class.ts';
import {
  isCurrency,
  isJoiningHyphen,
  isNumeric,
  isOneLetter,
  newPiece,
  type Piece,
  scanNameSigns,
  scanNumberTail,
  scanPiece,
} from './glued-run.ts';
import { isBooleanWord, operatorEnd, rangeEnd, regexEnd, wildcardEnd } from './lucene.ts';
import { Names } from './names.ts';
import { normalise } from './normalise.ts';
import { Quotes } from './quotes.ts';
import type { ScanMode, Token, TokenClass } from './token.ts';
import { foldWidth } from './width.ts';
import { Work } from './work.ts';

export class Scanner {
  readonly tokens: Token[] = [];
  readonly work = new Work();

  /** The text with wide forms in their usual width, and as it was typed: operators are typed in ASCII alone. */
  readonly #raw: string;
  readonly #typed: string;
  readonly #inDocument: boolean;
  readonly #lucene: boolean;
  readonly #pieces: Piece[] = [];
  #pendingBreak = false;
  /** In a document, whether a straight quote is open: then one after a digit closes it and is no inch mark. */
  #quoteOpen = false;
  readonly #quotes: Quotes;
  readonly #names: Names;
  #wildcardsTriedTo = 0;

  constructor(typed: string, mode: ScanMode) {
    const raw = foldWidth(typed);
    this.#raw = raw;
    this.#typed = typed;
    this.#inDocument = mode === 'document';
    this.#lucene = mode === 'lucene';
    this.#quotes = new Quotes(raw, this.#lucene, this.work);
    this.#names = new Names(raw, mode, this.#quotes, this.work);
  }

  /** Reads the whole text. Call once. */
  scan(): Token[] {
    const raw = this.#raw;
    let i = 0;
    while (i < raw.length) {
      const unit = raw.charCodeAt(i);
      if (unit < 0x80 && (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a) {
        i = this.#scanAsciiWord(i);
        continue;
      }
      if (unit === 0x20) {
        i++;
        continue;
      }
      i = this.#scanOther(i);
    }
    return this.tokens;
  }

  /** A word of ASCII letters with nothing special behind it, the common case; else whatever it turns out to be. */
  #scanAsciiWord(start: number): number {
    const raw = this.#raw;
    const length = raw.length;
    let i = start;
    let capitals = false;
    let unit = 0;
    for (; i < length; i++) {
      unit = raw.charCodeAt(i);
      if (unit >= 0x61 && unit <= 0x7a) continue;
      if (unit >= 0x41 && unit <= 0x5a) capitals = true;
      else break;
    }
    const ends =
      i === length ||
      unit === 0x20 ||
      unit === 0x2c ||
      unit === 0x0a ||
      unit === 0x29 ||
      (unit === 0x2e && (i + 1 === length || raw.charCodeAt(i + 1) === 0x20));
    if (!ends || this.#lucene) return this.#scanRun(start);
    const text = capitals ? raw.slice(start, i).toLowerCase() : raw.slice(start, i);
    this.#add('word', start, i, text);
    return i;
  }

  #scanOther(start: number): number {
    const raw = this.#raw;
    const codePoint = raw.codePointAt(start) as number;
    const charClass = classOf(codePoint);
    const after = start + (codePoint > 0xffff ? 2 : 1);
    if (this.#lucene) {
      const end = this.#scanOperator(start);
      if (end > 0) return end;
    }
    switch (charClass) {
      case SPACE:
      case IGNORABLE:
      case APOSTROPHE:
      case MARK:
        return after;
      case LINE:
      case BREAK:
        this.#pendingBreak = true;
        return after;
      case LETTER:
      case DIGIT:
        return this.#scanRun(start);
      case UNSPACED:
        return this.#scanUnspaced(start);
      case QUOTE:
        return this.#scanQuote(start);
      case STOP:
        if (codePoint === 0x2e && this.#startsNumber(start, after)) return this.#scanNumber(start, after);
        if (codePoint !== 0x2e || !this.#followsInitial(start)) this.#pendingBreak = true;
        return after;
      case PUNCTUATION:
        return this.#scanPunctuation(start, codePoint, after);
      default:
        return this.#scanSymbol(start, codePoint, after);
    }
  }

  /** Whether the token before ends at `at` and is a single letter, as in `J. R. R.` and `u.s.`: its stop ends nothing. */
  #followsInitial(at: number): boolean {
    const last = this.tokens[this.tokens.length - 1];
    if (last === undefined || last.end !== at || last.class !== 'word') return false;
    return isOneLetter(this.#raw, last.start, at);
  }

  /** The class of the character before `at`, without its marks; 0 at the beginning of the text. */
  #classBefore(at: number): number {
    if (at === 0) return 0;
    const unit = this.#raw.charCodeAt(at - 1);
    if (unit < 0x80) return classOf(unit);
    const start = startBefore(this.#raw, at);
    this.work.units += at - start - 1;
    return start < 0 ? 0 : classAt(this.#raw, start);
  }

  /** Whether the sign before `at` may begin a number: a digit follows, and no letter or digit stands before. */
  #startsNumber(start: number, at: number): boolean {
    const raw = this.#raw;
    if (at >= raw.length) return false;
    if (classAt(raw, at) !== DIGIT) {
      const digit = classAt(raw, at + 1) === DIGIT;
      if (!digit || (raw.charCodeAt(at) !== 0x2e && !isCurrency(raw.charCodeAt(at)))) return false;
    }
    const before = this.#classBefore(start);
    return before === 0 || before === SPACE || before === LINE || before === BREAK || before === QUOTE;
  }

  /** A number behind its sign or currency, which begins at `start`; its digits (or a dot before them) at `at`. */
  #scanNumber(start: number, at: number): number {
    const raw = this.#raw;
    const digits = classAt(raw, at) === DIGIT ? at : at + 1;
    const first = this.tokens.length;
    const end = this.#scanRun(digits);
    const token = this.tokens[first];
    if (token === undefined) return end;
    this.tokens[first] = { ...token, start, text: normalise(raw.slice(start, token.end)) };
    return end;
  }

  #scanPunctuation(start: number, codePoint: number, after: number): number {
    const raw = this.#raw;
    if (isHyphen(codePoint)) {
      if (this.#startsNumber(start, after)) return this.#scanNumber(start, after);
      const spaced = isGap(this.#classBefore(start)) && isGap(classAt(raw, after));
      if (spaced || isHyphen(raw.charCodeAt(after))) this.#pendingBreak = true;
      return after;
    }
    if ((codePoint === 0x23 || codePoint === 0x40) && !this.#inDocument) return this.#scanTag(start, codePoint, after);
    return after;
  }

  /** `#tag`, `@name`: a field by another syntax. `#1` is a number. */
  #scanTag(start: number, codePoint: number, after: number): number {
    const raw = this.#raw;
    const before = this.#classBefore(start);
    if (before === LETTER || before === DIGIT || before === UNSPACED) return after;
    let end = after;
    let hasLetter = false;
    while (end < raw.length) {
      const next = raw.codePointAt(end) as number;
      const charClass = classOf(next);
      if (charClass === LETTER || charClass === UNSPACED || next === 0x5f) hasLetter = true;
      else if (charClass !== DIGIT && charClass !== MARK && charClass !== IGNORABLE) break;
      end += next > 0xffff ? 2 : 1;
    }
    this.work.units += end - start;
    if (!hasLetter) {
      return codePoint === 0x23 && this.#startsNumber(start, after) ? this.#scanNumber(start, after) : after;
    }
    this.#names.triedTo = end;
    return this.#addProtected('field', start, end);
  }

  /** A run of emoji and signs is one token of a query; in a document it is a boundary. */
  #scanSymbol(start: number, codePoint: number, after: number): number {
    if ((isCurrency(codePoint) || codePoint === 0x2b) && this.#startsNumber(start, after)) {
      return this.#scanNumber(start, after);
    }
    const raw = this.#raw;
    let end = after;
    while (end < raw.length) {
      const next = raw.codePointAt(end) as number;
      const charClass = classOf(next);
      if (charClass !== SYMBOL && charClass !== MARK && charClass !== IGNORABLE) break;
      // A currency sign may begin a number; in lucene syntax an ASCII sign may be an operator.
      if (next < 0x80 && charClass === SYMBOL && (this.#lucene || isCurrency(next))) break;
      end += next > 0xffff ? 2 : 1;
    }
    if (this.#inDocument) {
      this.#pendingBreak = true;
      return end;
    }
    return this.#addProtected('symbol', start, end);
  }

  #scanUnspaced(start: number): number {
    const raw = this.#raw;
    let end = start;
    while (end < raw.length) {
      const next = raw.codePointAt(end) as number;
      const charClass = classOf(next);
      if (charClass !== UNSPACED && charClass !== MARK && charClass !== IGNORABLE) break;
      end += next > 0xffff ? 2 : 1;
    }
    this.#addStretch('word', start, end);
    return end;
  }

  #scanQuote(start: number): number {
    if (this.#inDocument) {
      if (this.#raw.charCodeAt(start) === 0x22) this.#quoteOpen = !this.#quoteOpen;
      this.#pendingBreak = true;
      return start + 1;
    }
    const close = this.#quotes.closing(start);
    return close < 0 ? this.#addProtected('symbol', start, start + 1) : this.#addProtected('quoted', start, close + 1);
  }

  /** Letters and digits with what joins them, or the address or field that begins with them. */
  #scanRun(start: number): number {
    if (start >= this.#names.triedTo) {
      const end = this.#names.scan(start);
      if (end > 0) return this.#addProtected(this.#names.tokenClass, start, end);
    }
    if (this.#lucene && start >= this.#wildcardsTriedTo) {
      const end = wildcardEnd(this.#typed, start);
      this.work.units += Math.abs(end) - start;
      this.#wildcardsTriedTo = Math.abs(end);
      if (end > 0) return this.#addProtected('operator', start, end);
    }
    return this.#scanPieces(start);
  }

  #scanPieces(start: number): number {
    const raw = this.#raw;
    const pieces = this.#pieces;
    let count = 0;
    let anyDigit = false;
    let restHasDigit = false;
    let at = start;
    for (;;) {
      let piece = pieces[count];
      if (piece === undefined) {
        piece = newPiece();
        pieces.push(piece);
      }
      scanPiece(raw, at, piece);
      if (piece.hasDigit) {
        anyDigit = true;
        if (count > 0) restHasDigit = true;
      }
      count++;
      if (!isJoiningHyphen(raw, piece.end)) break;
      at = piece.end + 1;
    }
    const last = pieces[count - 1] as Piece;
    this.work.units += last.end - start;
    if (!anyDigit) return this.#addWords(0, count);

    const firstIsNumber = isNumeric(raw, pieces[0] as Piece);
    if (firstIsNumber && count > 1 && !restHasDigit) {
      const first = pieces[0] as Piece;
      this.#addProtected('number', first.start, first.end);
      return this.#addWords(1, count);
    }
    let allNumbers = firstIsNumber;
    for (let i = 1; allNumbers && i < count; i++) allNumbers = isNumeric(raw, pieces[i] as Piece);
    if (!allNumbers) return this.#addProtected('part-number', start, last.end);
    let end = last.end;
    if (this.#classBefore(end) === DIGIT) {
      for (let tail = scanNumberTail(raw, end, !this.#quoteOpen); tail > end; ) {
        end = tail;
        tail = scanNumberTail(raw, end, !this.#quoteOpen);
      }
    }
    return this.#addProtected('number', start, end);
  }

  #addWords(from: number, to: number): number {
    const raw = this.#raw;
    let end = 0;
    for (let i = from; i < to; i++) {
      const { start, end: pieceEnd, plain } = this.#pieces[i] as Piece;
      end = pieceEnd;
      if (i === to - 1) {
        const signed = scanNameSigns(raw, pieceEnd);
        if (signed > pieceEnd) return this.#addProtected('part-number', start, signed);
      }
      if (this.#lucene && isBooleanWord(this.#typed, start, end)) this.#addProtected('operator', start, end);
      else if (plain) this.#add('word', start, end, raw.slice(start, end));
      else this.#addStretch('word', start, end);
    }
    return end;
  }

  #scanOperator(start: number): number {
    const raw = this.#typed;
    const unit = raw.charCodeAt(start);
    let end = operatorEnd(raw, start);
    if (end < 0 && (unit === 0x5b || unit === 0x7b)) end = rangeEnd(raw, start);
    if (end < 0 && unit === 0x2f) end = regexEnd(raw, start);
    if (end < 0 && (unit === 0x2a || unit === 0x3f || unit === 0x5c)) {
      end = wildcardEnd(raw, start);
      this.#wildcardsTriedTo = Math.abs(end);
    }
    return end < 0 ? -1 : this.#addProtected('operator', start, end);
  }

  /** Adds a token that no one may change, with the marks that hang on its last character. */
  #addProtected(tokenClass: TokenClass, start: number, end: number): number {
    const raw = this.#raw;
    let whole = end;
    while (whole < raw.length && raw.charCodeAt(whole) >= 0x80) {
      const codePoint = raw.codePointAt(whole) as number;
      const charClass = classOf(codePoint);
      if (charClass !== MARK && charClass !== IGNORABLE) break;
      whole += codePoint > 0xffff ? 2 : 1;
    }
    this.#addStretch(tokenClass, start, whole);
    return whole;
  }

  /** Adds a token of the text `[start, end)`, which may be no ASCII. */
  #addStretch(tokenClass: TokenClass, start: number, end: number): void {
    const raw = this.#raw;
    let trimmed = end;
    // What closes a stretch of another direction stays outside, as what opened it does: a correction keeps both.
    while (raw.charCodeAt(trimmed - 1) >= 0x80 && isDirection(raw.charCodeAt(trimmed - 1))) trimmed--;
    this.#add(tokenClass, start, trimmed, normalise(raw.slice(start, trimmed)));
  }

  #add(tokenClass: TokenClass, start: number, end: number, text: string): void {
    const tokens = this.tokens;
    tokens.push({ class: tokenClass, start, end, text, breakBefore: this.#pendingBreak && tokens.length > 0 });
    this.#pendingBreak = false;
  }
}

/** Whether a class is that of white space, or of the beginning or end of the text. */
function isGap(charClass: number): boolean {
  return charClass === SPACE || charClass === LINE || charClass === 0;
}
