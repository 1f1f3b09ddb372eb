/** Bytes a key of the real sets: raw, gzipped, in a Map, in LMDB, in an FST, and what was measured of fst for Rust. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { heapBytesOf } from '../measure.ts';
import type { BenchOptions } from '../run.ts';
import { markdownTable, short } from '../table.ts';
import { type KeyList, keyTexts } from './key-list.ts';
import { fillLmdb, folderBytes, writeFst } from './make.ts';
import { barChart } from './plot.ts';
import { loadSets } from './sets.ts';

/**
 * Bytes of the crate `fst` 0.4.7 over the same keys (and values), by number of keys: measured once with MapBuilder and
 * SetBuilder in memory, as README.md tells. Other key sets have no entry.
 */
const RUST_FST_BYTES: Readonly<Record<number, number>> = {
  325107: 2_350_479,
  321180: 2_179_654,
  348454: 1_109_166,
  63905: 483_302,
  1829172: 14_334_151,
};

interface SizeRow {
  readonly name: string;
  readonly keys: number;
  /** Bytes a key by kind of store. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** Prints a table of sizes, and draws it where plots are wanted. */
export function benchSizes(options: BenchOptions): void {
  const rows: SizeRow[] = [];
  for (const { name, keys } of loadSets(options.corpus)) rows.push(measure(name, keys, options.scratch));
  const kinds = ['raw', 'gzip -9', 'Map', 'LMDB', 'Rust fst', 'FST', 'FST, numbered'];
  options.print(
    'Bytes a key. A numbered set can tell the ordinal of a key and the key of an ordinal; values include that.\n',
  );
  options.print(
    markdownTable(
      ['set', 'keys', ...kinds, 'of Rust fst', 'of Map'],
      rows.map(({ name, keys, bytes }) => [
        name,
        keys.toLocaleString('en'),
        ...kinds.map((kind) => short(bytes[kind] ?? Number.NaN)),
        short((bytes['FST'] ?? 0) / (bytes['Rust fst'] ?? Number.NaN)),
        `${(((bytes['FST'] ?? 0) / (bytes['Map'] ?? 1)) * 100).toFixed(1)} %`,
      ]),
    ),
  );
  if (options.plotFolder !== undefined) {
    mkdirSync(options.plotFolder, { recursive: true });
    const drawn = ['raw', 'gzip -9', 'Rust fst', 'FST'];
    const groups = rows.map(({ name, bytes }) => ({ name, bars: drawn.map((kind) => bytes[kind] ?? 0) }));
    writeFileSync(join(options.plotFolder, 'sizes.svg'), barChart('Bytes a key', drawn, groups));
  }
}

function measure(name: string, keys: KeyList, scratch: string): SizeRow {
  const { count } = keys;
  const rawBytes = keys.bytes.length + (keys.values === undefined ? 0 : count);
  const texts = keyTexts(keys);
  const zipped = gzipSync(
    texts.map((text, i) => `${text}${keys.values === undefined ? '' : `\t${keys.values[i]}`}`).join('\n'),
    {
      level: 9,
    },
  );
  texts.length = 0;
  // The strings belong to the Map: they are made in it, not shared with a list that would hide their bytes.
  const map = heapBytesOf(() => new Map(keyTexts(keys).map((text, i) => [text, keys.values?.[i] ?? 1])));
  const mapBytes = map.made.size === count ? map.heapBytes : Number.NaN;
  map.made.clear();
  const lmdbFolder = join(scratch, 'sizes-lmdb');
  const db = fillLmdb(keys, join(lmdbFolder, String(count)));
  const lmdbBytes = folderBytes(join(lmdbFolder, String(count)));
  void db.close();
  const fst = writeFst(keys, join(scratch, 'sizes.fst'));
  const numbered = keys.values === undefined ? writeFst(keys, join(scratch, 'sizes.fst'), { ordinals: true }) : fst;
  return {
    name,
    keys: count,
    bytes: {
      raw: rawBytes / count,
      'gzip -9': zipped.length / count,
      Map: mapBytes / count,
      LMDB: lmdbBytes / count,
      'Rust fst': (RUST_FST_BYTES[count] ?? Number.NaN) / count,
      FST: fst.fileBytes / count,
      'FST, numbered': numbered.fileBytes / count,
    },
  };
}
