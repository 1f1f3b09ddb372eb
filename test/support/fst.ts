/** Builds FSTs from entries in tests. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FstWriter, type FstWriterOptions } from '../../builders/fst/writer.ts';
import { type FstStore, openFstBytes } from '../../stores/fst/reader.ts';
import type { ValueKind } from '../../stores/store.ts';
import type { Entry } from './model.ts';

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
