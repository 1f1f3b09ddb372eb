/**
 * The large dataset: beyond 10 million n-grams and 5 million deletion keys, and larger than any block cache of a default
 * size. Built by the program itself from generated text, beside the bundled data.
 *
 *   npm run build && node dist/load/large/build-large.js --out DIR [--corpus DIR] [--words N] [--tokens N] [--seed N]
 *
 * `--corpus DIR`: documents of `DIR/docs` come in too. Needs some 4 GB of disk under the temporary folder meanwhile.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiled } from '../../data/package-root.ts';
import { positiveNumber, programArguments } from '../program/arguments.ts';
import { readPool } from '../workloads/pool.ts';
import { writeCorpus } from './corpus.ts';
import { pseudoWords } from './pseudo-words.ts';

/** How large, and from what. */
export interface LargeOptions {
  /** Made words, beside those of the bundled data and the dictionary. */
  readonly words: number;
  /** Words of text. */
  readonly tokens: number;
  readonly seed: number;
  readonly corpus: string | undefined;
}

const HELP = `Makes the large dataset: text over a vocabulary of a million, and "emend build --bundled" over it.

  node dist/load/large/build-large.js --out large

Usage: node dist/load/large/build-large.js --out DIR [--corpus DIR] [--words N] [--tokens N] [--seed N]

--out     a folder that is not there yet
--corpus  documents of DIR/docs come in too
--words   made words beside those of the dictionary; 600000 by default
--tokens  words of text; 20000000 by default
--seed    another seed makes other words and text; 1 by default

Takes some minutes and, meanwhile, about 4 GB of the temporary folder.
`;

/** Gives about a million terms and 12 million n-grams in a few minutes. */
export const LARGE: LargeOptions = { words: 600_000, tokens: 20_000_000, seed: 1, corpus: undefined };

/**
 * Makes text and has the program build a dataset of it.
 *
 * @param out a folder that is not there yet
 * @throws {Error} when the build fails; it says why on stderr
 */
export function buildLarge(out: string, options: LargeOptions): void {
  const folder = mkdtempSync(join(tmpdir(), 'emend-large-'));
  try {
    const { words } = readPool({});
    const made = pseudoWords(words, options.words, options.seed);
    // Frequent real words first, then real and made ones mixed: new names are among the rare.
    const vocabulary = mixed(words, made);
    const text = join(folder, 'text.txt');
    writeCorpus(text, vocabulary, { tokens: options.tokens, seed: options.seed });
    const docs = [text, ...documentsOf(options.corpus)].flatMap((file) => ['--docs', file]);
    const args = [compiled('services/emend.js'), 'build', '--bundled', ...docs, '--memory', '1G', '--out', out];
    const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) throw new Error(`emend build ended with code ${status}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every third word a made one, by a stride that spreads the alphabetical list. */
function mixed(real: readonly string[], made: readonly string[]): string[] {
  const stride = 7919;
  const spread = real.map((_, i) => real[(i * stride) % real.length] ?? '');
  const words: string[] = [];
  for (let i = 0; i < spread.length || i < made.length; i++) {
    const [first, second] = [spread[i], made[i]];
    if (first !== undefined) words.push(first);
    if (second !== undefined) words.push(second);
  }
  return [...new Set(words)];
}

function documentsOf(corpus: string | undefined): string[] {
  if (corpus === undefined) return [];
  const folder = join(corpus, 'docs');
  if (!existsSync(folder)) throw new Error(`${folder}: expected a folder of documents, found none`);
  return readdirSync(folder)
    .filter((name) => /\.(txt|tsv|jsonl)(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const values = programArguments('build-large', HELP, {
    out: { type: 'string' },
    corpus: { type: 'string' },
    words: { type: 'string', default: `${LARGE.words}` },
    tokens: { type: 'string', default: `${LARGE.tokens}` },
    seed: { type: 'string', default: `${LARGE.seed}` },
  });
  const { out, corpus } = values;
  if (out === undefined) {
    process.stderr.write('build-large: expected --out DIR, found none\n');
    process.exit(2);
  }
  const number = (name: 'words' | 'tokens' | 'seed') => positiveNumber('build-large', `--${name}`, values[name]);
  buildLarge(out, { words: number('words'), tokens: number('tokens'), seed: number('seed'), corpus });
}
