/** Builds FSTs from entries in tests. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FstWriter, type FstWriterOptions } from '../../builders/fst/writer.ts';
import { type FstStore, openFstBytes } from '../../stores/fst/reader.ts';
import type { ValueKind } from '../../stores/store.ts';
import { type Entry, sortedEntries } from './model.ts';

/** The bytes of an FST file that holds the entries, which are in key order. */
export function fstFile(entries: readonly Entry[], valueKind: ValueKind, options: FstWriterOptions = {}): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'emend-fst-'));
  try {
    const path = join(folder, 'test.fst');
    const writer = new FstWriter(path, { ...options, valueKind });
    for (const { key, value } of entries) {
      if (typeof value === 'number') writer.add(key, 0, key.length, value);
      else writer.addBytes(key, 0, key.length, value, 0, value.length);
    }
    writer.finish();
    // A copy: slices of a Buffer would share its bytes.
    return new Uint8Array(readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An open FST that holds the entries. */
export function makeFst(entries: readonly Entry[], valueKind: ValueKind, options: FstWriterOptions = {}): FstStore {
  return openFstBytes(fstFile(entries, valueKind, options), 'test.fst');
}

/** Few keys whose nodes are of nearly every form: the same entries always, for files that are checked in. */
export function everyFormEntries(valueKind: ValueKind): Entry[] {
  const keys: Uint8Array[] = [];
  for (const word of ['', 'a', 'care', 'cared', 'cares', 'bare', 'bared', 'bares', 'dare', 'q', 'été']) {
    keys.push(new TextEncoder().encode(word));
  }
  for (let i = 0; i < 40; i++) keys.push(Uint8Array.of(200, (i * 5) & 255), Uint8Array.of(201, 30 + i, i & 3));
  for (let i = 0; i < 20; i++) keys.push(Uint8Array.of(202, 97 + i, 98, 97 + ((i * 7) % 20)));
  return sortedEntries(
    keys.map((key, i) => ({
      key,
      value: valueKind === 'bytes' ? Uint8Array.of(i, 1, 2) : valueKind === 'uint' ? i : 1,
    })),
  );
}
