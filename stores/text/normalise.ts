/**
 * The one form in which text is compared: NFKC, case folded, without invisible characters, with straight quotes.
 *
 * Case folding is Unicode's full folding (CaseFolding.txt, statuses C and F) as far as JavaScript offers it, by lower,
 * upper and lower again: `ß` and `ẞ` become `ss`, every sigma `σ` whatever its place in the word. It differs in three
 * points. Capital `İ` becomes plain `i`, not `i` and a combining dot, so that İSTANBUL meets istanbul. Dotless `ı` stays
 * itself, as in Unicode but unlike what upper and lower would give. Cherokee folds to its small letters.
 */

import { capMarks } from './marks.ts';

/**
 * Version of everything that decides a term's bytes: normalisation, character classes, token boundaries. Store files
 * carry it; a reader refuses keys made under another.
 */
export const TEXT_VERSION = 2;

const IGNORABLE = /\p{Default_Ignorable_Code_Point}+/gu;
/** Invisible characters that select an emoji: a joiner between two, the tags that make a black flag Scotland's. */
const MAY_BE_EMOJI = /[\u200d\udb40]/;
const IGNORABLE_BUT_EMOJI =
  /(\u{1f3f4}[\u{e0020}-\u{e007e}]{1,31}\u{e007f}|(?<=[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\u{1f300}-\u{1faff}]\ufe0f?)\u200d(?=[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\u{1f300}-\u{1faff}]))|\p{Default_Ignorable_Code_Point}/gu;
/** NFKC turns these into a space and a mark, but people type them for an apostrophe or for minutes and seconds. */
const ACUTE = /[\u00b4\u1ffd]/g;
const SECONDS = /\u2033/g;
/** Deprecated by Unicode; NFKC makes it an apostrophe and n, and no word begins with an apostrophe. */
const APOSTROPHE_N = /\u0149/g;
/** 1½ is one and a half; NFKC alone would make it 11/2. */
const MIXED_FRACTION = /(\p{Nd})(?=[\u00bc-\u00be\u2150-\u215f\u2189])/gu;
const APOSTROPHES = /[\u2018\u2019\u201b\u02bc\u2032`]/g;
const QUOTES = /[\u201c\u201d\u201e\u201f\u00ab\u00bb]/g;
const HYPHENS = /[\u2010-\u2013\u2212]/g;
const FRACTION_SLASH = /\u2044/g;
const DOTTED_I = /i\u0307+/g;
const FINAL_SIGMA = /ς/g;
const WHITE_SPACE = /[\s\p{Cc}]+/gu;

/**
 * Normalises a whole query: NFKC, case folded, invisible characters dropped, apostrophes, quotes and hyphens straight,
 * every run of white space and control characters one space, none at the ends; of a run of marks the first `MOST_MARKS`.
 * Idempotent. Lone surrogates stay.
 *
 * Linear; allocates, except for a text that is in its normal form and ASCII.
 */
export function normalise(raw: string): string {
  switch (asciiState(raw)) {
    case 0:
      return raw;
    case 1:
      return raw.toLowerCase();
    case 2:
      return collapse(raw.toLowerCase().replace(APOSTROPHES, "'"));
    default:
      return foldSimple(raw) ?? collapse(normaliseUnicode(raw));
  }
}

/**
 * Normalises one term (a word, a number, any token) to the key under which the stores know it: what `normalise` does to
 * a text of one token.
 */
export function normaliseTerm(term: string): string {
  return normalise(term);
}

/** 0: ASCII and normal; 1: ASCII, but for capitals normal; 2: ASCII with white space to collapse; 3: anything else. */
function asciiState(raw: string): number {
  let state = 0;
  let before = 0x20;
  for (let i = 0; i < raw.length; i++) {
    const unit = raw.charCodeAt(i);
    if (unit >= 0x80) return 3;
    if (unit >= 0x41 && unit <= 0x5a) {
      if (state === 0) state = 1;
    } else if (unit < 0x20 || unit === 0x7f || unit === 0x60 || (unit === 0x20 && before === 0x20)) {
      state = 2;
    }
    before = unit;
  }
  return raw.length > 0 && before === 0x20 ? 2 : state;
}

function collapse(text: string): string {
  return text.replace(WHITE_SPACE, ' ').trim();
}

/** Longest text that is looked up letter by letter: words are shorter. */
const SIMPLE_UNITS = 64;
/** Normal forms of code units that have a simple one; 0 = not yet asked, 1 = none. */
const simpleForms = new Uint16Array(0x10000);
const NOT_SIMPLE = 1;
const scratch = new Uint16Array(SIMPLE_UNITS);

/**
 * The normal form of a short text of letters that each become one letter, whatever stands beside them: nearly every word.
 * A table in place of two calls of ICU and a dozen of V8 reads a Cyrillic document three times as fast (load/micro/text.ts).
 */
function foldSimple(raw: string): string | undefined {
  const { length } = raw;
  if (length > SIMPLE_UNITS) return undefined;
  let changed = false;
  for (let i = 0; i < length; i++) {
    const unit = raw.charCodeAt(i);
    let form = simpleForms[unit] as number;
    if (form === 0) {
      form = simpleForm(unit);
      simpleForms[unit] = form;
    }
    if (form === NOT_SIMPLE) return undefined;
    scratch[i] = form;
    if (form !== unit) changed = true;
  }
  return changed ? String.fromCharCode.apply(null, scratch.subarray(0, length) as unknown as number[]) : raw;
}

/** Marks and conjoining jamo join what stands before them; spaces may be one too many. */
const JOINING = /^[\p{M}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\s\p{Cc}\p{Cs}]$/u;

function simpleForm(unit: number): number {
  const letter = String.fromCharCode(unit);
  const form = normaliseUnicode(letter);
  return form.length !== 1 || JOINING.test(letter) || JOINING.test(form) ? NOT_SIMPLE : form.charCodeAt(0);
}

function normaliseUnicode(raw: string): string {
  const visible = (MAY_BE_EMOJI.test(raw) ? raw.replace(IGNORABLE_BUT_EMOJI, '$1') : raw.replace(IGNORABLE, ''))
    .replace(ACUTE, "'")
    .replace(SECONDS, '"')
    .replace(APOSTROPHE_N, 'n')
    .replace(MIXED_FRACTION, '$1-');
  // Once so that putting them in order takes no quadratic time, and again since a mark may come apart into several.
  return capMarks(
    foldCase(capMarks(visible).normalize('NFKC'))
      .normalize('NFKC')
      .replace(APOSTROPHES, "'")
      .replace(QUOTES, '"')
      .replace(HYPHENS, '-')
      .replace(FRACTION_SLASH, '/'),
  );
}

/** Folds case as the header says. Expects NFKC; the result may need it again. */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  const folded = lower.includes('ı') ? lower.split('ı').map(upperLower).join('ı') : upperLower(lower);
  return folded.replace(FINAL_SIGMA, 'σ').replace(DOTTED_I, 'i');
}

function upperLower(text: string): string {
  return text.toUpperCase().toLowerCase();
}
