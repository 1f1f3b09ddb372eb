/**
 * The look-ups that the pipeline makes over evaluation queries, recorded and played back, and the n-grams in each of the
 * engines they can live in, with what that does to the answers.
 *
 *     npm run bench -- blocks-pipeline --corpus DIR
 *
 * Builds the bundled dataset with its n-grams in an automaton, and writes them from there to a block file and a score table.
 * Microseconds are the least of several rounds, interleaved.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BlocksWriter } from '../../../builders/blocks/writer.ts';
import { ScoresWriter } from '../../../builders/scores/writer.ts';
import type { StoreWriter } from '../../../builders/store-writer.ts';
import { measure } from '../../../services/evaluate/judge/measure.ts';
import type { Verdict } from '../../../services/evaluate/judge/outcome.ts';
import { type EvalRow, readEvalSet } from '../../../services/evaluate/rows/eval-rows.ts';
import { markdownTable } from '../../../services/figures/markdown.ts';
import { short } from '../../../services/figures/numbers.ts';
import { median } from '../../../services/figures/quantiles.ts';
import { DEFAULT_OPTIONS } from '../../../services/rewrite/options.ts';
import { createRewriter, type Pipeline } from '../../../services/rewrite/pipeline.ts';
import { partsOf } from '../../../services/tuned-parameters.ts';
import { BlockCache } from '../../../stores/blocks/cache.ts';
import { BlocksReader } from '../../../stores/blocks/reader.ts';
import { type Dataset, openDataset } from '../../../stores/dataset/open.ts';
import { openStore } from '../../../stores/open.ts';
import { BytesRef, MISS, type Store } from '../../../stores/store.ts';
import type { BenchOptions } from '../bench-options.ts';
import { whyNoCorpus } from './corpus.ts';
import { type KeyStream, RecordingStore } from './recorder.ts';

const SETS = ['homedepot_queries.dev.tsv', 'msmarco_typos.dev.tsv', 'qsec10_wordbreak.dev.tsv'];
/** Rows of each set that are measured, evenly spread. */
const ROWS_OF_SET = 1000;
const ROUNDS = 3;
/** Queries that one home answers before it is the next one's turn. */
const STRETCH = 50;
const SHARES = [0.01, 0.1, 1];

/** The n-grams in one engine. */
interface Home {
  readonly kind: 'fst' | 'blocks' | 'scores';
  readonly path: string;
}

/** Runs the benchmark. */
export async function benchBlocksPipeline({ corpus, scratch, dataset, print, report }: BenchOptions): Promise<void> {
  const why = whyNoCorpus(corpus);
  if (why !== undefined) {
    print(why);
    return;
  }
  const dir = dataset ?? buildDataset(join(scratch, 'dataset'));
  const homes = makeHomes(dir, scratch);
  const rows: EvalRow[] = [];
  for (const set of SETS) rows.push(...spread((await readEvalSet(join(corpus, 'eval', set))).rows, ROWS_OF_SET));
  const streams = record(dir, homes, rows);
  const table = streamTable(dir, homes, streams, rows.length);
  report('blocks-pipeline', `${rows.length} queries of ${SETS.length} evaluation sets:\n\n${table}`);
  report('blocks-homes', `${rows.length} evaluation rows:\n\n${await homeTable(dir, homes, streams, rows)}`);
}

