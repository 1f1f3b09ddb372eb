/**
 * Opens an LMDB environment, a folder with `data.mdb` and `lock.mdb`, after a look at its pages: LMDB itself trusts its
 * file, and kills the process where one is damaged or cut.
 */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { StoreError } from '../errors.ts';
import { checkPages } from './page-check.ts';

/** An environment's one database: keys and values are bytes. */
export type Environment = RootDatabase<Uint8Array, Uint8Array>;

export interface EnvironmentOptions {
  /** Opened for reading alone: the folder must exist. */
  readonly readOnly: boolean;
  /** Bytes of address space set aside for the map; the file is no larger than its contents. */
  readonly mapBytes?: number;
}

/** 1 GiB of address space costs nothing until it is filled, and spares readers a new map whenever a writer grows the file. */
const MAP_BYTES = 2 ** 30;

let lmdb: typeof import('lmdb') | undefined;

/** Loaded when first needed, since it takes 25 to 50 ms: a server without rules starts without it. */
function loadLmdb(): typeof import('lmdb') {
  lmdb ??= createRequire(import.meta.url)('lmdb') as typeof import('lmdb');
  return lmdb;
}

/** Whether there is an environment in the folder. About 2 us. */
export function hasEnvironment(folder: string): boolean {
  return existsSync(join(folder, 'data.mdb'));
}

/**
 * Opens the environment in `folder`, making it unless `readOnly`.
 *
 * @throws {StoreError} `STORE_NOT_FOUND` when there is none to read; `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT` for a
 *   `data.mdb` that LMDB should not be shown; `STORE_IO` when the folder cannot be made or its files opened
 */
export function openEnvironment(folder: string, options: EnvironmentOptions): Environment {
  const doing = `${folder}: opening an LMDB environment`;
  const exists = hasEnvironment(folder);
  if (!exists && options.readOnly) {
    throw new StoreError('STORE_NOT_FOUND', `${doing}: there is no data.mdb in it; import something first`);
  }
  try {
    if (exists) accessSync(join(folder, 'data.mdb'), constants.R_OK | (options.readOnly ? 0 : constants.W_OK));
    else mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new StoreError('STORE_IO', `${doing}: ${(cause as Error).message}; check who may read and write it`, {
      cause,
    });
  }
  if (exists) checkPages(join(folder, 'data.mdb'));
  try {
    return loadLmdb().open<Uint8Array, Uint8Array>({
      path: folder,
      noSubdir: false,
      readOnly: options.readOnly,
      keyEncoding: 'binary',
      encoding: 'binary',
      mapSize: options.mapBytes ?? MAP_BYTES,
      // Commits reach the disk before they are seen: a rule that was answered with is never lost.
      overlappingSync: false,
    });
  } catch (cause) {
    throw new StoreError('STORE_IO', `${doing}: ${(cause as Error).message}; check who may read and write it`, {
      cause,
    });
  }
}
