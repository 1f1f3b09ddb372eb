/**
 * The key sets of the FST benchmarks: real ones from a corpus folder, and made-up phrases of any number. A set whose
 * files the folder does not have is left out.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pickIndex, type Random, seededRandom } from '../../../services/figures/random.ts';
import { tokeniseDocument } from '../../../stores/text/tokenise.ts';
import { readText } from '../../program/text-file.ts';
import { type KeyList, keyList, keyListOf } from './key-list.ts';

export interface NamedSet {
  readonly name: string;
  readonly keys: KeyList;
}

const SPACE = 0x20;

type Entries = Iterable<readonly [key: string, value: number]>;

/** A count on a logarithmic scale, six steps to a doubling: 0..255 for counts below 2^42. */
const quantised = (count: number): number => Math.round(6 * Math.log2(Math.max(1, count)));

/** How each set is made: the files it needs, whether it has values, and its entries. */
const RECIPES: readonly {
  readonly name: string;
  readonly files: readonly string[];
  readonly values: boolean;
  /** How keys become bytes. Default UTF-8. */
  readonly encoding?: BufferEncoding;
  entries(lines: readonly string[][]): Entries;
}[] = [
  {
    name: 'uni- and bigrams of SymSpell, counts',
    files: ['lm/symspell_unigrams_en_82765.txt.gz', 'lm/symspell_bigrams_en_243342.txt.gz'],
    values: true,
    entries: (files) =>
      files.flat().map((line) => {
        const end = line.lastIndexOf(' ');
        return [line.slice(0, end), quantised(Number(line.slice(end + 1)))];
      }),
  },
  {
    name: 'words of wordfreq, frequencies',
    files: ['lm/wordfreq_large_en.tsv.gz'],
    values: true,
    entries: (files) =>
      files.flat().map((line) => {
        const [word = '', value = '0'] = line.split('\t');
        return [word, Number(value)];
      }),
  },
  {
    name: 'words of SCOWL',
    files: ['words/scowl_american_huge.txt.gz'],
    values: false,
    entries: (files) => files.flat().map((word) => [word, 1]),
  },
  {
    name: 'names of Debian packages',
    files: ['docs/debian_packages.tsv.gz'],
    values: false,
    entries: (files) => files.flat().map((line) => [line.split('\t', 1)[0] ?? '', 1]),
  },
  {
    name: '1- to 3-grams of Debian descriptions',
    files: ['docs/debian_packages.tsv.gz'],
    values: true,
    entries: (files) => ngramEntries(files.flat()),
  },
  {
    name: 'bi- and trigrams of them by three-byte ids',
    files: ['docs/debian_packages.tsv.gz'],
    values: true,
    encoding: 'latin1',
    entries: (files) => idEntries(files.flat()),
  },
];

/** The sets that the corpus folder has the files for, made one after another. */
export function* loadSets(corpus: string): Generator<NamedSet> {
  for (const { name, files, values, encoding, entries } of RECIPES) {
    const paths = files.map((file) => join(corpus, file));
    if (!paths.every((path) => existsSync(path))) continue;
    yield { name, keys: keyListOf(entries(paths.map(readLines)), values, encoding) };
  }
}

/** The words of the corpus: those of wordfreq, or made-up ones when it has none. */
export function loadWords(corpus: string): string[] {
  const path = join(corpus, 'lm/wordfreq_large_en.tsv.gz');
  if (existsSync(path)) return readLines(path).map((line) => line.slice(0, line.indexOf('\t')));
  const random = seededRandom(7);
  const syllable = (): string => 'bcdfghklmnprst'.charAt(random() * 14) + 'aeiou'.charAt(random() * 5);
  const word = (): string => Array.from({ length: 1 + random() * 4 }, syllable).join('');
  return [...new Set(Array.from({ length: 400_000 }, word))];
}

/** Made-up keys, and phrases made the same way that are none of them. */
export interface Phrases {
  readonly keys: KeyList;
  readonly absent: KeyList;
}

/** Words that phrases are made of: so many that a phrase of three is numbered by an exact integer. */
const PHRASE_WORDS = 200_000;
const ABSENT_PHRASES = 200_000;

/**
 * Exactly `count` phrases of one to three words of ASCII, the frequent ones more often, in byte order, with values below
 * 256; and 200,000 more that are absent.
 */
export function loadPhrases(corpus: string, count: number): Phrases {
  // Several benchmarks ask for the same ones, and ten million take a while to make.
  const known = made.get(count) ?? makePhrases(corpus, count);
  made.set(count, known);
  return known;
}

const made = new Map<number, Phrases>();

