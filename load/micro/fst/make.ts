/** The same keys in an FST and in the stores it is compared with. */

import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { FstWriter, type FstWriterOptions } from '../../../builders/fst/writer.ts';
import type { StoreSummary } from '../../../builders/store-writer.ts';
import type { BenchOptions } from '../bench-options.ts';
import type { KeyList } from './key-list.ts';
import { loadPhrases } from './sets.ts';

/** Writes an FST of the keys and, where they have some, values. Tells when the last key is added. */
export function writeFst(
  keys: KeyList,
  path: string,
  options: FstWriterOptions = {},
  allAdded: () => void = () => undefined,
): StoreSummary {
  const { bytes, offsets, values, count } = keys;
  const writer = new FstWriter(path, { valueKind: values === undefined ? 'none' : 'uint', ...options });
  for (let i = 0; i < count; i++) writer.add(bytes, offsets[i]!, offsets[i + 1]!, values?.[i] ?? 1);
  allAdded();
  return writer.finish();
}

/** The FST of made-up phrases with their values, in the scratch folder: written once for all benchmarks that read it. */
export function phraseFst(options: BenchOptions, count: number): string {
  const path = join(options.scratch, `phrases-${count}.fst`);
  if (!existsSync(path)) writeFst(loadPhrases(options.corpus, count).keys, path);
  return path;
}

/** Fills an LMDB environment in order, 10,000 keys a transaction, as tightly as it packs pages. */
export function fillLmdb(keys: KeyList, folder: string): RootDatabase<Buffer, Buffer> {
  mkdirSync(folder, { recursive: true });
  const db = open<Buffer, Buffer>({ path: folder, keyEncoding: 'binary', encoding: 'binary', noSync: true });
  const value = Buffer.alloc(1);
  for (let first = 0; first < keys.count; first += 10_000) {
    db.transactionSync(() => {
      for (let i = first; i < Math.min(keys.count, first + 10_000); i++) {
        value[0] = keys.values?.[i] ?? 1;
        const key = Buffer.from(keys.bytes.subarray(keys.offsets[i]!, keys.offsets[i + 1]!));
        db.putSync(key, Buffer.from(value), { append: true });
      }
    });
  }
  return db;
}

/** Bytes of all files of a folder. */
export function folderBytes(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
