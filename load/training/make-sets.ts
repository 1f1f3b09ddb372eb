/**
 * Makes the sets that the weights of English are fitted on, of labelled queries that may not be part of the package:
 *
 *   node dist/load/training/make-sets.js --eval DIR --names FILE --places FILE --web FILE --out DIR
 *
 * - `X.even.tsv`: of the query sets the half whose right answer has a SHA-1 that begins with an even byte; the other half is for
 *   measuring. The queries judged by reading go in whole: `emend tune` scores each by weights that it had no part in.
 * - `train_words_wrong`, `train_words_right`, `train_bea`: single words, names, sentences of learners. Among the right ones are names
 *   that are as often written without marks as with them.
 * - `train_kinds`: errors of kinds that these hold too few of, made of the correct queries among them and of names of places
 *   (`kinds.ts`), and misspellings that the web is so full of that they look like words, alone and in queries. It is one set, as sets
 *   weigh alike.
 *
 * The same files give the same sets, byte for byte.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pickIndex, type Random, sample, seededRandom } from '../../services/figures/random.ts';
import { programArguments } from '../program/arguments.ts';
import { KINDS } from './kinds.ts';
import { plain, writtenOut } from './marks.ts';

const HELP = `Makes the sets that the weights of English are fitted on.

  node dist/load/training/make-sets.js --eval ../labelled --names names.txt.gz --places cities.tsv.gz --web words.tsv.gz --out sets

Usage: node dist/load/training/make-sets.js --eval DIR --names FILE --places FILE --web FILE --out DIR

--eval   folder of the labelled sets: homedepot_queries.dev.tsv, msmarco_typos.dev.tsv, qsec10_wordbreak.dev.tsv, wild.dev.tsv,
         wikipedia_misspellings.dev.tsv, toefl_spell.dev.tsv, norvig_spell_errors.dev.tsv, sent_bea4660.dev.tsv
--names  names of people, one a line
--places  names of places, one a line, with their marks; what follows a tab is passed over
--web     words of web pages, one a line, misspellings included; what follows a tab is passed over
--out    folder for the sets, made when it is not there
`;

const QUERY_SETS = ['homedepot_queries', 'msmarco_typos', 'qsec10_wordbreak'] as const;
const WORD_SETS = ['wikipedia_misspellings', 'toefl_spell', 'norvig_spell_errors'] as const;
/** Lists of words that people take for right, not only of what children write. */
const LISTED_SETS = ['wikipedia_misspellings', 'toefl_spell'] as const;
const WEB_SLIPS = 150;
const WRONG_WORDS = 553;
const RIGHT_WORDS = 550;
const NAMES = 75;
const NUMBERED = 25;
const SENTENCES = 400;
const MARKS_RIGHT = 120;
const SEED = 1;

/** One row: what was typed, and the right answers. */
interface Row {
  readonly input: string;
  readonly rights: readonly string[];
}

function main(): number {
  const values = programArguments('make-sets', HELP, {
    eval: { type: 'string' },
    names: { type: 'string' },
    places: { type: 'string' },
    web: { type: 'string' },
    out: { type: 'string' },
  });
  const { eval: evalFolder, names: nameFile, places: placeFile, web: webFile, out: outFolder } = values;
  if (!evalFolder || !nameFile || !placeFile || !webFile || !outFolder) {
    process.stderr.write(
      'make-sets: expected --eval DIR, --names FILE, --places FILE, --web FILE and --out DIR; see --help\n',
    );
    return 2;
  }
  const folder = resolve(evalFolder);
  const out = resolve(outFolder);
  const write = (name: string, rows: readonly Row[]) => {
    writeFileSync(
      join(out, `${name}.tsv`),
      rows.map(({ input, rights }) => `${input}\t${rights.join('|')}\n`).join(''),
    );
    process.stdout.write(`${name}\t${rows.length}\n`);
  };
  mkdirSync(out, { recursive: true });
  const queries = QUERY_SETS.map((name) => ({ name, rows: readRows(join(folder, `${name}.dev.tsv`)).filter(isEven) }));
  for (const { name, rows } of queries) write(`${name}.even`, rows);
  write('wild', readRows(join(folder, 'wild.dev.tsv')));
  const names = readLines(resolve(nameFile));
  const places = markedPlaces(readLines(resolve(placeFile)));
  const words = WORD_SETS.flatMap((name) => readRows(join(folder, `${name}.dev.tsv`))).filter(isEven);
  write('train_words_wrong', sample(words.filter(isOneWord), WRONG_WORDS, SEED));
  write('train_words_right', [...rightWords(words, names), ...namesWithoutMarks(names, places)]);
  const sentences = readRows(join(folder, 'sent_bea4660.dev.tsv')).filter(isEven);
  write('train_bea', sample(sentences, SENTENCES, SEED));
  const clean = queries.flatMap(({ rows }) => rows.filter(isRight).map(({ input }) => input));
  const texts = [...new Set([...clean, ...sentences.map(({ rights }) => rights[0] ?? '')])];
  const inQuery = places.map((place, i) =>
    i % 2 === 0 ? place : `${place} ${lastWord(clean[i % clean.length] ?? '')}`,
  );
  const web = new Set(readLines(resolve(webFile)).map((line) => line.split('\t')[0] ?? ''));
  const listed = LISTED_SETS.flatMap((name) => readRows(join(folder, `${name}.dev.tsv`))).filter(isEven);
  const onWeb = listed.filter((row) => isOneWord(row) && web.has(row.input));
  write('train_kinds', [
    ...Object.entries(KINDS).flatMap(([name, { make, rows, of }]) =>
      madeOf(of === 'places' ? inQuery : texts, make, rows, name),
    ),
    ...sample(onWeb, WEB_SLIPS, SEED),
    ...sample(inTexts(onWeb, texts), WEB_SLIPS, SEED),
  ]);
  return 0;
}

