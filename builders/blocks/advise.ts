/** Measures block files of several shapes on a sample of keys and of look-ups, and recommends one. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_FIXED_KEY_BYTES } from '../../stores/blocks/block-format.ts';
import { BlockCache, LEAST_SLOTS } from '../../stores/blocks/cache.ts';
import type { Compression } from '../../stores/blocks/format.ts';
import { type BlocksReader, openBlocks } from '../../stores/blocks/reader.ts';
import type { FilterKind } from '../../stores/filters/filter.ts';
import type { ValueKind } from '../../stores/store.ts';
import { chooseFilter, type FilterChoice } from '../filters/build-filter.ts';
import { BlocksWriter, type BlocksWriterOptions } from './writer.ts';

/** One entry of a sample. */
export interface SampleEntry {
  readonly key: Uint8Array;
  readonly value: number;
  readonly bytes: Uint8Array;
}

/** What is measured: neighbouring entries in key order, and keys as they will be looked up. */
export interface AdviceSample {
  readonly valueKind: ValueKind;
  /** Keys of the whole set. */
  readonly keyCount: number;
  readonly entries: readonly SampleEntry[];
  /** Keys that the whole set does not hold. */
  readonly absent: readonly Uint8Array[];
  /** Of all look-ups, the share that ask for an absent key. */
  readonly absentShare: number;
}

/** One shape and what it was measured to take. */
export interface AdviceRow {
  readonly layout: 'strings' | 'fixed';
  readonly blockBytes: number;
  readonly restartInterval: number;
  readonly compression: Compression;
  readonly filter: FilterKind;
  /** The whole file. */
  readonly bytesPerKey: number;
  readonly filterBitsPerKey: number;
  /** Bytes of cache that hold all blocks. */
  readonly cachedBytesPerKey: number;
  /** Microseconds of processor time a look-up, all blocks cached. */
  readonly warmHitUs: number;
  readonly warmMissUs: number;
  /** The same with next to no cache: blocks come from the system's page cache. */
  readonly coldHitUs: number;
  readonly coldMissUs: number;
  /** Share of absent keys that the filter let through. */
  readonly passedShare: number;
}

/** The rows measured and the one recommended. */
export interface Advice {
  readonly keyCount: number;
  readonly sampleCount: number;
  readonly absentShare: number;
  readonly rows: readonly AdviceRow[];
  /** The one to take: see `recommend`. */
  readonly best: AdviceRow;
}

/** Look-ups a measurement, and measurements of which the median counts. */
const LOOKUPS = 20_000;
const ROUNDS = 5;

/** A round ends after about so many microseconds, looked at after every so many look-ups. */
const ROUND_US = 50_000;
const CHECK_EVERY = 256;

/** Slower by no more than this than the fastest is as good as the fastest: measurements vary by as much. */
const TOLERANCE = 1.2;

/** Cached look-ups are taken to be this share of all: a cache smaller than the file still holds what is hot. */
const WARM_SHARE = 0.9;

