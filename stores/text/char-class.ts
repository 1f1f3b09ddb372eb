/**
 * What a code point is to the tokeniser: one small number each.
 *
 * Hot path: ASCII is a table written out at load; everything else is asked of the engine's Unicode tables by regular
 * expressions the first time it is met, and kept, so that start-up pays nothing for scripts that are never seen.
 */

/** White space and control characters, NUL among them: separates tokens. */
export const SPACE = 1;
/** Tab, line and paragraph ends: separates tokens and fields. */
export const LINE = 2;
/** A letter of a script that writes spaces between words. */
export const LETTER = 3;
/** A letter of a script without spaces between words (Han, kana, Thai, Lao, Khmer, Myanmar ...). */
export const UNSPACED = 4;
/** Decimal digits of any script, and numbers such as ² or ½. */
export const DIGIT = 5;
/** A combining mark: belongs to what stands before it, whatever that is. */
export const MARK = 6;
/** Invisible: soft hyphen, zero-width characters, byte-order mark, direction marks. Not part of any term's text. */
export const IGNORABLE = 7;
/** An apostrophe in any of its shapes, or what joins letters as one does (Hebrew geresh, Catalan middle dot). */
export const APOSTROPHE = 8;
/** What opens or closes a quotation. */
export const QUOTE = 9;
/** Punctuation that ends a sentence or field wherever it stands: brackets, semicolon, bar, bullet, dash. */
export const BREAK = 10;
/** Punctuation that ends a sentence unless what surrounds it says otherwise: full stop, comma, colon, `!`, `?`. */
export const STOP = 11;
/** Punctuation that only separates: hyphen, slash, underscore, ampersand. */
export const PUNCTUATION = 12;
/** Emoji, mathematical and currency signs, private, unassigned, lone surrogates. */
export const SYMBOL = 13;

const ASCII = new Uint8Array(128).fill(SPACE);
set('\t\n\v\f\r', LINE);
set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', LETTER);
set('0123456789', DIGIT);
set("'`", APOSTROPHE);
set('"', QUOTE);
set('()<>[]{};|', BREAK);
set('!,.:?', STOP);
set('#&-/@\\^_~', PUNCTUATION);
set('$%*+=', SYMBOL);

function set(characters: string, charClass: number): void {
  for (const character of characters) ASCII[character.charCodeAt(0)] = charClass;
}

/** Classes of the basic and the supplementary multilingual plane as they are met; 0 = not yet asked. */
const KNOWN = new Uint8Array(0x20000);
/** Those of the planes after them, which few texts need: a mebibyte, taken when the first is met. */
let knownBeyond: Uint8Array | undefined;

/**
 * The class of a code point, 0..0x10FFFF; lone surrogates are symbols; 0 for NaN,
 * which is what `charCodeAt` answers past the end. Allocates only the first time a code point
 * beyond ASCII is met.
 */
export function classOf(codePoint: number): number {
  if (codePoint < 128) return ASCII[codePoint] as number;
  if (codePoint < 0x20000) {
    const known = KNOWN[codePoint] as number;
    if (known !== 0) return known;
    const asked = askUnicode(codePoint);
    KNOWN[codePoint] = asked;
    return asked;
  }
  return codePoint >= 0 ? classBeyond(codePoint) : 0;
}

function classBeyond(codePoint: number): number {
  knownBeyond ??= new Uint8Array(0x110000 - KNOWN.length);
  const at = codePoint - KNOWN.length;
  knownBeyond[at] ||= askUnicode(codePoint);
  return knownBeyond[at] as number;
}

/** The class of the character that begins at `at`; 0 at the end of the text. */
export function classAt(raw: string, at: number): number {
  // What `charCodeAt` answers past the end is no integer: code that has seen it is slower for all that follow.
  if (at >= raw.length) return 0;
  const unit = raw.charCodeAt(at);
  return unit >= 0xd800 && unit < 0xdc00 ? classOf(raw.codePointAt(at) as number) : classOf(unit);
}

