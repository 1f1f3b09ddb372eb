/** Nanoseconds of a look-up, hit and miss, in random and in skewed order, beside other ways to keep the same keys. */

import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { markdownTable } from '../../../services/figures/markdown.ts';
import { short } from '../../../services/figures/numbers.ts';
import { seededRandom } from '../../../services/figures/random.ts';
import { compareBytes } from '../../../stores/bytes/compare.ts';
import { writeUtf8 } from '../../../stores/bytes/utf8.ts';
import { type FstStore, openFst } from '../../../stores/fst/reader.ts';
import type { BenchOptions } from '../bench-options.ts';
import { collectGarbage, collectionsDuring, slice } from '../measure.ts';
import { type KeyList, keyText, keyTexts, pickKeys, randomPicks, skewedPicks, spoilKeys } from './key-list.ts';
import { fillLmdb, phraseFst } from './make.ts';
import { loadPhrases, type Phrases } from './sets.ts';

const ASKED = 100_000;
const ROUNDS = 1;
/** Look-ups between two readings of the clock: half a millisecond or less. */
const STRETCH = 500;
const GETS_WITHOUT_GARBAGE = 10_000_000;

/** Prints a table of look-up times for each number of keys. */
export async function benchTime(options: BenchOptions): Promise<void> {
  const parts: string[] = [];
  for (const count of options.keyCounts) {
    const phrases = loadPhrases(options.corpus, count);
    const store = openFst(phraseFst(options, count));
    parts.push(await compare(options, phrases, store));
    // Once is enough: what a look-up allocates does not depend on how many keys there are.
    if (count === options.keyCounts[0]) parts.push(await countCollections(phrases.keys, store));
    store.close();
  }
  options.report('time', parts.join('\n'));
}

/** The questions by column: what is asked, of which kind. */
function questions({ keys, absent }: Phrases): Map<string, KeyList> {
  const random = seededRandom(3);
  const picks = (): KeyList => pickKeys(keys, randomPicks(keys.count, ASKED, random));
  return new Map([
    ['hit, random', picks()],
    ['hit, skewed', pickKeys(keys, skewedPicks(keys.count, ASKED, random))],
    ['miss, absent phrase', pickKeys(absent, randomPicks(absent.count, ASKED, random))],
    ['miss, a letter changed', spoilKeys(picks(), random)],
    ['miss, near the end', spoilKeys(picks(), random, 5)],
  ]);
}

/** All contenders with all questions, in turn: what disturbs one disturbs all. */
async function compare(options: BenchOptions, phrases: Phrases, store: FstStore): Promise<string> {
  const { keys } = phrases;
  const columns = questions(phrases);
  const map = new Map(keyTexts(keys).map((text, i) => [text, keys.values?.[i] ?? 1]));
  const disk = await openDisk(options, keys);
  const contenders = new Map<string, (from: number, to: number) => number>();
  const rivals = new Set<string>();
  for (const [column, asked] of columns) {
    const kept = keyTexts(asked);
    const rows: Record<string, (from: number, to: number) => number> = {
      'FST, from bytes': (from, to) => askFst(store, asked, from, to),
      'FST, from fresh strings': (from, to) => askFstText(store, asked, from, to),
      'Map, fresh strings': (from, to) => askMapFresh(map, asked, from, to),
      'Map, cached hashes': (from, to) => askMapKept(map, kept, from, to),
      'sorted array, binary search': (from, to) => askSorted(keys, asked, from, to),
      lmdb: (from, to) => disk.askLmdb(asked, from, to),
      'classic-level': (from, to) => disk.askLevel(asked, from, to),
    };
    for (const [rival, ask] of Object.entries(rows)) {
      rivals.add(rival);
      contenders.set(`${rival}/${column}`, ask);
    }
  }
  const figures = slice(contenders, ASKED, STRETCH, ROUNDS);
  await disk.close();
  const bytes = short(store.memory().pinnedBytes / keys.count);
  return markdownTable(
    [`${keys.count.toLocaleString('en')} phrases (${bytes} bytes a key)`, ...columns.keys()],
    [...rivals].map((rival) => [
      rival,
      ...[...columns.keys()].map((column) => short(figures.get(`${rival}/${column}`) ?? Number.NaN)),
    ]),
  );
}

/** Shows that look-ups leave nothing to collect. */
async function countCollections(keys: KeyList, store: FstStore): Promise<string> {
  const asked = pickKeys(keys, randomPicks(keys.count, ASKED, seededRandom(5)));
  askFst(store, asked, 0, ASKED);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const collections = await collectionsDuring(() => {
    for (let done = 0; done < GETS_WITHOUT_GARBAGE; done += ASKED) askFst(store, asked, 0, ASKED);
  });
  const grown = Math.max(0, process.memoryUsage().heapUsed - before);
  return `${GETS_WITHOUT_GARBAGE.toLocaleString('en')} look-ups: ${collections} garbage collections, the heap grew by ${(grown / 1024).toFixed(0)} KiB.\n`;
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
