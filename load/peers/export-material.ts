/**
 * Writes out what the bundled dataset knows as plain files, so that every peer starts from the same words, pairs and documents.
 *
 *   node dist/load/peers/export-material.js DATASET FOLDER
 *
 * ```
 *   terms.tsv       term, count, flags (TermFlag), by falling count
 *   pairs.tsv       two terms joined by a space, count: what Emend's language model says of them
 *   documents.txt   the bundled documents, one a line
 * ```
 *
 * Counts are probabilities times {@link CORPUS_WORDS}.
 */
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { fileInput } from '../../builders/sources/input.ts';
import { readPackedNgrams } from '../../builders/sources/packed-ngrams.ts';
import { packageRoot } from '../../data/package-root.ts';
import { openDataset } from '../../stores/dataset/open.ts';
import { decodeCost, encodeId, PAIR_BYTES } from '../../stores/language/ngram-key.ts';
import { FIRST_TERM_ID } from '../../stores/lexicon/format.ts';
import { MISS } from '../../stores/store.ts';

/** The words of the Google Web Trillion Word Corpus: SymSpell's formulas take counts to be of so many. */
const CORPUS_WORDS = 1_024_908_267_229;

const PACKED = ['pocketsphinx_en_us.ngrams.gz', 'smollm2_en.ngrams.gz'];
const COUNTED = 'web1t_ngrams_en.tsv.gz';

/** Files of documents and which fields of their lines are text. */
const DOCUMENTS = [
  { file: 'wordnet_glosses.tsv.gz', fields: [1, 2] },
  { file: 'debian_short_descriptions.txt.gz', fields: [0] },
];

const [dataset = '', folder = ''] = process.argv.slice(2);
if (folder === '') throw new Error('expected the folders of a dataset and of what is written');
const data = join(packageRoot(), 'data');
const { stores } = openDataset(dataset);
const { lexicon, ngrams } = stores;
mkdirSync(folder, { recursive: true });

const idOf = new Map<string, number>();
for (let id = FIRST_TERM_ID; id < lexicon.termCount; id++) idOf.set(lexicon.text(id), id);

await write('terms.tsv', termLines());
const documents = readDocuments();
await write('documents.txt', documents);
await write('pairs.tsv', pairLines(await seenPairs()));

function* termLines(): Generator<string> {
  for (const [term, id] of idOf) yield `${term}\t${countOf(lexicon.unigramCost(id))}\t${lexicon.flags(id)}`;
}

/** Every pair that a source of the language model holds, as two ids in one number; the model itself cannot be listed. */
async function seenPairs(): Promise<Set<number>> {
  const pairs = new Set<number>();
  const add = (first: number | undefined, second: number | undefined) => {
    if (first !== undefined && second !== undefined) pairs.add(first * 2 ** 24 + second);
  };
  for (const name of PACKED) {
    let ids: (number | undefined)[] = [];
    const invalid = { skip: false, count: 0, first: '' };
    await readPackedNgrams(
      fileInput(join(data, 'lm', name)),
      { bytes: 0, sha256: '' },
      { invalid },
      (words) => {
        ids = words.map((word) => idOf.get(word));
      },
      (first, second) => add(ids[first], ids[second]),
    );
  }
  for (const line of unzippedLines(join(data, 'lm', COUNTED))) {
    const [first = '', second] = line.slice(0, line.indexOf('\t')).split(' ');
    if (second !== undefined) add(idOf.get(first), idOf.get(second));
  }
  for (const text of documents) {
    let before: number | undefined;
    for (const word of text.toLowerCase().split(/[^\p{L}\p{N}']+/u)) {
      const id = idOf.get(word);
      add(before, id);
      before = id;
    }
  }
  return pairs;
}

function* pairLines(pairs: ReadonlySet<number>): Generator<string> {
  const key = new Uint8Array(PAIR_BYTES);
  for (const pair of pairs) {
    const first = Math.floor(pair / 2 ** 24);
    const second = pair % 2 ** 24;
    encodeId(second, key, encodeId(first, key, 0));
    const value = ngrams.find(key, 0, PAIR_BYTES);
    if (value === MISS) continue;
    const count = countOf(lexicon.unigramCost(first) + decodeCost(value));
    yield `${lexicon.text(first)} ${lexicon.text(second)}\t${count}`;
  }
}

function countOf(cost: number): number {
  return Math.max(1, Math.round(Math.exp(-cost) * CORPUS_WORDS));
}

function readDocuments(): string[] {
  return DOCUMENTS.flatMap(({ file, fields }) =>
    unzippedLines(join(data, 'docs', file)).map((line) => {
      const values = line.split('\t');
      return fields
        .map((field) => values[field] ?? '')
        .join('. ')
        .replace(/[|_]/g, ' ');
    }),
  );
}

function unzippedLines(path: string): string[] {
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

async function write(name: string, lines: Iterable<string>): Promise<void> {
  const stream = createWriteStream(join(folder, name));
  let batch: string[] = [];
  for (const line of lines) {
    if (batch.push(line) < 10_000) continue;
    if (!stream.write(`${batch.join('\n')}\n`)) await new Promise<void>((resolve) => stream.once('drain', resolve));
    batch = [];
  }
  stream.end(batch.length === 0 ? '' : `${batch.join('\n')}\n`);
  await finished(stream);
}
