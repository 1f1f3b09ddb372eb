/**
 * The key sets of the FST benchmarks: real ones from a corpus folder, and made-up phrases of any number. A set whose
 * files the folder does not have is left out.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { tokeniseDocument } from '../../../stores/text/tokenise.ts';
import { seededRandom } from '../../random.ts';
import { type KeyList, keyList, keyListOf } from './key-list.ts';

export interface NamedSet {
  readonly name: string;
  readonly keys: KeyList;
}

type Entries = Iterable<readonly [key: string, value: number]>;

/** A count on a logarithmic scale, six steps to a doubling: 0..255 for counts below 2^42. */
const quantised = (count: number): number => Math.round(6 * Math.log2(Math.max(1, count)));

/** How each set is made: the files it needs, whether it has values, and its entries. */
const RECIPES: readonly {
  readonly name: string;
  readonly files: readonly string[];
  readonly values: boolean;
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
];

/** The sets that the corpus folder has the files for, made one after another. */
export function* loadSets(corpus: string): Generator<NamedSet> {
  for (const { name, files, values, entries } of RECIPES) {
    const paths = files.map((file) => join(corpus, file));
    if (!paths.every((path) => existsSync(path))) continue;
    yield { name, keys: keyListOf(entries(paths.map(readLines)), values) };
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

/** Exactly `count` phrases of one to three words of ASCII, the frequent ones more often, in byte order, with values below 256. */
export function makePhrases(corpus: string, count: number): KeyList {
  const random = seededRandom(11);
  const words = loadWords(corpus).filter((word) => /^[a-z]+$/.test(word));
  const pick = (): string => words[Math.floor(words.length ** random())] ?? 'the';
  const phrases = new Set<string>();
  while (phrases.size < count) {
    const length = random();
    const first = pick();
    phrases.add(length < 0.02 ? first : length < 0.6 ? `${first} ${pick()}` : `${first} ${pick()} ${pick()}`);
  }
  const sorted = [...phrases].sort((a, b) => (a < b ? -1 : 1));
  const offsets = new Uint32Array(count + 1);
  let length = 0;
  for (let i = 0; i < count; i++) {
    length += sorted[i]!.length;
    offsets[i + 1] = length;
  }
  const bytes = new Uint8Array(length);
  const buffer = Buffer.from(bytes.buffer);
  for (let i = 0; i < count; i++) buffer.write(sorted[i]!, offsets[i]!, 'latin1');
  return keyList(
    bytes,
    offsets,
    Float64Array.from({ length: count }, () => Math.floor(random() * 200)),
  );
}

function ngramEntries(lines: readonly string[]): Entries {
  const counts = new Map<string, number>();
  for (const line of lines) {
    for (const field of line.split('\t').slice(1)) countGrams(field, counts);
  }
  return [...counts].map(([key, count]) => [key, quantised(count)] as const);
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
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\ufeff/, '');
  return text.split(/\r?\n/).filter((line) => line !== '');
}
