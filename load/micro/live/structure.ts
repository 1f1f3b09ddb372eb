/**
 * One of the processes of `structures.ts`: makes a map of text to text in one of its forms, or opens it and looks entries up. `structure.py` does
 * the same for other libraries.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { FstWriter } from '../../../builders/fst/writer.ts';
import { median } from '../../../services/figures/quantiles.ts';
import { openFst } from '../../../stores/fst/reader.ts';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import { BytesRef } from '../../../stores/store.ts';
import { collectGarbage, processorNs } from '../measure.ts';
import { entries, keyOf } from './entries.ts';

/** What one process measured. */
export interface StructureFigures {
  /** Milliseconds of the processor; of a look-up, nanoseconds. */
  readonly createMs?: number;
  readonly updateMs?: number;
  readonly openMs?: number;
  readonly hitNs?: number;
  readonly missNs?: number;
  /** Proportional set size, after all entries were looked up. */
  readonly pssBytes?: number;
}

/** Entries that are changed in an update: one in so many. */
const CHANGED = 100;
const ROUNDS = 9;
const ASKED = 50_000;

const [kind = '', action = '', path = '', countText = ''] = process.argv.slice(2);
const count = Number(countText);
const isLive = kind.startsWith('lmdb');
const figures = action === 'make' ? make() : look();
process.stdout.write(JSON.stringify(figures));

function processorMs(): number {
  return processorNs() / 1e6;
}

function make(): StructureFigures {
  const begun = processorMs();
  if (isLive) {
    const collections = openCollections(path, { readOnly: false });
    collections.write.replace('m', { kind: 'map' }, entries(count));
    const createMs = processorMs() - begun;
    const again = processorMs();
    collections.write.put('m', changed());
    const updateMs = processorMs() - again;
    if (kind === 'lmdb-compacted') collections.compact();
    collections.close();
    return { createMs, updateMs };
  }
  create(new Map());
  const createMs = processorMs() - begun;
  // What cannot be changed is made anew.
  const again = processorMs();
  create(new Map([...changed()].map(({ key, value }) => [key, value])));
  return { createMs, updateMs: processorMs() - again };
}

function create(changes: ReadonlyMap<string, string>): void {
  if (kind === 'json') {
    const object: Record<string, string> = {};
    for (const { key, value } of entries(count)) object[key] = changes.get(key) ?? value;
    writeFileSync(path, JSON.stringify(object));
  }
  if (kind === 'fst') {
    const sorted = [...entries(count)].map(({ key, value }) => [Buffer.from(key), changes.get(key) ?? value] as const);
    sorted.sort(([a], [b]) => Buffer.compare(a, b));
    const writer = new FstWriter(path, { valueKind: 'bytes' });
    for (const [key, text] of sorted) {
      const value = Buffer.from(text);
      writer.addBytes(key, 0, key.length, value, 0, value.length);
    }
    writer.finish();
  }
}

function* changed(): Generator<{ key: string; value: string }> {
  for (let i = 0; i < count; i += CHANGED) yield { key: keyOf(i), value: `changed ${i}` };
}

function look(): StructureFigures {
  const begun = processorMs();
  const get = opened();
  const openMs = processorMs() - begun;
  let found = 0;
  for (let i = 0; i < count; i++) if (get(keyOf(i)) !== undefined) found++;
  if (found !== count && kind !== 'empty') throw new Error(`${kind}: ${found} of ${count} found`);
  collectGarbage();
  const pssBytes = Number(/^Pss: +(\d+) kB/m.exec(readFileSync('/proc/self/smaps_rollup', 'latin1'))?.[1]) * 1024;
  // As from a request: text that was just read from bytes.
  const asked = Array.from({ length: ASKED }, () => keyOf(Math.floor(Math.random() * count)));
  const [hits, misses] = [asked.map((key) => Buffer.from(key)), asked.map((key) => Buffer.from(`${key}?`))];
  const time = (keys: readonly Buffer[]): number => {
    const taken: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = processorNs();
      for (const key of keys) if (get(key.toString('latin1')) !== undefined) found++;
      taken.push(processorNs() - start);
    }
    return median(taken) / keys.length;
  };
  return { openMs, pssBytes, hitNs: time(hits), missNs: time(misses) };
}

function opened(): (key: string) => unknown {
  if (isLive) {
    const map = openCollections(path, { readOnly: true }).map('m');
    return (key) => map.get(key);
  }
  if (kind === 'json') {
    const map = new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>));
    return (key) => map.get(key);
  }
  if (kind === 'fst') {
    const store = openFst(path);
    const bytes = Buffer.alloc(1024);
    const value = new BytesRef();
    return (key) => {
      const end = bytes.write(key, 'latin1');
      if (!store.findBytes(bytes, 0, end, value)) return undefined;
      return Buffer.from(value.bytes.buffer, value.bytes.byteOffset + value.start, value.end - value.start).toString();
    };
  }
  return () => undefined;
}