function makePhrases(corpus: string, count: number): Phrases {
  const random = seededRandom(11);
  const words = loadWords(corpus)
    .filter((word) => /^[a-z]+$/.test(word))
    .slice(0, PHRASE_WORDS);
  const sorted = [...words].sort();
  const places = new Map(sorted.map((word, place) => [word, place + 1]));
  const placeOf = Float64Array.from(words, (word) => places.get(word)!);
  const scale = sorted.length + 1;
  // A space comes before all letters, so phrases are in byte order when their words' places, 0 for none, are in order.
  const phrase = (): number => {
    const pick = (): number => placeOf[Math.floor(words.length ** random())] ?? 1;
    const length = random();
    return (pick() * scale + (length < 0.02 ? 0 : pick())) * scale + (length < 0.6 ? 0 : pick());
  };
  const wanted = count + ABSENT_PHRASES;
  let distinct = new Float64Array(0);
  while (distinct.length < wanted) {
    const missing = Math.ceil(1.3 * (wanted - distinct.length));
    const more = new Float64Array(distinct.length + missing);
    more.set(distinct);
    for (let i = distinct.length; i < more.length; i++) more[i] = phrase();
    distinct = sortedDistinct(more);
  }
  const { chosen, others } = choose(distinct, count, random);
  const values = Float64Array.from({ length: count }, () => Math.floor(random() * 200));
  return {
    keys: spell(chosen, sorted, scale, values),
    absent: spell(others.subarray(0, ABSENT_PHRASES), sorted, scale),
  };
}

function sortedDistinct(numbers: Float64Array): Float64Array<ArrayBuffer> {
  numbers.sort();
  let length = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (i === 0 || numbers[i] !== numbers[i - 1]) numbers[length++] = numbers[i]!;
  }
  return numbers.slice(0, length);
}

/** `count` of the numbers, in their order, and as many of the others as come, in a random order. */
function choose(numbers: Float64Array, count: number, random: Random): { chosen: Float64Array; others: Float64Array } {
  const chosen = new Float64Array(count);
  const others = new Float64Array(numbers.length - count);
  let taken = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (random() * (numbers.length - i) < count - taken) chosen[taken++] = numbers[i]!;
    else others[i - taken] = numbers[i]!;
  }
  for (let i = others.length - 1; i > 0; i--) {
    const j = pickIndex(random, i + 1);
    [others[i], others[j]] = [others[j]!, others[i]!];
  }
  return { chosen, others };
}

/** Phrases from their numbers. */
function spell(numbers: Float64Array, words: readonly string[], scale: number, values?: Float64Array): KeyList {
  const offsets = new Uint32Array(numbers.length + 1);
  const write = (out: Buffer | undefined, at: number, place: number): number => {
    const word = words[place - 1]!;
    out?.write(word, at, 'latin1');
    return at + word.length;
  };
  const each = (out: Buffer | undefined): number => {
    let at = 0;
    for (let i = 0; i < numbers.length; i++) {
      const pair = Math.floor(numbers[i]! / scale);
      const second = pair % scale;
      const third = numbers[i]! % scale;
      at = write(out, at, Math.floor(pair / scale));
      if (second > 0) {
        if (out !== undefined) out[at] = SPACE;
        at = write(out, at + 1, second);
      }
      if (third > 0) {
        if (out !== undefined) out[at] = SPACE;
        at = write(out, at + 1, third);
      }
      offsets[i + 1] = at;
    }
    return at;
  };
  const bytes = new Uint8Array(each(undefined));
  each(Buffer.from(bytes.buffer));
  return keyList(bytes, offsets, values);
}

function ngramEntries(lines: readonly string[]): Entries {
  return [...countAllGrams(lines)].map(([key, count]) => [key, quantised(count)] as const);
}

/** The bi- and trigrams with each word as three bytes, its rank by frequency: as strings of one character a byte. */
function idEntries(lines: readonly string[]): Entries {
  const counts = countAllGrams(lines);
  const words = [...counts].filter(([gram]) => !gram.includes(' ')).sort((a, b) => b[1] - a[1]);
  const ids = new Map(
    words.map(([word], id) => [word, String.fromCharCode(id >> 16, (id >> 8) & 255, id & 255)] as const),
  );
  return [...counts]
    .filter(([gram]) => gram.includes(' '))
    .map(([gram, count]) => [gram.replace(/[^ ]+ ?/g, (word) => ids.get(word.trimEnd()) ?? ''), quantised(count)]);
}

function countAllGrams(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    for (const field of line.split('\t').slice(1)) countGrams(field, counts);
  }
  return counts;
}

function countGrams(text: string, counts: Map<string, number>): void {
  let first = '';
  let second = '';
  for (const token of tokeniseDocument(text)) {
    if (token.breakBefore) {
      first = '';
      second = '';
    }
    const grams = [token.text];
    if (second !== '') grams.push(`${second} ${token.text}`);
    if (first !== '') grams.push(`${first} ${second} ${token.text}`);
    for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1);
    first = second;
    second = token.text;
  }
}

function readLines(path: string): string[] {
  const text = readText(path).replace(/^\ufeff/, '');
  return text.split(/\r?\n/).filter((line) => line !== '');
}
