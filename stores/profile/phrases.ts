/** `phrases.json`: what says of two words side by side that they belong together. FORMAT.md beside this file describes every member. */
import { existsSync, readFileSync } from 'node:fs';
import { StoreError } from '../errors.ts';
import { openStrict, type StrictFormat, type StrictValue } from '../json/strict-value.ts';

export const PHRASES_FILE = 'phrases.json';

/** Raised when a reader of the version before could misread the weights. */
export const PHRASES_FORMAT_VERSION = 2;

const PHRASES_FORMAT: StrictFormat = {
  format: 'emend-phrases',
  formatVersion: PHRASES_FORMAT_VERSION,
  what: 'weights of phrases',
  remedy: 'correct the file, or restore it from a copy',
  versionRemedy: 'install the program anew',
};

/** All evidence on a pair of words, in the order in which it is worked out. */
export const PHRASE_EVIDENCE = [
  'bias',
  'seen',
  'association',
  'relativeAssociation',
  'likeness',
  'firstCost',
  'secondCost',
  'firstFrequent',
  'secondFrequent',
  'firstCommon',
  'secondCommon',
  'firstNumber',
  'secondNumber',
  'firstName',
  'secondName',
  'neitherInDictionary',
  'joinedKnown',
  'associationBefore',
  'associationAfter',
  'atStart',
  'atEnd',
  'ofTwo',
  'ofThree',
  'ofFour',
  'tripleBefore',
  'tripleAfter',
  'firstPlural',
  'secondPlural',
  'secondOfTwoLetters',
  'likenessBefore',
  'likenessAfter',
] as const;

export type PhraseEvidence = (typeof PHRASE_EVIDENCE)[number];

/** Weights in nats. */
export interface PhraseWeights {
  /** Of the evidence, in the order of `PHRASE_EVIDENCE`. */
  readonly weights: Float64Array;
  /** What it adds that the first, or the second, of two words is this one. */
  readonly first: ReadonlyMap<string, number>;
  readonly second: ReadonlyMap<string, number>;
  /** Of two gaps in a row: both breaks, a join after a break, a break after a join, both joins; and of three joins in a row. */
  readonly transitions: readonly number[];
  /** What it adds that a run of two, three, four words is a title. */
  readonly titles: readonly number[];
}

/**
 * Reads the weights of a language; undefined if there is no file.
 *
 * @throws {StoreError} as {@link decodePhraseWeights} does; `STORE_IO` when the file cannot be read
 */
export function readPhraseWeights(path: string): PhraseWeights | undefined {
  if (!existsSync(path)) return undefined;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StoreError('STORE_IO', `${path}: reading weights of phrases failed; restore the file`, { cause });
  }
  return decodePhraseWeights(text, path);
}

/**
 * Reads the text of the file strictly.
 *
 * @param file for messages
 * @throws {StoreError} `STORE_FOREIGN` for JSON of something else, `STORE_VERSION` for another format version,
 *   `DATASET_INVALID` for any other mistake
 */
export function decodePhraseWeights(text: string, file: string): PhraseWeights {
  const root = openStrict(text, file, PHRASES_FORMAT).members([
    'format',
    'formatVersion',
    'weights',
    'first',
    'second',
    'transitions',
    'titles',
  ]);
  const weights = root.weights.members(PHRASE_EVIDENCE);
  const number = (value: StrictValue): number => value.numberIn(-100, 100);
  const words = (value: StrictValue) => new Map(value.entries().map(([word, weight]) => [word, number(weight)]));
  return {
    weights: Float64Array.from(PHRASE_EVIDENCE, (name) => number(weights[name])),
    first: words(root.first),
    second: words(root.second),
    transitions: root.transitions.list(5).map(number),
    titles: root.titles.list(3).map(number),
  };
}
