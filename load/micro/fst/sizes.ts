/** Bytes a key of the real sets: raw, gzipped, in a Map, in LMDB, in an FST, and what was measured of Rust's fst and Lucene's. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { barChart } from '../../../services/figures/bar-chart.ts';
import { markdownTable } from '../../../services/figures/markdown.ts';
import { short } from '../../../services/figures/numbers.ts';
import type { BenchOptions } from '../bench-options.ts';
import { heapBytesOf } from '../measure.ts';
import { type KeyList, keyTexts } from './key-list.ts';
import { fillLmdb, folderBytes, writeFst } from './make.ts';
import { loadSets } from './sets.ts';

/** Bytes of two other automata over the same keys and values, measured once, as README.md tells. */
interface Others {
  /** Number of keys that were measured: another corpus gives others, and then there is no figure. */
  readonly keys: number;
  /** The crate `fst` 0.4.7: MapBuilder and SetBuilder in memory. */
  readonly rust: number;
  /** Lucene 9.12.1: `FST.numBytes()` with its own defaults, PositiveIntOutputs or NoOutputs. */
  readonly lucene: number;
}

const OTHERS: Readonly<Record<string, Others>> = {
  'uni- and bigrams of SymSpell, counts': { keys: 325_107, rust: 2_350_479, lucene: 1_973_408 },
  'words of wordfreq, frequencies': { keys: 321_180, rust: 2_179_654, lucene: 2_007_168 },
  'words of SCOWL': { keys: 348_454, rust: 1_109_166, lucene: 1_012_594 },
  'names of Debian packages': { keys: 63_905, rust: 483_302, lucene: 582_021 },
  '1- to 3-grams of Debian descriptions': { keys: 1_829_172, rust: 14_334_151, lucene: 12_164_538 },
  'bi- and trigrams of them by three-byte ids': { keys: 1_745_762, rust: 10_391_063, lucene: 8_151_222 },
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
  const kinds = ['raw', 'gzip -9', 'Map', 'LMDB', 'Rust fst', 'Lucene', 'FST', 'FST, numbered'];
  const share = (part: number | undefined, whole: number | undefined): string =>
    part === undefined || whole === undefined || Number.isNaN(whole) ? '' : (part / whole).toFixed(2);
  options.report(
    'sizes',
    markdownTable(
      ['set', 'keys', ...kinds, 'of Rust fst', 'of Lucene', 'of Map'],
      rows.map(({ name, keys, bytes }) => [
        name,
        keys.toLocaleString('en'),
        ...kinds.map((kind) => short(bytes[kind] ?? Number.NaN)),
        share(bytes['FST'], bytes['Rust fst']),
        share(bytes['FST'], bytes['Lucene']),
        `${(((bytes['FST'] ?? 0) / (bytes['Map'] ?? 1)) * 100).toFixed(1)} %`,
      ]),
    ),
  );
  if (options.plotFolder !== undefined) {
    mkdirSync(options.plotFolder, { recursive: true });
    const drawn = ['raw', 'gzip -9', 'Rust fst', 'Lucene', 'FST'];
    const groups = rows.map(({ name, bytes }) => ({ name, bars: drawn.map((kind) => bytes[kind] ?? 0) }));
    writeFileSync(join(options.plotFolder, 'sizes.svg'), barChart('Bytes a key', drawn, groups));
  }
}

function measure(name: string, keys: KeyList, scratch: string): SizeRow {
  const { count } = keys;
  const known = OTHERS[name];
  const others = known?.keys === count ? known : { rust: Number.NaN, lucene: Number.NaN };
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
      'Rust fst': others.rust / count,
      Lucene: others.lucene / count,
      FST: fst.fileBytes / count,
      'FST, numbered': numbered.fileBytes / count,
    },
  };
}