function buildDataset(out: string): string {
  if (!existsSync(out)) {
    const program = fileURLToPath(new URL('../../../services/emend.js', import.meta.url));
    execFileSync(process.execPath, [program, 'build', '--bundled', '--engine', 'ngrams=fst', '--out', out], {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
  }
  return out;
}

function makeHomes(dir: string, scratch: string): Home[] {
  const dataset = openDataset(dir);
  const { ngrams } = dataset.stores;
  const paths = { blocks: join(scratch, 'ngrams.blocks'), scores: join(scratch, 'ngrams.scores') };
  const writers: StoreWriter[] = [
    new BlocksWriter(paths.blocks, { valueKind: 'uint' }),
    new ScoresWriter(paths.scores),
  ];
  const cursor = ngrams.cursor();
  while (cursor.next()) {
    const { bytes, start, end } = cursor.key;
    for (const writer of writers) writer.add(bytes, start, end, cursor.value);
  }
  for (const writer of writers) writer.finish();
  dataset.close();
  return [
    { kind: 'fst', path: ngrams.path },
    { kind: 'blocks', path: paths.blocks },
    { kind: 'scores', path: paths.scores },
  ];
}

function spread<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  const chosen: T[] = [];
  for (let at = 0; at < items.length && chosen.length < count; at += step) chosen.push(items[Math.floor(at)] as T);
  return chosen;
}

/** A rewriter over the dataset with its n-grams from elsewhere. */
function rewriterOver(dataset: Dataset, stores: Partial<Record<'ngrams' | 'deletes1' | 'deletes2', Store>>): Pipeline {
  return createRewriter({ ...partsOf(dataset), stores: { ...dataset.stores, ...stores } });
}

/** The look-ups of each store, and where each query's end: `ends[store][query]`. */
interface Streams {
  readonly of: Readonly<Record<StreamName, KeyStream>>;
  readonly ends: Readonly<Record<StreamName, number[]>>;
}

const STREAMS = ['ngrams', 'deletes1', 'deletes2'] as const;
type StreamName = (typeof STREAMS)[number];

function record(dir: string, homes: readonly Home[], rows: readonly EvalRow[]): Streams {
  const dataset = openDataset(dir);
  const blocks = homes.find(({ kind }) => kind === 'blocks');
  const ngrams = new RecordingStore(openStore(blocks?.path ?? ''));
  const deletes1 = new RecordingStore(dataset.stores.deletes1);
  const deletes2 = new RecordingStore(dataset.stores.deletes2);
  const stores = { ngrams, deletes1, deletes2 };
  const rewriter = rewriterOver(dataset, stores);
  const ends: Record<StreamName, number[]> = { ngrams: [], deletes1: [], deletes2: [] };
  for (const { input } of rows) {
    // Its stores answer at once, and so does it.
    void rewriter.rewrite(input, DEFAULT_OPTIONS);
    for (const name of STREAMS) ends[name].push(stores[name].stream.count);
  }
  ngrams.close();
  dataset.close();
  return { of: { ngrams: ngrams.stream, deletes1: deletes1.stream, deletes2: deletes2.stream }, ends };
}

/** Plays one query's look-ups of a store. */
function play(store: Store, streams: Streams, name: StreamName, query: number, lent: BytesRef): number {
  const { bytes, ends } = streams.of[name];
  const from = query === 0 ? 0 : (streams.ends[name][query - 1] ?? 0);
  const to = streams.ends[name][query] ?? 0;
  let found = 0;
  for (let i = from; i < to; i++) {
    const start = ends[i] ?? 0;
    const end = ends[i + 1] ?? 0;
    if (store.valueKind === 'bytes') found += store.findBytes(bytes, start, end, lent) ? 1 : 0;
    else found += store.find(bytes, start, end) === MISS ? 0 : 1;
  }
  return found;
}

function streamTable(dir: string, homes: readonly Home[], streams: Streams, queries: number): string {
  const table: string[][] = [];
  const dataBytes = STREAMS.reduce((sum, name) => sum + blockBytesOf(pathOf(dir, homes, name)), 0);
  const lent = new BytesRef();
  for (const share of SHARES) {
    const cache = new BlockCache({ capacityBytes: Math.ceil(dataBytes * share * (share < 1 ? 1 : 1.05)) });
    const stores = STREAMS.map((name) => {
      const store = openStore(pathOf(dir, homes, name), { cache });
      if (!(store instanceof BlocksReader)) throw new Error(`${store.path}: expected a block file`);
      return { name, store, us: 0, found: 0 };
    });
    const pass = (): void => {
      for (const each of stores) {
        Object.assign(each.store.counters, { filterNegatives: 0, filterFalsePositives: 0, blockLookups: 0, reads: 0 });
        each.us = 0;
        each.found = 0;
      }
      for (let query = 0; query < queries; query++) {
        for (const each of stores) {
          const start = performance.now();
          each.found += play(each.store, streams, each.name, query, lent);
          each.us += (performance.now() - start) * 1000;
        }
      }
    };
    // Twice: the second pass finds the cache as a service that has run for a while has it.
    pass();
    const firstReads = stores.map(({ store }) => store.counters.reads);
    pass();
    stores.forEach(({ name, store, us, found }, i) => {
      const { filterNegatives, blockLookups, reads } = store.counters;
      const lookups = filterNegatives + blockLookups;
      table.push([
        `${share * 100} % (${short((dataBytes * share) / 2 ** 20)} MiB)`,
        name,
        short(lookups / queries),
        short((100 * (lookups - found)) / lookups),
        short((100 * filterNegatives) / lookups),
        short((firstReads[i] ?? 0) / queries),
        short(reads / queries),
        short(us / queries),
      ]);
    });
    for (const { store } of stores) store.close();
  }
  return markdownTable(
    [
      'block cache',
      'store',
      'look-ups a query',
      'absent %',
      'stopped by the filter %',
      'blocks read, first pass',
      'blocks read, second pass',
      'us a query',
    ],
    table,
  );
}

function pathOf(dir: string, homes: readonly Home[], name: StreamName): string {
  if (name === 'ngrams') return homes.find(({ kind }) => kind === 'blocks')?.path ?? '';
  return join(dir, `${name}.blocks`);
}

/** Bytes of a block file's blocks: what a cache of 100 % holds. */
function blockBytesOf(path: string): number {
  const store = openStore(path);
  const { pinnedBytes } = store.memory();
  store.close();
  return statSync(path).size - pinnedBytes;
}

async function homeTable(
  dir: string,
  homes: readonly Home[],
  streams: Streams,
  rows: readonly EvalRow[],
): Promise<string> {
  const dataset = openDataset(dir, { cacheBytes: 128 << 20 });
  const lent = new BytesRef();
  const contenders = homes.map(({ kind, path }) => {
    const store = openStore(path, { cache: dataset.cache });
    return {
      kind,
      store,
      bytes: statSync(path).size,
      rewriter: rewriterOver(dataset, { ngrams: store }),
      playUs: new Float64Array(rows.length).fill(Number.POSITIVE_INFINITY),
      queryUs: new Float64Array(rows.length).fill(Number.POSITIVE_INFINITY),
    };
  });
  const least = (into: Float64Array, query: number, work: () => unknown): void => {
    const start = performance.now();
    work();
    into[query] = Math.min(into[query] ?? 0, (performance.now() - start) * 1000);
  };
  for (let round = 0; round <= ROUNDS; round++) {
    for (let first = 0; first < rows.length; first += STRETCH) {
      for (const { store, rewriter, playUs, queryUs } of contenders) {
        for (let query = first; query < Math.min(rows.length, first + STRETCH); query++) {
          const { input } = rows[query] as EvalRow;
          if (round === 0) {
            play(store, streams, 'ngrams', query, lent);
            rewriter.rewrite(input, DEFAULT_OPTIONS);
            continue;
          }
          least(playUs, query, () => play(store, streams, 'ngrams', query, lent));
          least(queryUs, query, () => rewriter.rewrite(input, DEFAULT_OPTIONS));
        }
      }
    }
  }
  const table: string[][] = [];
  let reference: readonly string[] = [];
  for (const { kind, store, bytes, rewriter, playUs, queryUs } of contenders) {
    const { outcomes } = await measure(rewriter, rows, DEFAULT_OPTIONS);
    const answers = outcomes.map(({ answer }) => JSON.stringify(answer));
    if (kind === 'fst') reference = answers;
    const share = (verdict: Verdict, needing: boolean): number => {
      const all = outcomes.filter(({ needsCorrection }) => needsCorrection === needing);
      return (100 * all.filter(({ verdicts }) => verdicts.suggest === verdict).length) / all.length;
    };
    table.push([
      kind,
      short(bytes / 2 ** 20),
      short(bytes / store.keyCount),
      short((1000 * sum(playUs)) / streams.of.ngrams.count),
      short(sum(playUs) / rows.length),
      short(median(queryUs)),
      short(sum(queryUs) / rows.length),
      share('fixed', true).toFixed(2),
      share('broken', false).toFixed(2),
      String(answers.filter((answer, i) => answer !== reference[i]).length),
    ]);
    store.close();
  }
  dataset.close();
  return markdownTable(
    [
      'n-grams in',
      'MiB',
      'B/key',
      'ns a look-up',
      'us a query in look-ups',
      'us a query, p50',
      'mean',
      'fix %',
      'broken %',
      'other answers',
    ],
    table,
  );
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
