/**
 * How well the phrases of a query are told: the share of queries that are cut as most people cut them; with --fit, new weights for a
 * language.
 *
 *   npm run build && node dist/load/segmentation.js --dataset DIR --rows FILE [--fit OUT] [--json]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { compiled } from '../data/package-root.ts';
import { shareOf } from '../services/figures/shares.ts';
import { programArguments } from './program/arguments.ts';
import { type Evidence, type Fitted, fitWeights, type Row, readRows } from './segmentation/fit.ts';

const HELP = `Measures how well phrases are told, on queries that people cut into phrases.

  node dist/load/segmentation.js --dataset data/build/en --rows segmentation.tsv

Usage: node dist/load/segmentation.js --dataset DIR --rows FILE [--folds N] [--fit OUT] [--json]

--dataset  folder of the dataset version
--rows     query<TAB>cut|like this:votes;cut like|this:votes
--folds    also weights fitted on all rows but each of N parts, measured on that part
--fit      writes weights fitted on all rows, as the phrases.json of a language
--json     prints the figures as JSON

A query counts where its cut is one of those with most votes.
`;

/** The compiled program, as far as it is used here. */
interface Program {
  openDataset(path: string): {
    readonly stores: Stores;
    readonly language: { readonly language: string };
    close(): void;
  };
  partsOf(dataset: object): { readonly phraseWeights?: Fitted };
  LanguageModel: new (ngrams: unknown, lexicon: unknown, neighbours: unknown) => object;
  PhraseModel: new (sources: object) => Model;
  PHRASE_EVIDENCE: readonly string[];
}
interface Stores {
  readonly [name: string]: unknown;
}
interface Model extends Evidence {
  groupsIn(words: readonly string[]): { readonly from: number; readonly to: number }[];
}

const values = programArguments('segmentation', HELP, {
  dataset: { type: 'string' },
  rows: { type: 'string' },
  folds: { type: 'string' },
  fit: { type: 'string' },
  json: { type: 'boolean', default: false },
});
if (values.dataset === undefined || values.rows === undefined) {
  process.stderr.write('segmentation: --dataset and --rows are needed\n');
  process.exit(2);
}

const program = await load();
const dataset = program.openDataset(values.dataset);
const { terms, lexicon, ngrams, neighbours, vectors, titles } = dataset.stores;
const languageModel = new program.LanguageModel(ngrams, lexicon, neighbours);
const modelOf = (weights: unknown): Model =>
  new program.PhraseModel({ terms, lexicon, languageModel, vectors, titles, weights });
const own = program.partsOf(dataset).phraseWeights;
if (own === undefined) {
  process.stderr.write('segmentation: the language of this dataset has no weights of phrases\n');
  process.exit(1);
}
const model = modelOf(own);
const rows = readRows(readFileSync(values.rows, 'utf8'), model);
const words = [...own.first.keys()];
const figures: { readonly of: string; readonly right: number; readonly rows: number }[] = [
  measure('these weights', model, rows),
];
const folds = Number(values.folds ?? 0);
if (folds > 1) {
  let right = 0;
  for (let fold = 0; fold < folds; fold++) {
    const others = rows.filter((_, i) => i % folds !== fold);
    const fitted = modelOf(fitWeights(others, program.PHRASE_EVIDENCE.length, words));
    right += measure(
      '',
      fitted,
      rows.filter((_, i) => i % folds === fold),
    ).right;
  }
  figures.push({ of: `weights fitted on the others, ${folds} folds`, right, rows: rows.length });
}
const started = performance.now();
for (const row of rows) model.groupsIn(row.words);
const usPerQuery = ((performance.now() - started) * 1000) / rows.length;
if (values.fit !== undefined)
  writeFileSync(values.fit, phrasesJson(fitWeights(rows, program.PHRASE_EVIDENCE.length, words)));
if (values.json) process.stdout.write(`${JSON.stringify({ figures, usPerQuery })}\n`);
else {
  for (const { of, right, rows: count } of figures) {
    const { share, low, high } = shareOf(right, count);
    const shown = `${percent(share)} (${percent(low)} to ${percent(high)})`;
    process.stdout.write(`${of}: ${shown} of ${count} queries cut as most people cut them\n`);
  }
  process.stdout.write(`${usPerQuery.toFixed(1)} us a query, words met before\n`);
}
dataset.close();

async function load(): Promise<Program> {
  const module = async (path: string): Promise<object> => (await import(pathToFileURL(compiled(path)).href)) as object;
  return Object.assign(
    {},
    await module('stores/dataset/open.js'),
    await module('services/tuned-parameters.js'),
    await module('services/rewrite/language/language-model.js'),
    await module('services/rewrite/language/phrase-model.js'),
    await module('stores/profile/phrases.js'),
  ) as unknown as Program;
}

function measure(of: string, by: Model, measured: readonly Row[]): { of: string; right: number; rows: number } {
  let right = 0;
  for (const row of measured) {
    let bits = 0;
    for (const { from, to } of by.groupsIn(row.words)) for (let gap = from; gap < to - 1; gap++) bits |= 1 << gap;
    if (row.mostVoted.has(bits)) right++;
  }
  return { of, right, rows: measured.length };
}

function phrasesJson({ weights, first, second, transitions, titles }: Fitted): string {
  const short = (value: number) => Number(value.toPrecision(4));
  const record = (map: ReadonlyMap<string, number>) =>
    Object.fromEntries([...map].map(([word, value]) => [word, short(value)]));
  const named = Object.fromEntries(program.PHRASE_EVIDENCE.map((name, i) => [name, short(weights[i]!)]));
  const file = {
    format: 'emend-phrases',
    formatVersion: 2,
    weights: named,
    first: record(first),
    second: record(second),
    transitions: transitions.map(short),
    titles: titles.map(short),
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

function percent(share: number | null): string {
  return share === null ? '-' : `${(100 * share).toFixed(1)} %`;
}
