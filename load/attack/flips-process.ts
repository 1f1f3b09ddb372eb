/**
 * Changes single bytes of the files of a dataset and opens it again each time, in a process of its own: what must come of it is
 * the right answers or a `StoreError`.
 *
 *   node dist/load/attack/flips-process.js TREE DATASET SECONDS SEED
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pick, pickIndex, seededRandom } from '../../services/figures/random.ts';

/** What came of it. */
export interface FlipResult {
  tried: number;
  refused: number;
  same: number;
  /** Answers that were wrong without a word, and errors that are no `StoreError`, with the first few of them. */
  wrong: number;
  untyped: number;
  readonly examples: string[];
}

/** What is used of the program's public face, whichever build it is of. */
interface Face {
  createRewriter(dataset: string): { rewrite(query: string): object; close(): void };
}

const QUERIES = [
  'wireles hedphones for runing',
  'adidsa shose',
  'newyork hotels',
  'blutooth speeker',
  'notebok computer',
];

const [tree = '', dataset = '', seconds = '10', seed = '1'] = process.argv.slice(2);
const { createRewriter } = (await import(pathToFileURL(join(tree, 'services', 'index.js')).href)) as Face;
const random = seededRandom(Number(seed));
const folder = mkdtempSync(join(tmpdir(), 'emend-flips-'));
const result: FlipResult = { tried: 0, refused: 0, same: 0, wrong: 0, untyped: 0, examples: [] };
try {
  const copy = join(folder, 'dataset');
  cpSync(dataset, copy, { recursive: true });
  const names = readdirSync(copy);
  const right = answersOf(copy);
  const untilMs = performance.now() + 1000 * Number(seconds);
  while (performance.now() < untilMs) flip(copy, pick(random, names), right);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${JSON.stringify(result)}\n`);

function flip(copy: string, name: string, right: string): void {
  const path = join(copy, name);
  const whole = readFileSync(path);
  const at = pickIndex(random, whole.length);
  const changed = Buffer.from(whole);
  changed[at] = changed[at]! ^ (1 + pickIndex(random, 255));
  writeFileSync(path, changed);
  result.tried++;
  try {
    if (answersOf(copy) === right) result.same++;
    else note('wrong', `${name} at ${at}`);
  } catch (error) {
    const { name: kind, message } = error as Error;
    if (kind === 'StoreError') result.refused++;
    else note('untyped', `${name} at ${at}: ${kind}: ${message}`);
  }
  writeFileSync(path, whole);
}

function note(what: 'wrong' | 'untyped', example: string): void {
  result[what]++;
  if (result.examples.length < 5) result.examples.push(`${what}: ${example}`);
}

function answersOf(from: string): string {
  const rewriter = createRewriter(from);
  try {
    return JSON.stringify(
      QUERIES.map((query) => ({ ...rewriter.rewrite(query), queryId: '', tookMs: 0, dataset: '' })),
    );
  } finally {
    rewriter.close();
  }
}
