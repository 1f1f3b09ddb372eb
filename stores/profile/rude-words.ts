/**
 * `rude.json`: the words of a language that are never put in unasked, and the phrases in which they are harmless. FORMAT.md beside
 * this file describes every member.
 */
import { existsSync, readFileSync } from 'node:fs';
import { StoreError } from '../errors.ts';
import { openStrict, type StrictFormat, type StrictValue } from '../json/strict-value.ts';
import { tokeniseDocument } from '../text/tokenise.ts';

export const RUDE_FILE = 'rude.json';

/** Raised when a reader of the version before could misread the words. */
export const RUDE_FORMAT_VERSION = 1;

const RUDE_FORMAT: StrictFormat = {
  format: 'emend-rude',
  formatVersion: RUDE_FORMAT_VERSION,
  what: 'a list of rude words',
  remedy: 'correct the file, or restore it from a copy',
  versionRemedy: 'build the dataset again with "emend build"',
};

/** Rude words of a language, or those that an owner adds to it. All texts are terms, joined by single spaces. */
export interface RudeWords {
  /** Terms and phrases that are rude. */
  readonly rude: readonly string[];
  /** Terms and phrases that are not rude, whatever rude ones they contain: `moby dick`. */
  readonly polite: readonly string[];
}

/** Of a language without such a file. */
export const NO_RUDE_WORDS: RudeWords = Object.freeze({ rude: Object.freeze([]), polite: Object.freeze([]) });

/** The words as a dataset contains them: JSON with two spaces of indentation, members in a fixed order. */
export function encodeRudeWords({ rude, polite }: RudeWords): string {
  const { format, formatVersion } = RUDE_FORMAT;
  return `${JSON.stringify({ format, formatVersion, rude, polite }, undefined, 2)}\n`;
}

/**
 * Reads the rude words of a language, none if there is no file.
 *
 * @throws {StoreError} as {@link decodeRudeWords} does; `STORE_IO` when the file cannot be read
 */
export function readRudeWords(path: string): RudeWords {
  if (!existsSync(path)) return NO_RUDE_WORDS;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const message = `${path}: reading rude words failed; restore the file or build the dataset again`;
    throw new StoreError('STORE_IO', message, { cause });
  }
  return decodeRudeWords(text, path);
}

/**
 * Reads the text of the file strictly: every member is present, and there are no others.
 *
 * @param file for messages
 * @throws {StoreError} `STORE_FOREIGN` for JSON of something else, `STORE_VERSION` for another format version,
 *   `DATASET_INVALID` for any other mistake
 */
export function decodeRudeWords(text: string, file: string): RudeWords {
  const root = openStrict(text, file, RUDE_FORMAT).members(['format', 'formatVersion', 'rude', 'polite']);
  return { rude: root.rude.list().map(terms), polite: root.polite.list().map(terms) };
}

/** Texts that need no closer look, as nearly all: a thousand of them would take 5 ms of a start. */
const PLAIN = /^[a-z]+(?: [a-z]+)*$/;

/** A text that is terms already: any other would never match. */
function terms(value: StrictValue): string {
  const text = value.text();
  if (PLAIN.test(text)) return text;
  const normal = tokeniseDocument(text)
    .map((token) => token.text)
    .join(' ');
  return text !== '' && text === normal ? text : value.fail(`a term or more in normal form, "${normal}"`);
}
