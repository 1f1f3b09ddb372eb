import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BlocksCounters } from '../blocks/block-loader.ts';
import { BlockCache } from '../blocks/cache.ts';
import { BlocksReader } from '../blocks/reader.ts';
import { decodeChannel } from '../channel/format.ts';
import { GroupChannel } from '../channel/group-channel.ts';
import { StoreError, unreadable } from '../errors.ts';
import { type LetterModel, openLetters } from '../letters/letter-model.ts';
import { type Lexicon, openLexicon } from '../lexicon/lexicon.ts';
import { type Neighbours, openNeighbours } from '../neighbours/neighbours.ts';
import { openStore } from '../open.ts';
import type { Store, StoreMemory } from '../store.ts';
import { TEXT_VERSION } from '../text/normalise.ts';
import { openTitles, type Titles } from '../titles/titles.ts';
import { openVectors, type Vectors } from '../vectors/vectors.ts';
import { type DatasetLanguage, readDatasetLanguage } from './dataset-language.ts';
import { checkEnds, readDigested } from './file-check.ts';
import { decodeManifest, MANIFEST_FILE, type Manifest, type ManifestFile } from './manifest.ts';

/** Bytes of the block cache that a dataset's files share, unless its opener says otherwise. */
export const DEFAULT_CACHE_BYTES = 32 << 20;

/** How to open a dataset. */
export interface OpenDatasetOptions {
  /** The cache of blocks, to be shared with other datasets; by default one of `cacheBytes` for this one alone. */
  readonly cache?: BlockCache;
  /** Bytes of that cache: more keep more of the large stores in memory. 32 MiB by default. */
  readonly cacheBytes?: number;
  /** How much of the store files is checked at once: see `OpenStoreOptions.check`. */
  readonly check?: 'full' | 'header';
  /** How `findMany` of block files reads: see `OpenStoreOptions.io`. */
  readonly io?: 'sync' | 'async';
  /** Files by path that were read already, as `readAhead` does; the others are read when they are opened. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  /** Called with a sentence about what the dataset lacks and the program's defaults replace. Ignored by default. */
  readonly onWarning?: (message: string) => void;
}

/** The stores of a dataset version by what they are for. */
export interface DatasetStores {
  /** Term -> id. */
  readonly terms: Store;
  /** Ids of a pair or triple -> cost. */
  readonly ngrams: Store;
  /** Hash of a term with one letter left out -> ids; with up to two left out. */
  readonly deletes1: Store;
  readonly deletes2: Store;
  /** Known misspelling -> what is meant by it, and what words sound like -> ids; where the dataset has them. */
  readonly misspellings: Store | undefined;
  /** Term -> the form in which the owner's documents write it; undefined where they write none with capitals inside. */
  readonly forms: Store | undefined;
  readonly phonetic: Store | undefined;
  /** Term without its marks -> ids; undefined where no term has marks, and in datasets that were built without. */
  readonly marks: Store | undefined;
  /** Id -> text, costs, standing. */
  readonly lexicon: Lexicon;
  /** What people type in place of what they mean. */
  readonly channel: GroupChannel;
  /** Vectors of words; undefined in a dataset without. */
  readonly vectors: Vectors | undefined;
  /** How likely strings are as words, by their letters; undefined in datasets that were built without. */
  readonly letters: LetterModel | undefined;
  /** Which terms the n-grams may hold side by side; undefined in datasets that were built without. */
  readonly neighbours: Neighbours | undefined;
  /** Rows of terms that something is called by; undefined in a dataset without. */
  readonly titles: Titles | undefined;
}

/** An open dataset version. */
export interface Dataset extends DatasetLanguage {
  /** `sha256:` and 64 hexadecimal digits. */
  readonly id: string;
  readonly dir: string;
  readonly manifest: Manifest;
  readonly stores: DatasetStores;
  readonly cache: BlockCache;
  /** The path of a file by what it is for, or undefined when the dataset has none such. */
  pathOf(name: string): string | undefined;
  /** Bytes held in memory by all stores; the cache's are counted once. */
  memory(): StoreMemory;
  /** What its block files counted since they were opened, added up. */
  blockCounters(): BlocksCounters;
  /** Closes all stores. A second close does nothing. */
  close(): void;
}

/**
 * Reads and checks a dataset's manifest, and that its files are there at the size it tells. Reads none of them.
 *
 * @throws {StoreError} `STORE_NOT_FOUND` when `dir` holds no manifest, `STORE_IO` when it cannot be read, `STORE_VERSION` when
 *   the dataset's format or its text version is another, `DATASET_INVALID`, `STORE_FOREIGN`
 */