/**
 * Where the character before `at` begins, past the marks and invisible characters that hang on it; -1 at the beginning of
 * the text. Takes time in proportion to those.
 */
export function startBefore(raw: string, at: number): number {
  for (let i = at - 1; i >= 0; i--) {
    const unit = raw.charCodeAt(i);
    if (unit < 0x80) return i;
    if (unit >= 0xdc00 && unit < 0xe000 && i > 0) {
      const before = raw.charCodeAt(i - 1);
      if (before >= 0xd800 && before < 0xdc00) i--;
    }
    const charClass = classAt(raw, i);
    if (charClass !== MARK && charClass !== IGNORABLE) return i;
  }
  return -1;
}

/** Whether a UTF-16 code unit is a mark of the direction of writing: invisible, and often one at each end of a text. */
export function isDirection(unit: number): boolean {
  if (unit < 0x200e) return unit === 0x61c;
  return unit <= 0x200f || (unit >= 0x202a && unit <= 0x202e) || (unit >= 0x2066 && unit <= 0x2069);
}

/** Whether a UTF-16 code unit is a hyphen or minus in any of its shapes. */
export function isHyphen(unit: number): boolean {
  return unit === 0x2d || (unit >= 0x2010 && unit <= 0x2013) || unit === 0x2212 || unit === 0xfe63 || unit === 0xff0d;
}

const IGNORABLE_PATTERN = /^\p{Default_Ignorable_Code_Point}$/u;
const LINE_PATTERN = /^[\u0085\u2028\u2029]$/;
const SPACE_PATTERN = /^[\p{White_Space}\p{Cc}]$/u;
const APOSTROPHE_PATTERN = /^[\u2018\u2019\u201b\u02bc\u00b4\u2032\uff07\u05f3\u05f4\u00b7\u1ffd\u1fef\uff40]$/;
const QUOTE_PATTERN = /^[\u201c\u201d\u201e\u201f\u2033\uff02\u00ab\u00bb\u300c\u300e]$/;
const UNSPACED_PATTERN =
  /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}\p{scx=Yi}\p{scx=Javanese}\p{scx=Balinese}\p{scx=New_Tai_Lue}\p{scx=Tai_Le}\p{scx=Tai_Tham}]$/u;
const LETTER_PATTERN = /^[\p{L}\p{Nl}]$/u;
const DIGIT_PATTERN = /^[\p{Nd}\p{No}]$/u;
const MARK_PATTERN = /^\p{M}$/u;
const PUNCTUATION_PATTERN = /^\p{P}$/u;
/** Hyphens, connectors, and the marks that Tibetan and Ethiopic put between words as others put a space. */
const SEPARATOR_PATTERN = /^[\p{Pc}\u2010-\u2013\ufe63\uff0d\u0f0b\u0f0c\u1361\u2044\uff0f\uff06]$/u;
/**
 * What a letter must come apart into under NFKC to stand in a word, with the middle dot of Catalan `ŀ`: U+FDFA, for one, is
 * a letter but a whole sentence.
 */
const WORD_PATTERN = /^[\p{L}\p{M}\p{N}'\u02bc\u00b7]+$/u;

function askUnicode(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (IGNORABLE_PATTERN.test(character)) return IGNORABLE;
  if (LINE_PATTERN.test(character)) return LINE;
  if (SPACE_PATTERN.test(character)) return SPACE;
  if (APOSTROPHE_PATTERN.test(character)) return APOSTROPHE;
  if (QUOTE_PATTERN.test(character)) return QUOTE;
  if (MARK_PATTERN.test(character)) return MARK;
  if (DIGIT_PATTERN.test(character)) return DIGIT;
  if (LETTER_PATTERN.test(character)) {
    if (!WORD_PATTERN.test(character.normalize('NFKC'))) return SYMBOL;
    return UNSPACED_PATTERN.test(character) ? UNSPACED : LETTER;
  }
  if (codePoint === 0x2212 || SEPARATOR_PATTERN.test(character)) return PUNCTUATION;
  return PUNCTUATION_PATTERN.test(character) ? BREAK : SYMBOL;
}
