import { normaliseTerm } from '../../stores/text/normalise.ts';
import { MAX_DIMENSIONS } from '../../stores/vectors/format.ts';
import { BuildError, InvalidLine } from '../errors.ts';
import type { Input, InputDigest } from './input.ts';
import { type ReadLinesOptions, readLines } from './lines.ts';

/** Vectors of words as a file gives them. */
export interface WordVectors {
  readonly dimensions: number;
  /** The place of a word's vector among `values`: vector r has the values from `r * dimensions` on. */
  readonly rows: ReadonlyMap<string, number>;
  readonly values: Float32Array;
}

const FIRST_VALUES = 1 << 16;
const HEAD = /^\d+ \d+$/;

/**
 * Reads vectors of words, a word a line: the word, then its numbers, blanks or tabs between them, as GloVe, word2vec
 * (text) and fastText write them; the first line of the latter two, number of words and of dimensions, is passed over. Of
 * a word that comes twice, in another case say, the first counts.
 *
 * Memory: 4 bytes a number and the words.
 *
 * @throws {BuildError} `BUILD_INPUT` as {@link readLines}, and for a file without vectors
 */
export async function readVectors(input: Input, digest: InputDigest, options: ReadLinesOptions): Promise<WordVectors> {
  const rows = new Map<string, number>();
  let values = new Float32Array(FIRST_VALUES);
  let dimensions = 0;
  let vector = new Float32Array(0);
  const keep = (word: string) => {
    const term = normaliseTerm(word);
    if (rows.has(term)) return;
    const at = rows.size * dimensions;
    if (at + dimensions > values.length) {
      const grown = new Float32Array(2 * Math.max(values.length, dimensions));
      grown.set(values);
      values = grown;
    }
    values.set(vector, at);
    rows.set(term, rows.size);
  };
  await readLines(input, digest, options, (bytes, start, end, line) => {
    const wordEnd = line === 1 ? -1 : readPlainLine(bytes, start, end, vector);
    if (wordEnd > start) return keep(bytes.toString('utf8', start, wordEnd));
    const text = bytes.toString('utf8', start, end).trim();
    if (text === '' || (line === 1 && HEAD.test(text))) return;
    const [word = '', ...numbers] = text.split(/[\t ]+/);
    if (dimensions === 0) dimensions = checkedDimensions(numbers.length);
    if (numbers.length !== dimensions) {
      throw new InvalidLine(
        `expected a word and ${dimensions} numbers, found ${numbers.length} after ${word.slice(0, 40)}`,
      );
    }
    vector = Float32Array.from(numbers, Number);
    if (!vector.every(Number.isFinite)) throw new InvalidLine(`expected numbers after ${word.slice(0, 40)}`);
    keep(word);
  });
  if (rows.size === 0) throw new BuildError('BUILD_INPUT', `${input.label}: expected vectors of words, found none`);
  return { dimensions, rows, values: values.subarray(0, rows.size * dimensions) };
}

const SPACE = 0x20;
const MINUS = 0x2d;
/** Whole numbers below 10^7 are exact in four bytes. */
const MOST_DIGITS = 7;

/**
 * Reads a line of an ASCII word and small whole numbers with single spaces between, as many as `vector` is long, into `vector`:
 * what reduced vectors are made of, ten times as fast as by cutting the text up.
 *
 * @returns where the word ends, or -1 for a line that is anything else
 */
function readPlainLine(bytes: Uint8Array, start: number, end: number, vector: Float32Array): number {
  let at = start;
  while (at < end && bytes[at]! > SPACE && bytes[at]! < 0x80) at++;
  const wordEnd = at;
  for (let i = 0; i < vector.length; i++) {
    if (at >= end || bytes[at++] !== SPACE) return -1;
    const isBelow = bytes[at] === MINUS;
    if (isBelow) at++;
    const first = at;
    let value = 0;
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === first || at - first > MOST_DIGITS) return -1;
    vector[i] = isBelow ? -value : value;
  }
  return at === end && vector.length > 0 ? wordEnd : -1;
}

function checkedDimensions(found: number): number {
  if (found >= 1 && found <= MAX_DIMENSIONS) return found;
  throw new InvalidLine(`expected a word and 1 to ${MAX_DIMENSIONS} numbers, found ${found}`);
}
