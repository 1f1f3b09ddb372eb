import { BuildError, InvalidLine } from '../errors.ts';
import { looksLikeCount, parseCount, splitCsv, splitTsv } from './fields.ts';
import { formatOfName } from './format.ts';
import type { Input, InputDigest } from './input.ts';
import { type ReadLinesOptions, readLines } from './lines.ts';
import { isPackedHeader } from './packed-ngrams.ts';

/**
 * What the numbers of a list mean: `count`, a whole number of occurrences; or `centibel`, -100 log10 of the relative
 * frequency, as the wordfreq project writes it.
 */
export type CountUnit = 'count' | 'centibel';

/** Of how many words `centibel` frequencies are taken to be counts: the rarest that wordfreq tells, 800 cB, become 10. */
const CENTIBEL_TOTAL = 1e9;

/** Which lists and how they are laid out. */
export interface WordListOptions {
  /** Columns of a TSV or CSV file, from 1: the words, then their count (0 for none). By default 1 and 2. */
  readonly columns?: readonly number[];
  readonly unit?: CountUnit;
  /** What a line without a number counts: 1 by default. */
  readonly defaultCount?: number;
  /** What counts are multiplied by, and rounded; fractions are counts then. */
  readonly countScale?: number;
}

/**
 * Reads words, names or n-grams with their counts, an entry a line: `entry<TAB>count`, `entry count`, CSV with a header
 * `ngram,freq`, or the entry alone. An entry may be several words. Lines that begin with `#` and a space are comments.
 *
 * @returns the number of entries with a count above 0
 * @throws {BuildError} `BUILD_INPUT` as {@link readLines}
 */
export async function readWordList(
  input: Input,
  digest: InputDigest,
  options: WordListOptions & ReadLinesOptions,
  take: (entry: string, count: number) => void,
): Promise<number> {
  const format = formatOfName(input.name);
  const [entryColumn = 1, countColumn = 2] = options.columns ?? [];
  const defaultCount = options.defaultCount ?? 1;
  const { countScale } = options;
  const toCount = options.unit === 'centibel' ? parseCentibels : (text: string) => parseCount(text, countScale);
  let entries = 0;
  await readLines(input, digest, options, (bytes, start, end, line) => {
    if (start === end) return;
    if (bytes[start] === 0x23 && bytes[start + 1] === 0x20) {
      if (line === 1 && isPackedHeader(bytes.toString('latin1', start, end))) throw packedError(input);
      return;
    }
    const text = bytes.toString('utf8', start, end);
    let entry = text;
    let count: string | undefined;
    if (format === 'csv' || text.includes('\t')) {
      const cells = format === 'csv' ? splitCsv(text) : splitTsv(text);
      entry = cells[entryColumn - 1] ?? '';
      count = cells[countColumn - 1];
      if (entry === '')
        throw new InvalidLine(`expected an entry in field ${entryColumn}, found ${cells.length} fields`);
      // The header of a CSV file: names where the counts will stand.
      if (format === 'csv' && line === 1 && count !== undefined && !looksLikeCount(count)) return;
    } else {
      const space = text.lastIndexOf(' ');
      if (space > 0 && looksLikeCount(text.slice(space + 1))) {
        entry = text.slice(0, space);
        count = text.slice(space + 1);
      }
    }
    const number = count === undefined || count.trim() === '' ? defaultCount : toCount(count);
    if (number <= 0) return;
    take(entry, number);
    entries++;
  });
  return entries;
}

function packedError({ label }: Input): BuildError {
  return new BuildError(
    'BUILD_INPUT',
    `${label}:1: expected entries and counts, found packed n-grams; give the file as --ngrams, under a name that ends in .ngrams or .ngrams.gz`,
  );
}

function parseCentibels(text: string): number {
  return Math.round(CENTIBEL_TOTAL * 10 ** (-parseCount(text) / 100));
}
