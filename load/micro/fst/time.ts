/** Nanoseconds of a look-up, hit and miss, in random and in skewed order, beside other ways to keep the same keys. */

import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { compareBytes } from '../../../stores/bytes/compare.ts';
import { writeUtf8 } from '../../../stores/bytes/utf8.ts';
import { type FstStore, openFst } from '../../../stores/fst/reader.ts';
import { seededRandom } from '../../random.ts';
import { collectionsDuring, slice } from '../measure.ts';
import type { BenchOptions } from '../run.ts';
import { markdownTable, short } from '../table.ts';
import { type KeyList, keyText, keyTexts, pickKeys, randomPicks, skewedPicks, spoilKeys } from './key-list.ts';
import { fillLmdb, writeFst } from './make.ts';
import { makePhrases } from './sets.ts';

const ASKED = 200_000;
/** Slower stores answer fewer of the same keys. */
const ASKED_SLOWLY = 50_000;
const ROUNDS = 2;
/** Look-ups between two readings of the clock: half a millisecond or less. */
const STRETCH = 500;
/** Beyond so many keys the stores on disk are left out: filling them would take longer than all else. */
const MOST_ON_DISK = 1_000_000;
const GETS_WITHOUT_GARBAGE = 10_000_000;

/** Prints a table of look-up times for each number of keys. */
export async function benchTime(options: BenchOptions): Promise<void> {
  for (const count of options.keyCounts) {
    const keys = makePhrases(options.corpus, count);
    const path = join(options.scratch, 'time.fst');
    writeFst(keys, path);
    const store = openFst(path);
    await compare(options, keys, store);
    await countCollections(options, keys, store);
    store.close();
  }
}

async function compare(options: BenchOptions, keys: KeyList, store: FstStore): Promise<void> {
  const random = seededRandom(3);
  const hits = pickKeys(keys, randomPicks(keys.count, ASKED, random));
  const orders: [string, KeyList][] = [
    ['hit, random', hits],
    ['hit, skewed', pickKeys(keys, skewedPicks(keys.count, ASKED, random))],
    ['miss, random', spoilKeys(hits, random)],
  ];
  const texts = keyTexts(keys);
  const map = new Map(texts.map((text, i) => [text, keys.values?.[i] ?? 1]));
  const disk = keys.count <= MOST_ON_DISK ? await openDisk(options, keys) : undefined;
  const columns = new Map<string, Map<string, number>>();
  for (const [name, asked] of orders) {
    const kept = keyTexts(asked);
    const contenders = new Map<string, (from: number, to: number) => number>([
      ['FST, from bytes', (from, to) => askFst(store, asked, from, to)],
      ['FST, from fresh strings', (from, to) => askFstText(store, asked, from, to)],
      ['Map, fresh strings', (from, to) => askMapFresh(map, asked, from, to)],
      ['Map, cached hashes', (from, to) => askMapKept(map, kept, from, to)],
      ['sorted array, binary search', (from, to) => askSorted(keys, asked, from, to)],
    ]);
    const figures = slice(contenders, ASKED, STRETCH, ROUNDS);
    if (disk !== undefined) {
      const slow = new Map<string, (from: number, to: number) => number>([
        ['lmdb', (from, to) => disk.askLmdb(asked, from, to)],
        ['classic-level', (from, to) => disk.askLevel(asked, from, to)],
      ]);
      for (const [rival, figure] of slice(slow, ASKED_SLOWLY, STRETCH, ROUNDS)) figures.set(rival, figure);
    }
    columns.set(name, figures);
  }
  await disk?.close();
  const bytes = store.memory().pinnedBytes;
  options.print(
    `${keys.count.toLocaleString('en')} phrases, FST of ${short(bytes / keys.count)} bytes a key. Nanoseconds a look-up.\n`,
  );
  const rivals = [...(columns.get('hit, random')?.keys() ?? [])];
  options.print(
    markdownTable(
      ['', ...columns.keys()],
      rivals.map((rival) => [rival, ...[...columns.values()].map((column) => short(column.get(rival) ?? Number.NaN))]),
    ),
  );
}

/** Shows that look-ups leave nothing to collect. */
async function countCollections(options: BenchOptions, keys: KeyList, store: FstStore): Promise<void> {
  const asked = pickKeys(keys, randomPicks(keys.count, ASKED, seededRandom(5)));
  askFst(store, asked, 0, ASKED);
  const before = process.memoryUsage().heapUsed;
  const collections = await collectionsDuring(() => {
    for (let done = 0; done < GETS_WITHOUT_GARBAGE; done += ASKED) askFst(store, asked, 0, ASKED);
  });
  const grown = Math.max(0, process.memoryUsage().heapUsed - before);
  options.print(
    `${GETS_WITHOUT_GARBAGE.toLocaleString('en')} look-ups: ${collections} garbage collections, the heap grew by ${(grown / 1024).toFixed(0)} KiB.\n`,
  );
}

function askFst(store: FstStore, { bytes, offsets }: KeyList, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += store.find(bytes, offsets[i]!, offsets[i + 1]!);
  return sum;
}

function askFstText(store: FstStore, asked: KeyList, from: number, to: number): number {
  const scratch = new Uint8Array(1024);
  let sum = 0;
  for (let i = from; i < to; i++) sum += store.find(scratch, 0, writeUtf8(keyText(asked, i), scratch, 0));
  return sum;
}

function askMapFresh(map: ReadonlyMap<string, number>, asked: KeyList, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += map.get(keyText(asked, i)) ?? -1;
  return sum;
}

function askMapKept(map: ReadonlyMap<string, number>, texts: readonly string[], from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += map.get(texts[i]!) ?? -1;
  return sum;
}

function askSorted(keys: KeyList, { bytes, offsets }: KeyList, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    let low = 0;
    let high = keys.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = keys.offsets[middle]!;
      const end = keys.offsets[middle + 1]!;
      if (compareBytes(keys.bytes, start, end, bytes, offsets[i]!, offsets[i + 1]!) < 0) low = middle + 1;
      else high = middle;
    }
    sum += low;
  }
  return sum;
}

/** The two stores on disk, filled with the keys. */
async function openDisk(
  options: BenchOptions,
  keys: KeyList,
): Promise<{
  askLmdb(asked: KeyList, from: number, to: number): number;
  askLevel(asked: KeyList, from: number, to: number): number;
  close(): Promise<void>;
}> {
  const lmdb = fillLmdb(keys, join(options.scratch, `lmdb-${keys.count}`));
  const level = new ClassicLevel<Buffer, Buffer>(join(options.scratch, `level-${keys.count}`), {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
  });
  await level.open();
  const view = (list: KeyList, i: number): Buffer =>
    Buffer.from(list.bytes.buffer, list.bytes.byteOffset + list.offsets[i]!, list.offsets[i + 1]! - list.offsets[i]!);
  for (let first = 0; first < keys.count; first += 10_000) {
    const batch = level.batch();
    for (let i = first; i < Math.min(keys.count, first + 10_000); i++) {
      batch.put(view(keys, i), Buffer.of(keys.values?.[i] ?? 1));
    }
    await batch.write();
  }
  return {
    askLmdb: (asked, from, to) => {
      let sum = 0;
      for (let i = from; i < to; i++) sum += lmdb.get(view(asked, i))?.[0] ?? -1;
      return sum;
    },
    askLevel: (asked, from, to) => {
      let sum = 0;
      for (let i = from; i < to; i++) sum += level.getSync(view(asked, i))?.[0] ?? -1;
      return sum;
    },
    close: async () => {
      await level.close();
      await lmdb.close();
    },
  };
}
