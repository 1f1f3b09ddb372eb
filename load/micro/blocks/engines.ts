/**
 * The block file beside lmdb and classic-level, on the same keys in the same run.
 *
 *     npm run bench -- blocks-engines --corpus DIR
 *
 * Prints for each engine the bytes a key on disk, and microseconds a look-up for hits and for absent keys, in interleaved
 * rounds: with everything in the block cache, with next to no block cache (pages in the system's cache), and after the
 * file was dropped from the system's cache.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { open as openLmdb, type RootDatabase } from 'lmdb';
import { markdownTable } from '../../../services/figures/markdown.ts';
import { firstQuartile } from '../../../services/figures/quantiles.ts';
import { seededRandom } from '../../../services/figures/random.ts';
import { BlockCache, LEAST_SLOTS } from '../../../stores/blocks/cache.ts';
import { type BlocksReader, openBlocks } from '../../../stores/blocks/reader.ts';
import { crc32 } from '../../../stores/bytes/checksum.ts';
import type { BenchOptions } from '../bench-options.ts';
import { type Corpus, corporaOf, corpusCount, writeCorpus } from './corpus.ts';

const LOOKUPS = 20_000;
const SLICE = 200;
const WARM_ROUNDS = 4;
const ROUNDS = 7;
const COLD_LOOKUPS = 300;

/** Something that looks a key up: `found` counts hits, so that no work can be left out. */
interface Engine {
  readonly name: string;
  /** Bytes on disk. */
  readonly bytes: number;
  readonly files: readonly string[];
  /** Opens it anew. */
  open(): Promise<Opened>;
}

interface Opened {
  find(key: Buffer): boolean;
  close(): Promise<void>;
}

interface Keys {
  readonly hits: readonly Buffer[];
  readonly misses: readonly Buffer[];
}

/** Runs the benchmark on the bigrams and the deletions of the corpus. */
export async function benchBlocksEngines(options: BenchOptions): Promise<void> {
  const parts: string[] = [];
  for (const keys of corporaOf(options)) parts.push(await compare(keys, options.scratch));
  if (parts.length > 0) options.report('blocks-engines', parts.join('\n'));
}

async function compare(corpus: Corpus, scratch: string): Promise<string> {
  const count = corpusCount(corpus);
  const path = join(scratch, `${corpus.name}.bench.blocks`);
  const summary = writeCorpus(corpus, path, { keyBytes: corpus.name === 'bigrams' ? 6 : 0 });
  const keys = keysOf(corpus, path);
  const small = LEAST_SLOTS * 4096;
  const engines: Engine[] = [
    blocks('blocks, cached', path, 2 * summary.fileBytes),
    blocks('blocks, page cache', path, small),
    ...lmdb(corpus, scratch),
    await level(corpus, scratch),
  ];
  const hits = new Map<string, number[]>();
  const misses = new Map<string, number[]>();
  const opened = await Promise.all(engines.map(async (engine) => ({ name: engine.name, store: await engine.open() })));
  const raw = rawReads(path);
  const floors: number[] = [];
  for (let round = -WARM_ROUNDS; round < ROUNDS; round++) {
    for (const { name, store } of opened) {
      timed(store, keys.hits, true);
      const hit = timed(store, keys.hits, true);
      if (name === 'blocks, page cache') floors.push(...timed(raw, keys.hits, true));
      timed(store, keys.misses, false);
      const miss = timed(store, keys.misses, false);
      if (round < 0) continue;
      hits.set(name, [...(hits.get(name) ?? []), ...hit]);
      misses.set(name, [...(misses.get(name) ?? []), ...miss]);
    }
  }
  for (const { store } of opened) await store.close();
  await raw.close();
  const floor = firstQuartile(floors);
  const rows: string[][] = [];
  for (const engine of engines) {
    const cold = engine.name === 'blocks, cached' ? undefined : await coldUs(engine, keys.hits);
    rows.push([
      engine.name,
      (engine.bytes / count).toFixed(2),
      firstQuartile(hits.get(engine.name) ?? []).toFixed(2),
      firstQuartile(misses.get(engine.name) ?? []).toFixed(2),
      cold === undefined ? '' : cold.toFixed(0),
    ]);
  }
  const hit = firstQuartile(hits.get('blocks, cached') ?? []);
  const { filter, filterBytes, blockBytes, keyBytes } = summary.parameters;
  return [
    `${count.toLocaleString('en')} ${corpus.name}, blocks of ${blockBytes} bytes, ${keyBytes === 0 ? 'strings' : `keys of ${keyBytes} bytes`}, filter ${filter} of ${((8 * Number(filterBytes)) / count).toFixed(2)} bits a key:\n`,
    markdownTable(['engine', 'B/key', 'hit', 'absent', 'hit, cold'], rows),
    `- cached hit: ${(hit / firstQuartile(hits.get('lmdb get') ?? [])).toFixed(2)} of lmdb's \`get\` (aim 0.5)`,
    `- absent key: ${(firstQuartile(misses.get('blocks, cached') ?? []) / hit).toFixed(2)} of a cached hit (aim 0.35)`,
    `- hit through the page cache: ${(firstQuartile(hits.get('blocks, page cache') ?? []) / floor).toFixed(2)} of \`readSync\` and CRC-32 of as many bytes, ${floor.toFixed(2)} us (aim 1.3)`,
    heapGrowth(path, keys),
  ].join('\n');
}

