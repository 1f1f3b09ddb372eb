/**
 * Chooses from a list of names those that go into the titles of a language: of millions of names of articles most are of
 * words that nobody types, and a filter of all would be larger than the rest of the data.
 *
 *   node dist/load/training/make-titles.js --names FILE --frequencies FILE --out FILE
 *
 * Kept are names of two to four words of letters, none of them too rare.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { programArguments } from '../program/arguments.ts';
import { readText } from '../program/text-file.ts';

const HELP = `Chooses the names that go into the titles of a language.

  node dist/load/training/make-titles.js --names names.txt --frequencies wordfreq.tsv.gz --out titles.txt

Usage: node dist/load/training/make-titles.js --names FILE --frequencies FILE --out FILE

--names        names, one a line, lower-cased; plain or gzipped
--frequencies  word<TAB>how rare it is, in centibels: 720 is 10^-7.2 of all words; plain or gzipped
--out          the names chosen, one a line, in byte order
`;

const MOST_WORDS = 4;
/**
 * How rare a word may be. In folds, of the queries of load/README.md 56.1 % are cut as most people cut them with 0.7 million names,
 * 57.3 with 1.5, 58.0 with 2.2, which this leaves, 58.6 with 2.8, 58.7 with all 4.4; a million is 1.1 MB.
 */
const RAREST_CENTIBELS = 710;

const values = programArguments('make-titles', HELP, {
  names: { type: 'string' },
  frequencies: { type: 'string' },
  out: { type: 'string' },
});
const { names: namesFile, frequencies: frequenciesFile, out } = values;
if (namesFile === undefined || frequenciesFile === undefined || out === undefined) {
  process.stderr.write('make-titles: expected --names, --frequencies and --out\n');
  process.exit(2);
}

const lines = (file: string) => readText(resolve(file)).split('\n');
const frequent = new Set<string>();
for (const line of lines(frequenciesFile)) {
  const [word, centibels] = line.split('\t');
  if (word !== undefined && Number(centibels) <= RAREST_CENTIBELS) frequent.add(word);
}
const kept = new Set<string>();
const byWords = new Map<number, number>();
for (const name of lines(namesFile)) {
  const words = wordsOf(name);
  const text = words.join(' ');
  if (words.length < 2 || words.length > MOST_WORDS || !/^[a-z' ]+$/.test(text) || kept.has(text)) continue;
  if (!words.every((word) => frequent.has(word))) continue;
  kept.add(text);
  byWords.set(words.length, (byWords.get(words.length) ?? 0) + 1);
}
writeFileSync(resolve(out), `${[...kept].sort().join('\n')}\n`);
const counts = [...byWords].sort(([a], [b]) => a - b).map(([count, names]) => `${names} of ${count} words`);
process.stdout.write(`${counts.join(', ')}\n`);

function wordsOf(name: string): string[] {
  return name
    .trim()
    .replace(/[.,()]/g, '')
    .split(/[\s-]+/)
    .filter((word) => word !== '');
}
