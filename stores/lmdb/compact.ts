/**
 * Compaction: all records of the file in force go to a new one, in order, so that its pages are full and none is free; then a
 * page is renamed that names it (`current-file.ts`). Nothing of the old file is changed. Whoever is stopped on the way leaves
 * a file that no page names, which the next writer removes.
 */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../errors.ts';
import { currentFile, fileName, removeLeftovers, switchTo, syncFolder } from './current-file.ts';
import { type Database, databaseNamesIn, openDatabase, type WalkedRecord } from './database.ts';
import { closeEnvironment, type Environment, freeBytesOf, openEnvironment } from './environment.ts';
import type { OpenFile } from './open-file.ts';

/** Records read at a time, and bytes from which a transaction of the new file is committed: memory stays bounded. */
const BATCH = 100;
const COMMIT_BYTES = 8 * 2 ** 20;
/** Space asked for beyond what the pages in use take: lock file, page that names the file, growth by whole extents. */
const SPARE_BYTES = 2 * 2 ** 20;

const FIRST = Uint8Array.of(0);
const END = new Uint8Array(5).fill(0xff);

export interface CompactOptions {
  /**
   * Also drops the records of entries that were removed before then, in milliseconds since 1970. Default: none; see
   * `CollectionWriter.dropRemoved`.
   */
  readonly removedBeforeMs?: number;
}

export interface CompactSummary {
  /** Bytes of the data file before and after. */
  readonly beforeBytes: number;
  readonly afterBytes: number;
  /** Records of removed entries that were dropped. */
  readonly dropped: number;
}

/**
 * Makes a compacted file the one in force, within a write transaction of the file that it replaces.
 *
 * @throws {StoreError} `STORE_IO`, `STORE_CORRUPT`
 */
export function compactTo(folder: string, from: OpenFile): Omit<CompactSummary, 'dropped'> {
  const current = currentFile(folder);
  removeLeftovers(folder, current);
  checkRoom(folder, from);
  try {
    writeCopy(folder, from, current.number + 1);
    switchTo(folder, current.number + 1);
  } catch (cause) {
    // Also after a switch that failed half way: what is in force decides.
    removeLeftovers(folder, currentFile(folder));
    if (cause instanceof StoreError) throw cause;
    const text = `${folder}: compacting: ${(cause as Error).message}; nothing was changed; check space and who may write`;
    throw new StoreError('STORE_IO', text, { cause });
  }
  const after = currentFile(folder);
  removeLeftovers(folder, after);
  return { beforeBytes: current.bytes, afterBytes: after.bytes };
}

/** Makes the file of that number, whole and on the disk. */
function writeCopy(folder: string, from: OpenFile, number: number): void {
  const temporary = `${fileName(number)}.tmp`;
  const environment = openEnvironment(folder, { readOnly: false, file: temporary });
  try {
    for (const name of databaseNamesIn(from.environment)) {
      const database = from.database(name, false);
      if (database !== undefined) copyDatabase(database, environment, folder);
    }
  } finally {
    closeEnvironment(environment);
  }
  rmSync(join(folder, `${temporary}-lock`), { force: true });
  renameSync(join(folder, temporary), join(folder, fileName(number)));
  syncFolder(folder);
}

/** Copies records, whose checksums are checked on the way: a damaged one stops everything. An empty database is left out. */
function copyDatabase(from: Database, environment: Environment, folder: string): void {
  let target: Database | undefined;
  for (let start: Uint8Array | undefined = FIRST; start !== undefined; ) {
    environment.transactionSync(() => {
      for (let bytes = 0; bytes < COMMIT_BYTES && start !== undefined; ) {
        const records: readonly WalkedRecord[] = from.range(start, END, BATCH);
        for (const record of records) {
          from.payloadOf(record);
          target ??= openDatabase(environment, from.name, folder, { create: true, onRead: () => {} });
          target?.append(record);
          bytes += record.key.length + record.value.length;
        }
        const last = records[records.length - 1]?.key;
        start = last === undefined || records.length < BATCH ? undefined : Buffer.concat([last, Uint8Array.of(0)]);
      }
    });
  }
}

function checkRoom(folder: string, from: OpenFile): void {
  const { pageSize = 4096 } = from.environment.getStats() as { pageSize?: number };
  const wanted = from.usedPages() * pageSize + SPARE_BYTES;
  const free = freeBytesOf(folder);
  if (free >= wanted) return;
  throw new StoreError(
    'STORE_IO',
    `${folder}: compacting: ${free} bytes free on the disk, expected ${wanted} for a copy of what is in use; make space, or export and import into a folder elsewhere`,
  );
}
