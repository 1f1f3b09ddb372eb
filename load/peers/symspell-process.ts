/**
 * node-symspell in a process of its own.
 *
 *   node dist/load/peers/symspell-process.js PACKAGE-FOLDER WORDS PAIRS compound|words MAX-EDITS
 *
 * WORDS: `term<TAB>count` or `term count` lines; PAIRS: `term term<TAB>count`, or `term term count`.
 * `compound` is `lookupCompound`, which splits and joins words; `words` looks words up one by one.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { answerLines } from './answer-lines.ts';
import { correctRuns } from './plain-words.ts';

/** What of node-symspell is used. */
interface SymSpell {
  readonly bigrams: Map<string, number>;
  bigramCountMin: number;
  createDictionaryEntry(term: string, count: number): boolean;
  lookup(word: string, verbosity: number, maxEditDistance: number): { readonly term: string }[];
  lookupCompound(text: string, maxEditDistance: number): { readonly term: string }[];
}
type SymSpellClass = (new (
  maxEditDistance: number,
  prefixLength: number,
) => SymSpell) & {
  readonly Verbosity: { readonly TOP: number };
};

const PREFIX_LENGTH = 7;

const [folder = '', words = '', pairs = '', mode = '', edits = ''] = process.argv.slice(2);
const SymSpell = createRequire(import.meta.url)(folder) as SymSpellClass;
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
const { TOP } = SymSpell.Verbosity;
const maxEdits = Number(edits);
const speller = new SymSpell(maxEdits, PREFIX_LENGTH);
for (const [term, count] of countedLines(words)) speller.createDictionaryEntry(term, count);
// What `loadBigramDictionary` does, but for its one form of line. Only `lookupCompound` asks for pairs.
if (mode === 'compound') {
  for (const [pair, count] of countedLines(pairs)) {
    speller.bigrams.set(pair, count);
    if (count < speller.bigramCountMin) speller.bigramCountMin = count;
  }
}
// What reading the files left behind is not SymSpell's.
globalThis.gc?.();

const correct =
  mode === 'compound'
    ? (run: string[]) => speller.lookupCompound(run.join(' '), maxEdits)[0]?.term ?? run.join(' ')
    : (run: string[]) => run.map((word) => speller.lookup(word, TOP, maxEdits)[0]?.term ?? word).join(' ');

await answerLines({ version: `node-symspell ${version}` }, (query) => correctRuns(query, correct));

function* countedLines(path: string): Generator<[string, number]> {
  for (const line of readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .split('\n')) {
    const [, text, count] = /^(.+?)[\t ](\d+)(?:\t\d+)?$/.exec(line.trimEnd()) ?? [];
    if (text !== undefined && count !== undefined) yield [text, Number(count)];
  }
}