/** Keys that are there, drawn evenly, and the absent ones among the corpus's probes. */
function keysOf(corpus: Corpus, path: string): Keys {
  const random = seededRandom(3);
  const slice = (bytes: Uint8Array, ends: Uint32Array, i: number): Buffer =>
    Buffer.from(bytes.subarray(ends[i] ?? 0, ends[i + 1] ?? 0));
  const hits: Buffer[] = [];
  while (hits.length < LOOKUPS) {
    const key = slice(corpus.keys, corpus.keyEnds, Math.floor(random() * corpusCount(corpus)));
    if (key.length > 0) hits.push(key);
  }
  const misses: Buffer[] = [];
  const store = openBlocks(path);
  for (let i = 0; misses.length < LOOKUPS && i < corpus.probeEnds.length - 1; i++) {
    const key = slice(corpus.probes, corpus.probeEnds, i);
    if (key.length > 0 && store.find(key, 0, key.length) < 0) misses.push(key);
  }
  store.close();
  return { hits, misses };
}

function blocks(name: string, path: string, capacityBytes: number): Engine {
  return {
    name,
    bytes: statSync(path).size,
    files: [path],
    async open() {
      const store = openBlocks(path, { cache: new BlockCache({ capacityBytes }) });
      return { find: (key) => store.find(key, 0, key.length) >= 0, close: async () => store.close() };
    },
  };
}

/** lmdb by its `get`, which copies the value, and by `getBinaryFast`, which lends it until the next call. */
function lmdb(corpus: Corpus, scratch: string): Engine[] {
  const path = join(scratch, `${corpus.name}.lmdb`);
  rmSync(path, { recursive: true, force: true });
  const options = {
    path,
    keyEncoding: 'binary',
    encoding: 'binary',
    noSubdir: true,
    noSync: true,
    overlappingSync: false,
  } as const;
  const db = openLmdb<Buffer, Buffer>(options);
  db.transactionSync(() => {
    forEachEntry(corpus, (key, value) => {
      if (key.length > 0) db.putSync(key, value, { append: true });
    });
  });
  const close = db.close();
  const engine = (name: string, find: (store: RootDatabase<Buffer, Buffer>, key: Buffer) => boolean): Engine => ({
    name,
    bytes: statSync(path).size,
    files: [path],
    async open() {
      await close;
      const store = openLmdb<Buffer, Buffer>(options);
      return { find: (key) => find(store, key), close: () => store.close() };
    },
  });
  return [
    engine('lmdb get', (store, key) => store.get(key) !== undefined),
    engine('lmdb getBinaryFast', (store, key) => store.getBinaryFast(key) !== undefined),
  ];
}

