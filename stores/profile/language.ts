/**
 * `language.json`: what builder and service need to know about a language. FORMAT.md beside this file describes every member.
 *
 * JSON rather than bytes: it is small and written by people.
 */
import { readFileSync } from 'node:fs';
import { unreadable } from '../errors.ts';
import { openStrict, type StrictFormat, type StrictValue } from '../json/strict-value.ts';
import type { MarkSpellings } from '../marks/marks.ts';
import { type PhoneticRules, phoneticJson, readPhoneticRules } from '../phonetic/rules.ts';
import { normaliseTerm } from '../text/normalise.ts';
import { SCRIPTS } from '../text/script.ts';

export const LANGUAGE_FILE = 'language.json';

/** Raised when a reader of the version before could misread a language. */
export const LANGUAGE_FORMAT_VERSION = 1;

const LANGUAGE_FORMAT: StrictFormat = {
  format: 'emend-language',
  formatVersion: LANGUAGE_FORMAT_VERSION,
  what: 'a language',
  remedy: 'correct the file, or restore it from a copy',
  versionRemedy: 'build the dataset again with "emend build"',
};

/** The content of `language.json`. All texts are in the form of terms, as `normaliseTerm` gives it. */
export interface Language {
  readonly formatVersion: number;
  /** A tag such as `en` or `pt-BR`. */
  readonly language: string;
  /** Scripts whose words may be corrected; others pass through. Names as `scriptOf` gives them. */
  readonly scripts: readonly string[];
  readonly vowels: string;
  /** Rows of the most common keyboard, top to bottom, each shifted right by half a key. */
  readonly keyboardRows: readonly string[];
  /** Words of a single letter. */
  readonly singleLetterWords: readonly string[];
  /** Prefixes of new words, whether or not they are words themselves. */
  readonly prefixes: readonly string[];
  /** Endings that a known word may take and stay known. */
  readonly neutralEndings: readonly string[];
  /** The inflectional ending of words: one more or one less is seldom a slip. Empty if there is none. */
  readonly finalInflection: string;
  /** Endings of words that dictionaries list by the ten thousand: such words are terms only if texts contain them. */
  readonly listedEndings: readonly string[];
  /** Costs of each kind of slip and each kind of word, nats by name; the pipeline defines the names. */
  readonly costs: Readonly<Record<string, number>>;
  /** Letters with marks and how they are written without, the plain letter first, where the general table says otherwise. */
  readonly marks: MarkSpellings;
  /** The word that `&` stands for between two words; empty if there is none. */
  readonly ampersand: string;
  /** The sounds of words; null for a language without such rules, whose datasets have no phonetic index. */
  readonly phonetic: PhoneticRules | null;
}

const MEMBERS = [
  'format',
  'formatVersion',
  'language',
  'scripts',
  'vowels',
  'keyboardRows',
  'singleLetterWords',
  'prefixes',
  'neutralEndings',
  'finalInflection',
  'listedEndings',
  'costs',
  'phonetic',
] as const;

/** Members that a language need not have. */
const OPTIONAL_MEMBERS = ['marks', 'ampersand'] as const;

/** Costs beyond this are mistakes: e^-100 means never. */
const MAX_COST = 100;

/** The language as a dataset contains it: JSON with two spaces of indentation, members in a fixed order. */
export function encodeLanguage(language: Language): string {
  const { phonetic, formatVersion, marks, ampersand, ...rest } = language;
  const written: Record<string, unknown> = {
    ...rest,
    format: LANGUAGE_FORMAT.format,
    formatVersion,
    phonetic: phonetic === null ? null : phoneticJson(phonetic),
    ...(Object.keys(marks).length === 0 ? {} : { marks }),
    ...(ampersand === '' ? {} : { ampersand }),
  };
  const names = [...MEMBERS, ...OPTIONAL_MEMBERS].filter((name) => written[name] !== undefined);
  const ordered = Object.fromEntries(names.map((name) => [name, written[name]]));
  return `${JSON.stringify(ordered, undefined, 2)}\n`;
}

/**
 * Reads a language.
 *
 * @throws {StoreError} as {@link decodeLanguage} does; `STORE_NOT_FOUND`, `STORE_IO` when the file cannot be read
 */
export function readLanguage(path: string): Language {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, 'reading a language', cause, 'restore the file or build the dataset again');
  }
  return decodeLanguage(text, path);
}

/**
 * Reads the text of a language strictly: every member but `ampersand` is present, all are in range, and there are no others.
 *
 * @param file for messages
 * @throws {StoreError} `STORE_FOREIGN` for JSON of something else, `STORE_VERSION` for another format version,
 *   `DATASET_INVALID` for any other mistake
 */
export function decodeLanguage(text: string, file: string): Language {
  const root = openStrict(text, file, LANGUAGE_FORMAT).members(MEMBERS, OPTIONAL_MEMBERS);
  const scripts = root.scripts.list().map((script) => script.oneOf(SCRIPTS));
  if (scripts.length === 0) return root.scripts.fail('a script or more');
  return {
    formatVersion: LANGUAGE_FORMAT_VERSION,
    language: root.language.textLike(
      /^[a-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8}$/,
      'a language tag such as "en" or "pt-BR"',
    ),
    scripts,
    vowels: term(root.vowels),
    keyboardRows: root.keyboardRows.list().map(term),
    singleLetterWords: root.singleLetterWords
      .list()
      .map((word) => (word.text().length === 1 ? term(word) : word.fail('a single letter'))),
    prefixes: root.prefixes.list().map(term),
    neutralEndings: root.neutralEndings.list().map((ending) => nonEmpty(ending)),
    finalInflection: term(root.finalInflection),
    listedEndings: root.listedEndings.list().map((ending) => nonEmpty(ending)),
    costs: root.costs.record((cost) => cost.numberIn(0, MAX_COST)),
    marks: root.marks === undefined ? {} : readMarks(root.marks),
    ampersand: root.ampersand === undefined ? '' : term(root.ampersand),
    phonetic: root.phonetic.isNull() ? null : readPhoneticRules(root.phonetic),
  };
}

/** Longest way to write a letter. */
const MAX_SPELLING = 4;

function readMarks(value: StrictValue): MarkSpellings {
  return Object.fromEntries(
    value.entries().map(([letter, spellings]) => {
      const isLetter = letter.length === 1 && letter.charCodeAt(0) >= 0x80 && normaliseTerm(letter) === letter;
      if (!isLetter) return value.fail('letters with marks, in the form of terms', letter);
      const texts = spellings.list().map((spelling) => {
        const text = nonEmpty(spelling, 'a spelling');
        const isPlain = text.length <= MAX_SPELLING && !text.includes(letter);
        return isPlain ? text : spelling.fail(`up to ${MAX_SPELLING} letters without "${letter}"`);
      });
      return [letter, texts];
    }),
  );
}

/** A text that is in the form of terms already: any other text would never match. */
function term(value: StrictValue): string {
  const text = value.text();
  const normal = normaliseTerm(text);
  return text === normal ? text : value.fail(`text in the form of terms, "${normal}"`);
}

function nonEmpty(value: StrictValue, what = 'an ending'): string {
  const text = term(value);
  // Every word has the empty ending.
  return text === '' ? value.fail(`${what} of a letter or more`) : text;
}
