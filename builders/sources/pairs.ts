import { InvalidLine } from '../errors.ts';
import { parseCount, parseJsonObject } from './fields.ts';
import type { InputFormat } from './format.ts';
import type { Input, InputDigest } from './input.ts';
import { cellsOf, type Layout, layoutOf } from './layout.ts';
import { type ReadLinesOptions, readLines } from './lines.ts';

/** Takes what was typed, what was meant (one text or several that count as right), and how often it happened, from 1. */
export type TakePair = (wrong: string, rights: readonly string[], count: number) => void;

/**
 * Reads misspellings with their corrections, words or whole queries: `wrong<TAB>right1|right2`, where known with a count in
 * a third column; the same as CSV; or JSONL with `wrong`, `right` (a text or a list) and, where known, `count`. A first line
 * that names the columns `wrong` and `right`, and `count` if known, gives their positions among others; lines that begin with `#` and a space are comments.
 *
 * @returns the number of pairs
 * @throws {BuildError} `BUILD_INPUT` as {@link readLines}
 */
export async function readPairs(
  input: Input,
  digest: InputDigest,
  options: { readonly format?: InputFormat; readonly countScale?: number } & ReadLinesOptions,
  take: TakePair,
): Promise<number> {
  let layout: Layout = { format: 'tsv', delimiter: '\t' };
  const onHead = (head: Buffer) => {
    layout = layoutOf(head, input, 'pairs', options.format);
    return layout;
  };
  // Positions of the columns; a header may change them.
  let places = [0, 1, 2];
  let isFirst = true;
  let pairs = 0;
  await readLines(input, digest, { ...options, onHead }, (bytes, start, end) => {
    if (start === end || (bytes[start] === 0x23 && bytes[start + 1] === 0x20)) return;
    const text = bytes.toString('utf8', start, end);
    const cells = layout.format === 'jsonl' ? cellsOfObject(text) : cellsOf(text, layout);
    const names = isFirst ? cells.map((cell) => cell.trim().toLowerCase()) : [];
    isFirst = false;
    if (names.includes('wrong') && names.includes('right')) {
      const count = names.length === 2 ? 2 : names.indexOf('count');
      places = [names.indexOf('wrong'), names.indexOf('right'), count];
      return;
    }
    const [wrong = '', right = '', count = ''] = places.map((place) => (cells[place] ?? '').trim());
    const rights = right.split('|').filter((one) => one.trim() !== '');
    if (wrong === '' || rights.length === 0) {
      throw new InvalidLine(`expected a misspelling and its correction, found ${JSON.stringify(text.slice(0, 60))}`);
    }
    const times = count === '' ? 1 : parseCount(count, options.countScale);
    if (times === 0) return;
    take(wrong, rights, times);
    pairs++;
  });
  return pairs;
}

function cellsOfObject(line: string): string[] {
  const { wrong, right, count } = parseJsonObject(line);
  const rights = Array.isArray(right) ? right : [right];
  if (typeof wrong !== 'string' || !rights.every((one) => typeof one === 'string')) {
    throw new InvalidLine('expected texts as "wrong" and "right"');
  }
  return [wrong, rights.join('|'), count === undefined || count === null ? '' : String(count)];
}