async function level(corpus: Corpus, scratch: string): Promise<Engine> {
  const path = join(scratch, `${corpus.name}.level`);
  rmSync(path, { recursive: true, force: true });
  const options = {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    cacheSize: 512 << 20,
    writeBufferSize: 64 << 20,
  } as const;
  const db = new ClassicLevel<Buffer, Buffer>(path, options);
  await db.open();
  let batch: { type: 'put'; key: Buffer; value: Buffer }[] = [];
  const batches: (typeof batch)[] = [];
  forEachEntry(corpus, (key, value) => {
    if (key.length === 0) return;
    batch.push({ type: 'put', key, value });
    if (batch.length === 20_000) {
      batches.push(batch);
      batch = [];
    }
  });
  for (const each of [...batches, batch]) await db.batch(each);
  await db.compactRange(Buffer.from([0]), Buffer.from([255, 255, 255]));
  await db.close();
  const files = readdirSync(path)
    .filter((file) => file.endsWith('.ldb'))
    .map((file) => join(path, file));
  return {
    name: 'classic-level',
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
    files,
    async open() {
      const store = new ClassicLevel<Buffer, Buffer>(path, options);
      await store.open();
      return { find: (key) => store.getSync(key) !== undefined, close: () => store.close() };
    },
  };
}

function forEachEntry(corpus: Corpus, visit: (key: Buffer, value: Buffer) => void): void {
  const { keys, keyEnds, values, valueEnds } = corpus;
  for (let i = 0; i < corpusCount(corpus); i++) {
    const key = Buffer.from(
      keys.buffer,
      keys.byteOffset + (keyEnds[i] ?? 0),
      (keyEnds[i + 1] ?? 0) - (keyEnds[i] ?? 0),
    );
    const start = valueEnds[i] ?? 0;
    visit(key, Buffer.from(values.buffer, values.byteOffset + start, (valueEnds[i + 1] ?? 0) - start));
  }
}

/**
 * Microseconds a look-up, slice by slice. Slices are shorter than the time a process is given at a stretch, so on a busy
 * machine most are undisturbed: their lower quartile is what counts.
 */
function timed(store: Opened, keys: readonly Buffer[], expected: boolean): number[] {
  const slices: number[] = [];
  for (let first = 0; first < keys.length; first += SLICE) {
    const slice = keys.slice(first, first + SLICE);
    const start = performance.now();
    for (const key of slice)
      if (store.find(key) !== expected) throw new Error(`wrong answer for ${key.toString('hex')}`);
    slices.push(((performance.now() - start) * 1000) / slice.length);
  }
  return slices;
}

/** What reading blocks of this size at random and checking them costs at least: as if it were an engine. */
function rawReads(path: string): Opened {
  const size = 4096;
  const fd = openSync(path, 'r');
  const buffer = new Uint8Array(size);
  const random = seededRandom(5);
  const limit = statSync(path).size - size;
  return {
    find: () => {
      readSync(fd, buffer, 0, size, Math.floor(random() * limit));
      return crc32(buffer, 0, size - 4) >= 0;
    },
    close: async () => closeSync(fd),
  };
}

/** Elapsed microseconds a hit after the engine's files left the system's page cache. */
async function coldUs(engine: Engine, keys: readonly Buffer[]): Promise<number> {
  for (const file of engine.files) execFileSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none']);
  const store = await engine.open();
  const start = performance.now();
  for (const key of keys.slice(0, COLD_LOOKUPS)) store.find(key);
  const us = ((performance.now() - start) * 1000) / COLD_LOOKUPS;
  await store.close();
  return us;
}

/** Growth of the JavaScript heap over ten million look-ups. */
function heapGrowth(path: string, keys: Keys): string {
  const store: BlocksReader = openBlocks(path, { cache: new BlockCache({ capacityBytes: 1 << 20 }) });
  const run = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const list = i % 16 === 0 ? keys.hits : keys.misses;
      const key = list[i % list.length];
      if (key !== undefined) store.find(key, 0, key.length);
    }
  };
  run(200_000);
  global.gc?.();
  const before = process.memoryUsage();
  run(10_000_000);
  global.gc?.();
  const after = process.memoryUsage();
  const { filterNegatives, filterFalsePositives, reads } = store.counters;
  const letThrough = (100 * filterFalsePositives) / (filterNegatives + filterFalsePositives);
  const growth = (after.heapUsed - before.heapUsed) / 1024;
  const share = (100 * store.cache.usedBytes) / store.cache.capacityBytes;
  store.close();
  return (
    `- 10 M look-ups, 94 % of them of absent keys, through a cache of 1 MiB: heap ${growth.toFixed(0)} KiB more (aim 1 MB), ` +
    `cache at ${share.toFixed(1)} % of its budget, ${reads} reads, the filter let ${letThrough.toFixed(2)} % of the absent through\n`
  );
}
