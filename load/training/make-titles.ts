/**
 * Chooses from a list of names those that go into the titles of a language: of millions of names of articles most say nothing
 * of queries, and a filter of all would be larger than the rest of the data.
 *
 *   node dist/load/training/make-titles.js --names FILE --terms FILE --out FILE
 *
 * Kept are names of one word; names of two to four words of letters, all of them terms of the dataset, which occur within longer
 * names and so are known to many; and those that differ from such a name in up to two letters of one word, as names that
 * people misspell do: an encyclopedia leads them on to the right one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { programArguments } from '../program/arguments.ts';

const HELP = `Chooses the names that go into the titles of a language.

  node dist/load/training/make-titles.js --names names.txt --terms terms.txt --out titles.txt

Usage: node dist/load/training/make-titles.js --names FILE --terms FILE --out FILE

--names  names, one a line, lower-cased
--terms  terms of a dataset, one a line ("emend store scan terms.fst"); what follows a tab is passed over
--out    the names chosen, one a line, in byte order
`;

const MOST_WORDS = 4;
const MOST_EDITS = 2;
/** Of shorter words too many differ by two letters. */
const LEAST_LETTERS = 4;

const values = programArguments('make-titles', HELP, {
  names: { type: 'string' },
  terms: { type: 'string' },
  out: { type: 'string' },
});
const { names: namesFile, terms: termsFile, out } = values;
if (namesFile === undefined || termsFile === undefined || out === undefined) {
  process.stderr.write('make-titles: expected --names, --terms and --out\n');
  process.exit(2);
}

const lines = (file: string) => readFileSync(resolve(file), 'utf8').split('\n');
const terms = new Set(lines(termsFile).map((line) => line.split('\t', 1)[0]!));
const alone: string[] = [];
const rows = new Set<string>();
const longer: string[][] = [];
for (const name of lines(namesFile)) {
  const words = wordsOf(name);
  if (words.length === 1) alone.push(words[0]!);
  if (words.length > 2) longer.push(words.map((word) => word.replace(/'s$/, '')));
  if (words.length > 1 && words.length <= MOST_WORDS && /^[a-z' ]+$/.test(words.join(' '))) rows.add(words.join(' '));
}
const kept = new Set<string>();
for (const words of longer) {
  for (let count = 2; count <= Math.min(MOST_WORDS, words.length - 1); count++) {
    for (let from = 0; from + count <= words.length; from++) {
      const part = words.slice(from, from + count);
      const text = part.join(' ');
      if (rows.has(text) && part.every((word) => terms.has(word))) kept.add(text);
    }
  }
}

/** The names kept, by what is left of them without a letter of one word. */
const byRest = new Map<string, string[]>();
for (const name of kept) {
  for (const rest of rests(name)) {
    const names = byRest.get(rest);
    if (names === undefined) byRest.set(rest, [name]);
    else names.push(name);
  }
}
const variants = [...rows].filter(
  (row) => !kept.has(row) && rests(row).some((rest) => byRest.get(rest)?.some((name) => isNear(row, name))),
);
writeFileSync(resolve(out), `${[...new Set([...alone, ...kept, ...variants])].sort().join('\n')}\n`);
process.stdout.write(`${alone.length} of one word, ${kept.size} known to many, ${variants.length} near those\n`);

function wordsOf(name: string): string[] {
  return name
    .trim()
    .replace(/[.,()]/g, '')
    .split(/[\s-]+/)
    .filter((word) => word !== '');
}

/** What is left of a name without one of its words, beside that word with up to one letter left out. */
function rests(name: string): string[] {
  const words = name.split(' ');
  return words.flatMap((word, at) => {
    if (word.length < LEAST_LETTERS) return [];
    const around = words.map((other, i) => (i === at ? '*' : other)).join(' ');
    const shorter = Array.from(word, (_, i) => word.slice(0, i) + word.slice(i + 1));
    return [...new Set([word, ...shorter])].map((rest) => `${around}\t${rest}`);
  });
}

/** Whether two names differ in one word, and there in few letters. */
function isNear(a: string, b: string): boolean {
  const words = a.split(' ');
  const others = b.split(' ');
  const differing = words.filter((word, i) => word !== others[i]);
  if (words.length !== others.length || differing.length !== 1) return false;
  return editDistance(differing[0]!, others[words.indexOf(differing[0]!)]!) <= MOST_EDITS;
}

/** Letters put in, left out, changed or swapped with the next. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      let least = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
