/** Takes a sample of a store, or of lines of keys, for `emend store advise`. */

import { closeSync, openSync, readSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { unreadable } from '../../../stores/errors.ts';
import { openStore } from '../../../stores/open.ts';
import type { Store, ValueKind } from '../../../stores/store.ts';
import type { AdviceSample, SampleEntry } from '../../blocks/advise.ts';
import type { CommandIo } from '../../command.ts';
import { ExternalSorter } from '../../sort/external-sorter.ts';
import { readLines } from './lines.ts';

const TAB = 0x09;
const EMPTY = new Uint8Array(0);

/** Walks the whole set in key order and hands out each entry: the bytes are valid until the callback returns. */
type Walk = (visit: (key: Uint8Array, end: number, value: number, bytes: Uint8Array) => void) => void;

/**
 * Reads a store file, or lines of keys with or without integers, sorted or not, and takes `sampleKeys` neighbouring
 * entries from its middle. The keys to look up come from the file `queries`, or are made by altering keys of the sample.
 */
export async function readSample(
  path: string,
  queries: string | undefined,
  sampleKeys: number,
  io: CommandIo,
): Promise<AdviceSample> {
  const asked = new Map<string, boolean>();
  if (queries !== undefined) {
    await readLines(queries, io, (bytes, start, end) => asked.set(latin1(bytes, start, end), false));
  }
  return isStore(path) ? sampleStore(path, asked, sampleKeys) : sampleLines(path, asked, sampleKeys, io);
}

function sampleStore(path: string, asked: Map<string, boolean>, sampleKeys: number): AdviceSample {
  const store: Store = openStore(path);
  try {
    const cursor = store.cursor();
    return takeSample(store.valueKind, store.keyCount, asked, sampleKeys, (visit) => {
      while (cursor.next()) {
        const { bytes, start, end } = cursor.key;
        const key = start === 0 ? bytes : bytes.subarray(start, end);
        visit(key, end - start, cursor.value, store.valueKind === 'bytes' ? cursor.valueBytes.copy() : EMPTY);
      }
    });
  } finally {
    store.close();
  }
}

async function sampleLines(
  path: string,
  asked: Map<string, boolean>,
  sampleKeys: number,
  io: CommandIo,
): Promise<AdviceSample> {
  const sorter = new ExternalSorter({ scratchFolder: tmpdir(), duplicates: 'sum' });
  try {
    let valueKind: ValueKind = 'none';
    await readLines(path, io, (bytes, start, end) => {
      const tab = bytes.subarray(start, end).indexOf(TAB);
      if (tab < 0) {
        sorter.add(bytes, start, end, 1);
        return;
      }
      valueKind = 'uint';
      const value = Number(latin1(bytes, start + tab + 1, end));
      sorter.add(bytes, start, start + tab, Number.isSafeInteger(value) && value >= 0 ? value : 0);
    });
    const sorted = sorter.finish();
    return takeSample(valueKind, sorter.recordCount, asked, sampleKeys, (visit) => {
      while (sorted.next()) visit(sorted.key, sorted.keyEnd, Math.min(sorted.value, Number.MAX_SAFE_INTEGER), EMPTY);
    });
  } finally {
    sorter.close();
  }
}

function takeSample(
  valueKind: ValueKind,
  keyCount: number,
  asked: Map<string, boolean>,
  sampleKeys: number,
  walk: Walk,
): AdviceSample {
  const first = Math.max(0, Math.floor((keyCount - sampleKeys) / 2));
  const entries: SampleEntry[] = [];
  let index = 0;
  walk((key, end, value, bytes) => {
    if (index >= first && entries.length < sampleKeys) entries.push({ key: key.slice(0, end), value, bytes });
    index++;
    if (asked.size === 0) return;
    const text = latin1(key, 0, end);
    if (asked.has(text)) asked.set(text, true);
  });
  if (asked.size === 0) return { valueKind, keyCount: index, entries, absent: altered(entries), absentShare: 0.5 };
  const absent = [...asked].filter(([, present]) => !present).map(([text]) => Buffer.from(text, 'latin1'));
  return { valueKind, keyCount: index, entries, absent, absentShare: absent.length / asked.size };
}

/**
 * Keys of the sample with one byte changed, as many as are not keys. The sample has no gaps, so what lies between its
 * ends and is not in it is not in the set.
 */
function altered(entries: readonly SampleEntry[]): Uint8Array[] {
  const known = new Set(entries.map(({ key }) => latin1(key, 0, key.length)));
  const ends = [entries[0], entries[entries.length - 1]].map((entry) => Buffer.from(entry?.key ?? EMPTY));
  const made: Uint8Array[] = [];
  entries.forEach(({ key }, i) => {
    if (key.length === 0) return;
    const other = Buffer.from(key);
    const at = key.length - 1 - (i % Math.min(3, key.length));
    other[at] = (other[at] ?? 0) + 1 + (i % 5);
    const inside =
      ends.length === 2 && Buffer.compare(other, ends[0] ?? EMPTY) > 0 && Buffer.compare(other, ends[1] ?? EMPTY) < 0;
    if (inside && !known.has(other.toString('latin1'))) made.push(other);
  });
  return made;
}

/** Whether the file begins as one of our stores does. */
function isStore(path: string): boolean {
  const start = Buffer.alloc(5);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw unreadable(path, 'taking a sample', cause, 'check the path');
  }
  try {
    return readSync(file, start, 0, start.length, 0) === start.length && start.toString('latin1') === 'EMEND';
  } finally {
    closeSync(file);
  }
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