/** Texts with a right word replaced by one of its slips, one for each slip and at most one for each text. */
function inTexts(slips: readonly Row[], texts: readonly string[]): Row[] {
  const byWord = new Map(slips.map((row) => [row.rights[0] ?? '', row]));
  return texts.flatMap((text) => {
    const words = text.split(' ');
    const at = words.findIndex((word) => byWord.has(word));
    const slip = byWord.get(words[at] ?? '');
    if (slip === undefined || words.length > 12) return [];
    byWord.delete(words[at] ?? '');
    return [{ input: words.with(at, slip.input).join(' '), rights: [text] }];
  });
}

/** The right words of the pairs, and names by themselves, in a query and with a number behind. */
function rightWords(pairs: readonly Row[], names: readonly string[]): Row[] {
  const right = [...new Set(pairs.flatMap(({ rights }) => rights.filter((word) => /^\p{Ll}{4,}$/u.test(word))))];
  const chosen = sample(right, RIGHT_WORDS, SEED);
  const people = sample(
    names.filter((name) => /^\p{Lu}\p{Ll}{3,}$/u.test(name)),
    2 * NAMES,
    SEED,
  ).map((name) => name.toLowerCase());
  // What somebody is called somewhere: no number that lacks a space.
  const random = seededRandom(SEED);
  const numbered = people.slice(0, NUMBERED).map((name) => `${name}${1 + pickIndex(random, 99)}`);
  const inQuery = people.slice(NAMES).map((name, i) => `${people[i]} ${name}`);
  return [...chosen, ...people.slice(0, NAMES), ...inQuery, ...numbered].map((word) => ({
    input: word,
    rights: [word],
  }));
}

/** Names of places of up to three words, one of which has marks. */
function markedPlaces(lines: readonly string[]): string[] {
  const places = lines.map((line) => (line.split('\t')[0] ?? '').toLowerCase());
  const fits = (place: string) => /^[\p{Ll}\p{M} ]+$/u.test(place) && place.split(' ').length <= 3;
  return [...new Set(places)].filter((place) => fits(place) && plain(place) !== place);
}

/** Names of people that are a word of a place's name without its marks: `guzman`. */
function namesWithoutMarks(names: readonly string[], places: readonly string[]): Row[] {
  const marked = places.flatMap((place) => place.split(' ')).filter((word) => plain(word) !== word);
  const unmarked = new Set(marked.flatMap((word) => [plain(word), writtenOut(word)]));
  const lower = names.map((name) => name.toLowerCase());
  const right = [...new Set(lower)].filter((name) => name.length >= 4 && unmarked.has(name));
  return sample(right, MARKS_RIGHT, SEED).map((name) => ({ input: name, rights: [name] }));
}

function lastWord(text: string): string {
  return text.slice(text.lastIndexOf(' ') + 1);
}

/** `count` rows of one kind of error, of texts in an order drawn by the kind's name. */
function madeOf(
  texts: readonly string[],
  make: (typeof KINDS)[string]['make'],
  count: number,
  name: string,
): readonly Row[] {
  const random = seededRandom(createHash('sha1').update(name).digest().readUInt32BE(0));
  const rows: Row[] = [];
  for (const text of shuffled(texts, random)) {
    if (rows.length === count) break;
    const words = text.split(' ');
    if (words.length > 12) continue;
    const input = make(words, random);
    if (input !== null && input !== text) rows.push({ input, rights: [text] });
  }
  return rows;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const j = pickIndex(random, i + 1);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}

function isEven({ rights }: Row): boolean {
  return (
    createHash('sha1')
      .update(rights[0] ?? '')
      .digest()
      .readUInt8(0) %
      2 ===
    0
  );
}

function isRight({ input, rights }: Row): boolean {
  return rights.includes(input);
}

function isOneWord({ input, rights }: Row): boolean {
  return !isRight({ input, rights }) && !input.includes(' ') && rights.every((word) => !word.includes(' '));
}

function readRows(path: string): Row[] {
  return readLines(path).flatMap((line) => {
    const [input = '', rights = ''] = line.split('\t');
    return input === '' || rights === '' ? [] : [{ input, rights: rights.split('|') }];
  });
}

function readLines(path: string): string[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}

process.exitCode = main();
