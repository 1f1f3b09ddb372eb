/**
 * Packed n-grams: a list of pairs and triples in a third of the bytes that `entry<TAB>count` lines take once both are
 * gzipped. UTF-8 text:
 *
 *     # packed n-grams 1                 the format and its version
 *     the of to ...                      the words, joined by single spaces, the commonest first: their ranks from 0
 *     0 14:2,0,11 13:5                   what follows the word of rank 0, by falling level
 *     0,3 9:120,4                        what follows a pair
 *
 * A context is a rank, or two joined by a comma; contexts of one rank stand before those of two, each kind ascending.
 * The first rank is written as what it lies above that of the line before, less one where the line has one rank only; the
 * second as what it lies above that of the line before less one, counted anew for each first rank. A level L holds
 * n-grams seen about 2^L times; their last words are ascending ranks, each written as the number of ranks left out before it.
 */

import { InvalidLine } from '../errors.ts';
import type { Input, InputDigest } from './input.ts';
import { type ReadLinesOptions, readLines } from './lines.ts';

const FORMAT = '# packed n-grams';
const HEADER = `${FORMAT} 1`;

/** Whether a file holds packed n-grams, which its name tells: `.ngrams`, or that gzipped. */
export function isPacked(name: string): boolean {
  return /\.ngrams(\.gz)?$/i.test(name);
}

/** Whether a first line is that of packed n-grams, of any version. */
export function isPackedHeader(line: string): boolean {
  return line.startsWith(FORMAT);
}

/** Counts beyond 2^50 would not add up exactly. */
const MAX_LEVEL = 50;

/** An n-gram, of two words or three, by their ranks, seen about 2^level times. */
export interface RankedNgram {
  readonly ranks: readonly number[];
  readonly level: number;
}

/**
 * Reads packed n-grams.
 *
 * @param takeWords given the words by rank, once, before any n-gram
 * @param take given the ranks of a pair (`third` is -1) or a triple, and its count
 * @returns the number of n-grams
 * @throws {BuildError} `BUILD_INPUT` as {@link readLines}, naming the line that breaks the format; it is never left out
 */
export async function readPackedNgrams(
  input: Input,
  digest: InputDigest,
  options: ReadLinesOptions,
  takeWords: (words: readonly string[]) => void,
  take: (first: number, second: number, third: number, count: number) => void,
): Promise<number> {
  let wordCount = -1;
  let first = -1;
  let second = -1;
  let order = 2;
  let entries = 0;
  await readLines(input, digest, { ...options, dependent: true }, (bytes, start, end, line) => {
    if (line === 1) {
      const found = bytes.toString('latin1', start, Math.min(end, start + 80));
      if (found !== HEADER) throw new InvalidLine(`expected "${HEADER}", found "${found}"`);
      return;
    }
    if (wordCount < 0) {
      const words = bytes.toString('utf8', start, end).split(' ');
      if (words.includes('')) throw new InvalidLine('expected words joined by single spaces, found an empty one');
      wordCount = words.length;
      takeWords(words);
      return;
    }
    const cursor = new Numbers(bytes, start, end);
    const gap = cursor.number();
    if (cursor.skip(COMMA)) {
      if (order === 2) [order, first, second] = [3, 0, -1];
      if (gap > 0) second = -1;
      first += gap;
      second += 1 + cursor.number();
    } else {
      if (order === 3) throw new InvalidLine('expected what follows a pair, found what follows one word');
      first += 1 + gap;
    }
    while (cursor.skip(SPACE)) {
      const level = cursor.number();
      if (level > MAX_LEVEL || !cursor.skip(COLON)) throw new InvalidLine('expected level:gap,...');
      let last = -1;
      do {
        last += 1 + cursor.number();
        if (last >= wordCount || first >= wordCount || second >= wordCount) {
          throw new InvalidLine(`expected ranks below ${wordCount}, found ${Math.max(first, second, last)}`);
        }
        if (order === 2) take(first, last, -1, 2 ** level);
        else take(first, second, last, 2 ** level);
        entries++;
      } while (cursor.skip(COMMA));
    }
    cursor.end();
  });
  return entries;
}

/** Packs n-grams; each once, those of two words and of three, in any order. What {@link readPackedNgrams} reads. */
export function packNgrams(words: readonly string[], ngrams: readonly RankedNgram[]): string {
  const lines = [HEADER, words.join(' ')];
  for (const order of [2, 3]) {
    const sorted = ngrams.filter(({ ranks }) => ranks.length === order).sort(compareNgrams);
    let before: readonly number[] = order === 2 ? [-1] : [0, -1];
    for (let from = 0, to = 0; from < sorted.length; from = to) {
      const context = sorted[from]!.ranks.slice(0, -1);
      while (to < sorted.length && sameContext(sorted[to]!.ranks, context)) to++;
      lines.push(`${contextGaps(context, before)}${levels(sorted.slice(from, to))}`);
      before = context;
    }
  }
  return `${lines.join('\n')}\n`;
}

function contextGaps(
  [first = 0, second]: readonly number[],
  [firstBefore = 0, secondBefore = -1]: readonly number[],
): string {
  if (second === undefined) return String(first - firstBefore - 1);
  const gap = first - firstBefore;
  return `${gap},${second - (gap > 0 ? -1 : secondBefore) - 1}`;
}

function levels(ngrams: readonly RankedNgram[]): string {
  let text = '';
  let before = -1;
  ngrams.forEach(({ ranks, level }, i) => {
    const last = ranks.at(-1)!;
    const isFirst = level !== ngrams[i - 1]?.level;
    text += isFirst ? ` ${level}:${last}` : `,${last - before - 1}`;
    before = last;
  });
  return text;
}

function sameContext(ranks: readonly number[], context: readonly number[]): boolean {
  return context.every((rank, i) => ranks[i] === rank);
}

/** By context, then falling level, then the last rank. */
function compareNgrams(a: RankedNgram, b: RankedNgram): number {
  for (let i = 0; i < a.ranks.length - 1; i++) {
    if (a.ranks[i] !== b.ranks[i]) return a.ranks[i]! - b.ranks[i]!;
  }
  return b.level - a.level || a.ranks.at(-1)! - b.ranks.at(-1)!;
}

const SPACE = 0x20;
const COMMA = 0x2c;
const COLON = 0x3a;

/** Walks the numbers of a line and what stands between them. */
class Numbers {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  number(): number {
    let value = 0;
    const from = this.#at;
    for (; this.#at < this.#end; this.#at++) {
      const digit = this.#bytes[this.#at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    // Ranks have eight digits at most.
    if (this.#at === from || this.#at - from > 8) throw new InvalidLine(`expected a number at byte ${from}`);
    return value;
  }

  /** Steps over `byte` when it is next. */
  skip(byte: number): boolean {
    if (this.#at >= this.#end || this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  end(): void {
    if (this.#at < this.#end) throw new InvalidLine(`expected the line's end, found more at byte ${this.#at}`);
  }
}
