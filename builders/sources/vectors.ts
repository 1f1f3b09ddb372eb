import { normaliseTerm } from '../../stores/text/normalise.ts';
import { MAX_DIMENSIONS } from '../../stores/vectors/format.ts';
import { BuildError } from '../errors.ts';
import type { Input, InputDigest } from './input.ts';
import { InvalidLine, type ReadLinesOptions, readLines } from './lines.ts';

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
  await readLines(input, digest, options, (bytes, start, end, line) => {
    const text = bytes.toString('utf8', start, end).trim();
    if (text === '' || (line === 1 && HEAD.test(text))) return;
    const [word = '', ...numbers] = text.split(/[\t ]+/);
    if (dimensions === 0) dimensions = checkedDimensions(numbers.length);
    if (numbers.length !== dimensions) {
      throw new InvalidLine(
        `expected a word and ${dimensions} numbers, found ${numbers.length} after ${word.slice(0, 40)}`,
      );
    }
    const vector = Float32Array.from(numbers, Number);
    if (!vector.every(Number.isFinite)) throw new InvalidLine(`expected numbers after ${word.slice(0, 40)}`);
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
  });
  if (rows.size === 0) throw new BuildError('BUILD_INPUT', `${input.label}: expected vectors of words, found none`);
  return { dimensions, rows, values: values.subarray(0, rows.size * dimensions) };
}

function checkedDimensions(found: number): number {
  if (found >= 1 && found <= MAX_DIMENSIONS) return found;
  throw new InvalidLine(`expected a word and 1 to ${MAX_DIMENSIONS} numbers, found ${found}`);
}