/** Measures the sample in each shape, calling `onRow` after each. Writes to the system's temporary folder. */
export function advise(sample: AdviceSample, filterRate: number, onRow: (row: AdviceRow) => void): Advice {
  const folder = mkdtempSync(join(tmpdir(), 'emend-advise-'));
  try {
    const shapes = shapesFor(sample, filterRate);
    const path = join(folder, 'sample.blocks');
    // Once for nothing: what is measured first would otherwise pay for compiling the code.
    for (const shape of shapes.slice(0, 1)) measure(sample, shape, path);
    const rows = shapes.map((shape) => {
      const row = measure(sample, shape, path);
      onRow(row);
      return row;
    });
    const best = recommend(rows, sample.absentShare, chooseFilter('auto', filterRate));
    const { keyCount, absentShare } = sample;
    return { keyCount, sampleCount: sample.entries.length, absentShare, rows, best };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The smallest file among those within the tolerance of the fastest, with the filter that suits the rate; or without a
 * filter where that is faster all the same.
 */
function recommend(rows: readonly AdviceRow[], absentShare: number, filter: FilterKind): AdviceRow {
  const filtered = rows.filter((row) => row.filter === filter);
  const fastest = Math.min(...filtered.map((row) => expectedUs(row, absentShare)));
  const good = filtered.filter((row) => expectedUs(row, absentShare) <= fastest * TOLERANCE);
  const best = good.reduce((a, b) => (b.bytesPerKey < a.bytesPerKey ? b : a));
  const bare = rows.find((row) => row.filter === 'none');
  return bare !== undefined && expectedUs(bare, absentShare) < fastest / TOLERANCE ? bare : best;
}

function expectedUs(row: AdviceRow, absentShare: number): number {
  const hit = WARM_SHARE * row.warmHitUs + (1 - WARM_SHARE) * row.coldHitUs;
  const miss = WARM_SHARE * row.warmMissUs + (1 - WARM_SHARE) * row.coldMissUs;
  return absentShare * miss + (1 - absentShare) * hit;
}

function shapesFor(sample: AdviceSample, filterRate: number): BlocksWriterOptions[] {
  const { valueKind } = sample;
  const shape = (
    keyBytes: number,
    blockBytes: number,
    restartInterval: number,
    compression: Compression = 'none',
    filter: FilterChoice = 'auto',
  ): BlocksWriterOptions => ({
    valueKind,
    keyBytes,
    blockBytes,
    restartInterval,
    compression,
    filter: chooseFilter(filter, filterRate),
    filterRate,
  });
  const keyBytes = commonLength(sample.entries);
  const shapes = [shape(0, 4096, 16), shape(0, 4096, 32), shape(0, 16_384, 16)];
  if (keyBytes > 0) shapes.push(shape(keyBytes, 4096, 16), shape(keyBytes, 4096, 32), shape(keyBytes, 16_384, 32));
  shapes.push(shape(keyBytes, 4096, 16, 'lz4'), shape(keyBytes, 16_384, 16, 'lz4'));
  shapes.push(shape(keyBytes, 16_384, 16, 'deflate'), shape(keyBytes, 65_536, 16, 'deflate'));
  for (const filter of ['none', 'split-block', 'fuse8', 'fuse16'] as const) {
    if (filter !== chooseFilter('auto', filterRate))
      shapes.push(shape(keyBytes, 4096, keyBytes > 0 ? 32 : 16, 'none', filter));
  }
  return shapes;
}

/** The length of all keys when it is the same and the layout `fixed` takes it; else 0. */
function commonLength(entries: readonly SampleEntry[]): number {
  const length = entries[0]?.key.length ?? 0;
  return length <= MAX_FIXED_KEY_BYTES && entries.every(({ key }) => key.length === length) ? length : 0;
}

function measure(sample: AdviceSample, options: BlocksWriterOptions, path: string): AdviceRow {
  const writer = new BlocksWriter(path, options);
  for (const { key, value, bytes } of sample.entries) {
    if (options.valueKind === 'bytes') writer.addBytes(key, 0, key.length, bytes, 0, bytes.length);
    else writer.add(key, 0, key.length, value);
  }
  const { fileBytes, keyCount } = writer.finish();

  const present = spread(sample.entries.map(({ key }) => key));
  const absent = spread(sample.absent);
  const warm = timed(path, 2 * fileBytes + (1 << 24), present, absent);
  const cold = timed(path, LEAST_SLOTS * (options.blockBytes ?? 0), present, absent);
  const { meta } = warm;
  return {
    layout: meta.keyBytes > 0 ? 'fixed' : 'strings',
    blockBytes: meta.blockBytes,
    restartInterval: meta.restartInterval,
    compression: meta.compression,
    filter: meta.filter,
    bytesPerKey: fileBytes / keyCount,
    filterBitsPerKey: (8 * warm.filterBytes) / keyCount,
    cachedBytesPerKey: warm.cachedBytes / keyCount,
    warmHitUs: warm.hitUs,
    warmMissUs: warm.missUs,
    coldHitUs: cold.hitUs,
    coldMissUs: cold.missUs,
    passedShare: warm.passedShare,
  };
}

function timed(path: string, capacityBytes: number, present: readonly Uint8Array[], absent: readonly Uint8Array[]) {
  const cache = new BlockCache({ capacityBytes });
  const store = openBlocks(path, { cache });
  try {
    const hitUs = medianUs(store, present);
    const { filterNegatives, filterFalsePositives } = store.counters;
    const missUs = medianUs(store, absent);
    const passed = store.counters.filterFalsePositives - filterFalsePositives;
    const stopped = store.counters.filterNegatives - filterNegatives;
    return {
      meta: store.meta,
      filterBytes: store.filterBytes,
      cachedBytes: cache.usedBytes,
      hitUs,
      missUs,
      passedShare: passed / Math.max(1, passed + stopped),
    };
  } finally {
    store.close();
  }
}

/** The median of several rounds, after one to warm up: processor time, which other processes disturb less. */
function medianUs(store: BlocksReader, keys: readonly Uint8Array[]): number {
  if (keys.length === 0) return 0;
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage();
    let count = 0;
    let spent = 0;
    while (count < keys.length && spent < ROUND_US) {
      const end = Math.min(keys.length, count + CHECK_EVERY);
      for (; count < end; count++) {
        const key = keys[count];
        if (key !== undefined) store.find(key, 0, key.length);
      }
      const { user, system } = process.cpuUsage(before);
      spent = user + system;
    }
    if (round > 0) times.push(spent / count);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}

/** At most `LOOKUPS` keys from all over the list, in an order with no pattern to it. */
function spread(keys: readonly Uint8Array[]): Uint8Array[] {
  const count = Math.min(LOOKUPS, keys.length);
  const picked: Uint8Array[] = [];
  // Steps of the golden ratio visit all parts evenly, and the same ones every time.
  for (let i = 0; i < count; i++) {
    const key = keys[Math.floor(((i * 0.618_033_988_749_895) % 1) * keys.length)];
    if (key !== undefined) picked.push(key);
  }
  return picked;
}
