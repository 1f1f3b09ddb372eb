import { BuildError, InvalidLine } from '../errors.ts';
import { parseCount } from './fields.ts';
import type { Input, InputDigest } from './input.ts';
import { cellsOf, type Layout, layoutOf } from './layout.ts';
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
  /** Multiplies counts, which are then rounded, so that fractions can be counts. */
  readonly countScale?: number;
  /** Called with what was ignored. */
  readonly warn?: (message: string) => void;
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
  const [entryColumn = 1, countColumn = 2] = options.columns ?? [];
  const defaultCount = options.defaultCount ?? 1;
  const { countScale } = options;
  const toCount = options.unit === 'centibel' ? parseCentibels : (text: string) => parseCount(text, countScale);
  let layout: Layout = { format: 'txt', delimiter: '\t' };
  let isHunspell = false;
  const onHead = (head: Buffer) => {
    layout = layoutOf(head, input, 'words');
    isHunspell = layout.format !== 'csv' && isHunspellDictionary(head);
    return layout;
  };
  let entries = 0;
  await readLines(input, digest, { ...options, onHead }, (bytes, start, end, line) => {
    if (start === end) return;
    if (bytes[start] === 0x23 && bytes[start + 1] === 0x20) {
      if (line === 1 && isPackedHeader(bytes.toString('latin1', start, end))) throw packedError(input);
      return;
    }
    const text = bytes.toString('utf8', start, end);
    let entry = text;
    let count: string | undefined;
    if (isHunspell) {
      // The first line is the number of entries.
      if (line === 1) options.warn?.(`${input.label}: read as a Hunspell dictionary: its words without their affixes`);
      if (line === 1) return;
      entry = hunspellWord(text);
    } else if (layout.format === 'csv' || text.includes('\t')) {
      const cells = layout.format === 'csv' ? cellsOf(text, layout) : text.split('\t');
      entry = cells[entryColumn - 1] ?? '';
      count = cells[countColumn - 1];
      if (entry === '')
        throw new InvalidLine(`expected an entry in field ${entryColumn}, found ${cells.length} fields`);
      // The header of a table: names where the counts will stand.
      if (line === 1 && count !== undefined && isHeader(layout, cells, count)) return;
    } else {
      const space = text.lastIndexOf(' ');
      // A number that is no count was meant as one.
      if (space > 0 && NUMBER.test(text.slice(space + 1))) {
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

/** A count, or what could be meant as one: `0.05`, `-5`, `1,234`, `,7`. */
const NUMBER = /^[-+]?[\d.,]*\d(e[-+]?\d+)?$/i;

/** CSV may call its columns anything; a table of tabs without known names is one with a count that cannot be read. */
function isHeader({ format }: Layout, cells: readonly string[], count: string): boolean {
  if (format === 'csv') return !/\d/.test(count);
  return cells.some((cell) => /^(count|counts|freq|frequency|occurrences)$/i.test(cell.trim()));
}

/** Whether a file is a Hunspell dictionary: the number of entries, then words with flags after a slash. */
function isHunspellDictionary(head: Buffer): boolean {
  const [first = '', ...lines] = head
    .toString('utf8', 0, 1 << 14)
    .split(/\r?\n/)
    .slice(0, -1);
  return /^\d+\s*$/.test(first) && lines.some((line) => /^[^\s/\d]+\/[A-Za-z0-9,~]+(\s|$)/.test(line));
}

/** The word of a line `word/FLAGS morphology`, a slash within it escaped. */
function hunspellWord(line: string): string {
  return line
    .replace(/(?<!\\)\/.*$/, '')
    .replace(/[\t ]+[a-z]{2}:.*$/, '')
    .replaceAll('\\/', '/')
    .trim();
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
