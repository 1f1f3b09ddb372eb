/** `live-look-ups`: a member of a live collection beside one of a `Map`, a `Set`, an array: hits and misses, from fresh strings. */
import { join } from 'node:path';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import type { BenchOptions } from '../bench-options.ts';
import { interleave } from '../measure.ts';
import { entries, keyOf, textOf } from './entries.ts';

const ASKED = 50_000;
const ROUNDS = 5;

export async function benchLiveLookUps({ keyCounts, scratch, report }: BenchOptions): Promise<void> {
  const rows: string[] = [];
  for (const count of keyCounts) rows.push(...(await rowsOf(count, join(scratch, `look-ups-${count}`))));
  report(
    'live-look-ups',
    ['| entries | what | in memory, ns | LMDB, ns | times |', '| --: | --- | --: | --: | --: |', ...rows].join('\n'),
  );
}

async function rowsOf(count: number, folder: string): Promise<string[]> {
  const writer = openCollections(folder, { readOnly: false });
  writer.write.replace('map', { kind: 'map' }, entries(count));
  writer.write.replace('set', { kind: 'set' }, entries(count));
  writer.write.replace('list', { kind: 'list' }, entries(count));
  writer.close();
  const collections = openCollections(folder, { readOnly: true });
  const live = { map: collections.map('map'), set: collections.set('set'), list: collections.list('list') };
  const memory = { map: new Map<string, string>(), set: new Set<string>(), list: [] as string[] };
  for (const { key, value } of entries(count)) {
    memory.map.set(key, value);
    memory.set.add(key);
    memory.list.push(value);
  }
  const places = Uint32Array.from({ length: ASKED }, () => Math.floor(Math.random() * count));
  // As from a request: a string that was just read from bytes, so that its hash is not known yet.
  const hits = Array.from(places, (i) => Buffer.from(keyOf(i)));
  const misses = Array.from(places, (i) => Buffer.from(`${keyOf(i)}?`));
  let found = 0;
  const over = (keys: readonly Buffer[], look: (key: string) => unknown) => (): number => {
    for (const key of keys) if (look(key.toString('latin1')) !== undefined) found++;
    return found;
  };
  const at = (look: (i: number) => unknown) => (): number => {
    for (const i of places) if (look(i) === textOf(-1)) found++;
    return found;
  };
  const pairs: [string, () => number, () => number][] = [
    ['map, hit', over(hits, (key) => memory.map.get(key)), over(hits, (key) => live.map.get(key))],
    ['map, miss', over(misses, (key) => memory.map.get(key)), over(misses, (key) => live.map.get(key))],
    ['set, hit', over(hits, (key) => memory.set.has(key)), over(hits, (key) => live.set.has(key))],
    ['set, miss', over(misses, (key) => memory.set.has(key)), over(misses, (key) => live.set.has(key))],
    ['list, by position', at((i) => memory.list[i]), at((i) => live.list.at(i))],
  ];
  const rows: string[] = [];
  for (const [what, inMemory, inLmdb] of pairs) {
    const figures = await interleave(
      new Map([
        ['memory', inMemory],
        ['lmdb', inLmdb],
      ]),
      ASKED,
      ROUNDS,
    );
    const [a, b] = [figures.get('memory') ?? 0, figures.get('lmdb') ?? 0];
    rows.push(`| ${count} | ${what} | ${a.toFixed(0)} | ${b.toFixed(0)} | ${(b / a).toFixed(1)} |`);
  }
  collections.close();
  return rows;
}