export function readManifest(dir: string): Manifest {
  const path = join(dir, MANIFEST_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const missing = `expected a folder with ${MANIFEST_FILE}; build one with "emend build --out ${dir}"`;
    throw unreadable(dir, 'opening a dataset', cause, missing);
  }
  const manifest = decodeManifest(text, path);
  if (manifest.textVersion !== TEXT_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: keys of text version ${manifest.textVersion}, this program reads ${TEXT_VERSION}; build the dataset again`,
    );
  }
  for (const file of manifest.files) checkSize(dir, file);
  return manifest;
}

/**
 * Opens a dataset version: its manifest, all its stores, one block cache for them. Each file is checked to be the one that the
 * manifest lists (`file-check.ts`), and by its own checksums as its kind requires: files in memory whole, block files block by
 * block when they are read.
 *
 * @throws {StoreError} as {@link readManifest} and as opening a store does; nothing stays open then
 */
export function openDataset(dir: string, options: OpenDatasetOptions = {}): Dataset {
  const manifest = readManifest(dir);
  const cache = options.cache ?? new BlockCache({ capacityBytes: options.cacheBytes ?? DEFAULT_CACHE_BYTES });
  const opened: Store[] = [];
  const fileOf = (name: string) => manifest.files.find((candidate) => candidate.name === name);
  const pathOf = (name: string) => {
    const file = fileOf(name)?.file;
    return file === undefined ? undefined : join(dir, file);
  };
  const required = (name: string): ManifestFile => {
    const file = fileOf(name);
    if (file !== undefined) return file;
    throw new StoreError(
      'DATASET_INVALID',
      `${dir}: expected a file for "${name}", found none; build the dataset again`,
    );
  };
  const open = (name: string): Store => {
    const check = options.check === undefined ? {} : { check: options.check };
    const io = options.io === undefined ? {} : { io: options.io };
    const file = required(name);
    const path = join(dir, file.file);
    const bytes = options.files?.get(path);
    const store = openStore(path, { cache, ...check, ...io, ...(bytes === undefined ? {} : { bytes }) });
    opened.push(store);
    // Afterwards, so that a damaged file is told with the place of the damage.
    checkEnds(dir, file, bytes);
    return store;
  };
  const close = () => {
    for (const store of opened) store.close();
  };
  try {
    const checked = <T>(file: ManifestFile, openFile: (path: string, read?: Uint8Array) => T): T => {
      const path = join(dir, file.file);
      const read = options.files?.get(path);
      const part = openFile(path, read);
      checkEnds(dir, file, read);
      return part;
    };
    const optional = <T>(name: string, openFile: (path: string, read?: Uint8Array) => T): T | undefined => {
      const file = fileOf(name);
      return file === undefined ? undefined : checked(file, openFile);
    };
    const channel = required('channel');
    const stores: DatasetStores = {
      terms: open('terms'),
      ngrams: open('ngrams'),
      deletes1: open('deletes1'),
      deletes2: open('deletes2'),
      misspellings: pathOf('misspellings') === undefined ? undefined : open('misspellings'),
      forms: pathOf('forms') === undefined ? undefined : open('forms'),
      phonetic: pathOf('phonetic') === undefined ? undefined : open('phonetic'),
      marks: pathOf('marks') === undefined ? undefined : open('marks'),
      lexicon: checked(required('lexicon'), (path, read) => openLexicon(path, TEXT_VERSION, read)),
      channel: new GroupChannel(decodeChannel(readDigested(dir, channel), join(dir, channel.file))),
      vectors: optional('vectors', openVectors),
      letters: optional('letters', openLetters),
      neighbours: optional('neighbours', openNeighbours),
      titles: optional('titles', openTitles),
    };
    checkNeighbours(dir, stores);
    const memory = () => memoryOf(opened, stores, cache);
    const blockCounters = () => countersOf(opened);
    const language = readDatasetLanguage(dir, manifest, options.onWarning);
    return { id: manifest.id, dir, manifest, stores, ...language, cache, pathOf, memory, blockCounters, close };
  } catch (error) {
    close();
    throw error;
  }
}

function countersOf(stores: readonly Store[]): BlocksCounters {
  const sum = { filterNegatives: 0, filterFalsePositives: 0, blockLookups: 0, reads: 0, readBytes: 0 };
  for (const store of stores) {
    if (!(store instanceof BlocksReader)) continue;
    const { counters } = store;
    sum.filterNegatives += counters.filterNegatives;
    sum.filterFalsePositives += counters.filterFalsePositives;
    sum.blockLookups += counters.blockLookups;
    sum.reads += counters.reads;
    sum.readBytes += counters.readBytes;
  }
  return sum;
}

function memoryOf(
  opened: readonly Store[],
  { lexicon, vectors, letters, neighbours, titles }: DatasetStores,
  cache: BlockCache,
): StoreMemory {
  let pinnedBytes = lexicon.bytes;
  for (const part of [vectors, letters, neighbours, titles]) pinnedBytes += part?.bytes ?? 0;
  for (const store of opened) pinnedBytes += store.memory().pinnedBytes;
  return { pinnedBytes, cachedBytes: cache.usedBytes };
}

/** Another dataset's neighbours would turn n-grams away that are there. */
function checkNeighbours(dir: string, { lexicon, neighbours }: DatasetStores): void {
  if (neighbours === undefined || neighbours.termCount === lexicon.termCount) return;
  throw new StoreError(
    'DATASET_INVALID',
    `${dir}: expected neighbours of ${lexicon.termCount} terms, found ${neighbours.termCount}; build the dataset again`,
  );
}

function checkSize(dir: string, file: ManifestFile): void {
  const path = join(dir, file.file);
  let found: number | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false })?.size;
  } catch (cause) {
    throw unreadable(path, 'opening a dataset', cause);
  }
  if (found === file.bytes) return;
  const size = found === undefined ? 'no such file' : `${found}`;
  throw new StoreError(
    'DATASET_INVALID',
    `${path}: expected ${file.bytes} bytes, found ${size}; restore the dataset from a copy or build it again`,
  );
}
