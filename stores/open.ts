/** Opens a store file of any kind by the magic number that it begins with. */

import { closeSync, openSync, readSync } from 'node:fs';
import type { BlockCache } from './blocks/cache.ts';
import { BLOCKS_MAGIC } from './blocks/format.ts';
import { openBlocks } from './blocks/reader.ts';
import { StoreError, unreadable } from './errors.ts';
import { FST_MAGIC } from './fst/format.ts';
import { openFst, openFstBytes } from './fst/reader.ts';
import { SCORES_MAGIC } from './scores/format.ts';
import { openScores, openScoresBytes } from './scores/reader.ts';
import type { Store } from './store.ts';

/** Options that some kinds of store heed and others ignore. */
export interface OpenStoreOptions {
  /** How much is checked at once: see `OpenFstOptions.check`. */
  readonly check?: 'full' | 'header';
  /** Block files: the cache that the files of a dataset share. */
  readonly cache?: BlockCache;
  /** Block files: how `findMany` reads what is not cached, at once (`sync`, the default) or without blocking. */
  readonly io?: 'sync' | 'async';
  /** The file's bytes, where they were read already. They must not change while the store is open. */
  readonly bytes?: Uint8Array;
}

const MAGIC_BYTES = 8;

interface Opener {
  open(path: string, options: OpenStoreOptions): Store;
  /** For kinds that lie in memory whole. */
  openBytes?(bytes: Uint8Array, path: string, options: OpenStoreOptions): Store;
}

/** One line a kind of file. */
const OPENERS: Readonly<Record<string, Opener>> = Object.freeze({
  [FST_MAGIC]: { open: openFst, openBytes: openFstBytes },
  [BLOCKS_MAGIC]: { open: openBlocks },
  [SCORES_MAGIC]: { open: openScores, openBytes: openScoresBytes },
});

/**
 * Opens the store file at `path`, whatever its kind.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO`; `STORE_FOREIGN` when no kind of store begins so; what the kind's own open throws
 */
export function openStore(path: string, options: OpenStoreOptions = {}): Store {
  const { bytes } = options;
  const magic = bytes === undefined ? readMagic(path) : magicOf(bytes);
  const opener = Object.hasOwn(OPENERS, magic) ? OPENERS[magic] : undefined;
  if (opener === undefined) {
    throw new StoreError(
      'STORE_FOREIGN',
      `${path}: opening a store: expected a file that begins with ${Object.keys(OPENERS).join(' or ')}, found ${JSON.stringify(magic)}; it is not a store of emend`,
    );
  }
  if (bytes !== undefined && opener.openBytes !== undefined) return opener.openBytes(bytes, path, options);
  return opener.open(path, options);
}

function magicOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAGIC_BYTES)).toString('latin1');
}

function readMagic(path: string): string {
  const bytes = Buffer.alloc(MAGIC_BYTES);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw unreadable(path, 'opening a store', cause);
  }
  try {
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, MAGIC_BYTES, 0));
  } catch (cause) {
    throw unreadable(path, 'opening a store', cause);
  } finally {
    closeSync(file);
  }
}
