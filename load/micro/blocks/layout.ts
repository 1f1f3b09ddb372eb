/**
 * What chose the defaults of block files: layouts, restart intervals, block sizes and filters on the bigrams and the
 * deletions of a corpus.
 *
 *     npm run bench -- blocks-layout --corpus DIR
 *
 * Times are microseconds a look-up with all blocks cached: the lower quartile of interleaved slices.
 */
import { join } from 'node:path';
import type { BlocksWriterOptions } from '../../../builders/blocks/writer.ts';
import { markdownTable } from '../../../services/figures/markdown.ts';
import { short } from '../../../services/figures/numbers.ts';
import { firstQuartile } from '../../../services/figures/quantiles.ts';
import { seededRandom } from '../../../services/figures/random.ts';
import { BlockCache } from '../../../stores/blocks/cache.ts';
import { type BlocksReader, openBlocks } from '../../../stores/blocks/reader.ts';
import type { BenchOptions } from '../bench-options.ts';
import { type Corpus, corporaOf, corpusCount, writeCorpus } from './corpus.ts';

const LOOKUPS = 20_000;
const SLICE = 200;
const WARM_ROUNDS = 2;
const ROUNDS = 4;

type Shape = Partial<BlocksWriterOptions>;

const SHAPES: readonly Shape[] = [
  { restartInterval: 8 },
  { restartInterval: 16 },
  { restartInterval: 32 },
  { restartInterval: 16, blockBytes: 1024 },
  { restartInterval: 16, blockBytes: 16_384 },
  { restartInterval: 16, filter: 'none' },
  { restartInterval: 16, filter: 'split-block' },
  { restartInterval: 16, filter: 'fuse16' },
];

/** Shapes for keys of one length. */
const FIXED_SHAPES: readonly Shape[] = [8, 16, 32, 64].map((restartInterval) => ({ keyBytes: 6, restartInterval }));

/** Runs the benchmark. */
export function benchBlocksLayout(options: BenchOptions): void {
  const parts: string[] = [];
  for (const keys of corporaOf(options)) {
    const shapes =
      keys.name === 'bigrams' ? [...SHAPES, ...FIXED_SHAPES] : SHAPES.filter(({ filter }) => filter === undefined);
    parts.push(`${corpusCount(keys).toLocaleString('en')} ${keys.name}:\n\n${measure(keys, shapes, options.scratch)}`);
  }
  if (parts.length > 0) options.report('blocks-layout', parts.join('\n'));
}

function measure(corpus: Corpus, shapes: readonly Shape[], scratch: string): string {
  const count = corpusCount(corpus);
  const stores = shapes.map((shape, i) => {
    const path = join(scratch, `${corpus.name}-${i}.blocks`);
    const start = performance.now();
    const summary = writeCorpus(corpus, path, shape);
    const seconds = (performance.now() - start) / 1000;
    const cache = new BlockCache({ capacityBytes: 2 * summary.fileBytes });
    return {
      shape,
      summary,
      seconds,
      store: openBlocks(path, { cache }),
      hits: [] as number[],
      misses: [] as number[],
    };
  });
  const { present, absent } = keysOf(corpus, stores[0]?.store);
  for (let round = -WARM_ROUNDS; round < ROUNDS; round++) {
    for (const each of stores) {
      timed(each.store, present);
      const hits = timed(each.store, present);
      const misses = timed(each.store, absent);
      if (round < 0) continue;
      each.hits.push(...hits);
      each.misses.push(...misses);
    }
  }
  const rows = stores.map(({ shape, summary, seconds, store, hits, misses }) => {
    const { filterNegatives, filterFalsePositives } = store.counters;
    store.close();
    const { filterBytes, filter } = summary.parameters;
    return [
      `${JSON.stringify(shape).replaceAll('"', '')} (${filter})`,
      short(summary.fileBytes / count),
      short((8 * Number(filterBytes)) / count),
      firstQuartile(hits).toFixed(3),
      firstQuartile(misses).toFixed(3),
      ((100 * filterFalsePositives) / Math.max(1, filterNegatives + filterFalsePositives)).toFixed(3),
      seconds.toFixed(1),
    ];
  });
  return markdownTable(
    ['shape', 'B/key', 'filter bit/key', 'hit us', 'miss us', 'let through %', 'written in s'],
    rows,
  );
}

function keysOf(corpus: Corpus, store: BlocksReader | undefined) {
  const random = seededRandom(3);
  const present: Buffer[] = [];
  while (present.length < LOOKUPS) {
    const i = Math.floor(random() * corpusCount(corpus));
    present.push(Buffer.from(corpus.keys.subarray(corpus.keyEnds[i] ?? 0, corpus.keyEnds[i + 1] ?? 0)));
  }
  const absent: Buffer[] = [];
  for (let i = 0; absent.length < LOOKUPS && i < corpus.probeEnds.length - 1; i++) {
    const key = Buffer.from(corpus.probes.subarray(corpus.probeEnds[i] ?? 0, corpus.probeEnds[i + 1] ?? 0));
    if (store !== undefined && store.find(key, 0, key.length) < 0) absent.push(key);
  }
  return { present, absent };
}

function timed(store: BlocksReader, keys: readonly Buffer[]): number[] {
  const slices: number[] = [];
  for (let first = 0; first + SLICE <= keys.length; first += SLICE) {
    const slice = keys.slice(first, first + SLICE);
    const start = performance.now();
    for (const key of slice) store.find(key, 0, key.length);
    slices.push(((performance.now() - start) * 1000) / SLICE);
  }
  return slices;
}
