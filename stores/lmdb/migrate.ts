/**
 * Takes over collections of format version 1: `data.mdb` with one database, written by programs of before.
 *
 * All is copied to a new file under the old one's write lock, the old environment is marked as one of version 2, which
 * programs that have it open refuse from then on. A copy of the old file stays as `data-1.mdb`. A program that is stopped in
 * between leaves the old state or both, and the next writer begins again.
 */
import { closeSync, copyFileSync, existsSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../errors.ts';
import type { CollectionWriter } from './collection-writer.ts';
import { closeEnvironment, hasEnvironment, openEnvironment } from './environment.ts';
import { COLLECTIONS_FILE } from './format.ts';
import { collections1, entries1, readHead1, retire1 } from './format-1.ts';
import { kindOfDataFile, replaceByMarker } from './marker.ts';

/** A copy of the old file, for the way back. */
export const OLD_FILE = 'data-1.mdb';

/** What a migration needs of the collections that it makes. */
interface NewCollections {
  readonly write: CollectionWriter;
  close(): void;
}

/** Whether there are collections in the folder, of whatever version; a file that a writer has only begun to make is none yet. */
export function hasCollections(folder: string): boolean {
  // A missing folder is asked for at every request of a service without rules: an open that fails costs an exception.
  return existsSync(folder) && (hasEnvironment(folder, COLLECTIONS_FILE) || needsMigration(folder));
}

/**
 * Whether there is an environment of version 1 in the folder that is still in use. About 10 us.
 *
 * @throws {StoreError} `STORE_FOREIGN` for a `data.mdb` of others
 */
export function needsMigration(folder: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(join(folder, 'data.mdb'), 'r');
  } catch {
    return false;
  }
  try {
    const head = Buffer.alloc(32);
    const length = readSync(descriptor, head, 0, head.length, 0);
    const kind = length === 0 ? 'marker' : kindOfDataFile(head.subarray(0, length));
    if (kind !== 'foreign') return kind === 'lmdb';
    throw new StoreError('STORE_FOREIGN', `${folder}/data.mdb: not an LMDB data file; name another folder`);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Takes the folder's collections over.
 *
 * @param open makes and opens new collections in a folder
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`, `STORE_IO`
 */
export function migrate(folder: string, open: (folder: string) => NewCollections): void {
  const doing = `${folder}: taking over collections of format version 1`;
  const old = openEnvironment(folder, { readOnly: false });
  const temporary = join(folder, `migration-${process.pid}.tmp`);
  try {
    rmSync(temporary, { recursive: true, force: true });
    // Another process may do the same: the second finds the old environment retired.
    old.transactionSync(() => {
      const head = readHead1(old, folder);
      if (head?.version === 2) return;
      if (head !== undefined && head.version !== 1) {
        throw new StoreError('STORE_VERSION', `${doing}: found version ${head.version}; use the program that wrote it`);
      }
      const collections = open(temporary);
      try {
        for (const { name, kind, textVersion, detail } of collections1(old, folder)) {
          const entries = entries1(old, name, folder);
          const isText = kind === 'bytes' && textVersion !== 0;
          const description = { kind: isText ? 'map' : kind, textVersion, detail } as const;
          collections.write.replace(name, description, entriesOf(description.kind, entries));
        }
      } finally {
        collections.close();
      }
      // A hard link or a rename would do, but not where the folder is a mount of its own file system over the old one.
      copyFileSync(join(temporary, COLLECTIONS_FILE), join(folder, `${COLLECTIONS_FILE}.tmp`));
      renameSync(join(folder, `${COLLECTIONS_FILE}.tmp`), join(folder, COLLECTIONS_FILE));
      rmSync(join(folder, `${COLLECTIONS_FILE}-lock`), { force: true });
      copyFileSync(join(folder, 'data.mdb'), join(folder, OLD_FILE));
      retire1(old, head?.generation ?? 0);
    });
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError('STORE_IO', `${doing}: ${(cause as Error).message}; check space and who may write`, { cause });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    closeEnvironment(old);
  }
  if (!needsMigration(folder) || !existsSync(join(folder, COLLECTIONS_FILE))) return;
  replaceByMarker(folder);
}

/** Byte strings of a collection of text are text: the rules of before had no maps. */

function* entriesOf(
  kind: string,
  entries: Iterable<{ key: Uint8Array; payload: Buffer }>,
): Generator<{ key: Uint8Array; value?: unknown }> {
  for (const { key, payload } of entries) {
    if (kind === 'set') yield { key };
    else if (kind === 'map') yield { key, value: payload.toString() };
    else yield { key, value: kind === 'uint' ? payload.readDoubleLE(0) : payload };
  }
}
