/**
 * Reads a block file (format.ts): filter, index, cache, then a search inside one block.
 *
 * Hot path: `find` allocates nothing unless a block has to be read.
 */
import { VarintReader } from '../bytes/varint.ts';
import { StoreError } from '../errors.ts';
import type { Filter } from '../filters/filter.ts';
import { NoFilter } from '../filters/open.ts';
import {
  type BytesRef,
  type Cursor,
  type KeyBatch,
  type MayRead,
  MISS,
  type Store,
  type StoreKind,
  type StoreMemory,
  type ValueKind,
} from '../store.ts';
import { BatchReader, type WantedBlock } from './batch-reader.ts';
import { BlockLoader, type BlocksCounters, KEPT_BYTES, type LoadedBlock } from './block-loader.ts';
import type { BlockSearch } from './block-search.ts';
import { BlockCache, DEFAULT_SLOT_BYTES, LEAST_SLOTS } from './cache.ts';
import { BlocksCursor } from './cursor.ts';
import { FixedBlockSearch } from './fixed-block.ts';
import type { BlocksMeta } from './format.ts';
import { BlockIndex } from './index.ts';
import { IndexEntries } from './index-format.ts';
import { type OpenedBlocks, pinnedBytesOf, readStructure } from './open.ts';
import { type ByteSource, FileSource } from './source.ts';
import { StringBlockSearch } from './string-block.ts';
import { verifyBlocks } from './verify.ts';
import { type WarmUpTarget, warmUp } from './warm-up.ts';

/** How to open a block file. */
export interface OpenBlocksOptions {
  /** Behaviour: the cache shared with other files; by default one of at most 8 MiB for this file alone. */
  readonly cache?: BlockCache;
  /**
   * Behaviour: how `findMany` reads blocks that are not cached. `sync` (default): at once, from the page cache in a few
   * microseconds. `async`: gathered, in parallel, without blocking, for disks that are cold or slow.
   */
  readonly io?: 'sync' | 'async';
  /**
   * Performance: the index of blocks is kept in memory whole when it takes at most about this many bytes (default
   * 8 MiB, enough for a file of 800 MiB); else its partitions go through the cache.
   */
  readonly pinnedIndexBytes?: number;
}

const DEFAULT_CACHE_BYTES = 8 << 20;
const DEFAULT_PINNED_INDEX_BYTES = 8 << 20;

/**
 * Opens a block file. Reads its trailer, its description, its filter and the top of its index.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`, `STORE_IO`; `STORE_MEMORY`
 *   when what it must keep in memory is over the cache's limit
 */
export function openBlocks(path: string, options: OpenBlocksOptions = {}): BlocksReader {
  return openBlocksSource(new FileSource(path), options);
}

/** Opens a block file over any source of bytes, which the reader then owns. Throws as `openBlocks`. */
export function openBlocksSource(source: ByteSource, options: OpenBlocksOptions = {}): BlocksReader {
  try {
    const pinnedIndexBytes = options.pinnedIndexBytes ?? DEFAULT_PINNED_INDEX_BYTES;
    const opened = readStructure(source, pinnedIndexBytes, options.cache);
    const cache = options.cache ?? new BlockCache({ capacityBytes: lonelyCacheBytes(opened.meta) });
    return new BlocksReader(source, opened, cache, options.io ?? 'sync');
  } catch (error) {
    source.close();
    throw error;
  }
}

/** A cache of its own never needs more than the whole file, with a slot to spare. */
function lonelyCacheBytes(meta: BlocksMeta): number {
  const slotBytes = Math.max(DEFAULT_SLOT_BYTES, meta.largestBlock);
  return Math.min(DEFAULT_CACHE_BYTES, (meta.blockCount + meta.partitionCount + LEAST_SLOTS) * slotBytes);
}

/** A block file, open for look-ups. */
export class BlocksReader implements Store, MayRead {
  readonly storeKind: StoreKind = 'blocks';
  readonly valueKind: ValueKind;
  readonly path: string;
  readonly keyCount: number;
  readonly meta: BlocksMeta;
  readonly counters: BlocksCounters;
  readonly cache: BlockCache;
  readonly #source: ByteSource;
  readonly #async: boolean;
  readonly #loader: BlockLoader;
  readonly #batch: BatchReader;
  readonly #search: BlockSearch;
  readonly #partitionSearch: StringBlockSearch;
  readonly #varint: VarintReader;
  readonly #flat: boolean;
  /** Let go by `close`, with all that they hold. */
  #opened: OpenedBlocks | undefined;
  #filter: Filter;
  #index: BlockIndex;
  #closed: boolean;
  /** Whether a look-up has more to do first: the file is closed, or the previous look-up may have left something to release. */
  #hindered: boolean;
  /** Where `#locate` says that a key's block lies. */
  #ordinal: number;
  #offset: number;
  #length: number;
  /** Home of the values that `findBytes` lends: at most `KEPT_BYTES`. */
  #value: Uint8Array;
  /** A value larger than that, until the next look-up. */
  #largeValue: Uint8Array;

  /** Of `openBlocks`: `opened` was read from `source` and pinned in `cache`. */
  constructor(source: ByteSource, opened: OpenedBlocks, cache: BlockCache, io: 'sync' | 'async') {
    const { meta, flat, root } = opened;
    this.valueKind = meta.valueKind;
    this.path = source.path;
    this.keyCount = meta.keyCount;
    this.meta = meta;
    this.cache = cache;
    this.#source = source;
    this.#async = io === 'async';
    this.#loader = new BlockLoader(source, meta, cache);
    this.#batch = new BatchReader(source, this.#loader);
    this.counters = this.#loader.counters;
    this.#search =
      meta.keyBytes > 0 ? new FixedBlockSearch(meta.valueKind, meta.keyBytes) : new StringBlockSearch(meta.valueKind);
    this.#partitionSearch = new StringBlockSearch('bytes');
    this.#varint = new VarintReader();
    this.#flat = flat !== undefined;
    this.#opened = opened;
    this.#filter = opened.filter;
    this.#index = flat ?? root;
    this.#closed = false;
    this.#hindered = false;
    this.#ordinal = 0;
    this.#offset = 0;
    this.#length = 0;
    this.#value = EMPTY;
    this.#largeValue = EMPTY;
  }

  /** Bytes of the filter, which are pinned. */
  get filterBytes(): number {
    return this.#filter.byteLength;
  }

  find(key: Uint8Array, start: number, end: number): number {
    if (this.#hindered) this.#makeReady();
    if (!this.#filter.mayContain(key, start, end)) {
      this.counters.filterNegatives++;
      return MISS;
    }
    this.counters.blockLookups++;
    const value = this.#findInBlock(key, start, end);
    if (value === MISS) this.counters.filterFalsePositives++;
    return value;
  }

  findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean {
    if (this.valueKind !== 'bytes') {
      throw new StoreError('STORE_VALUE_KIND', `${this.path}: asked for a byte string, holds ${this.valueKind} values`);
    }
    const length = this.find(key, start, end);
    if (length === MISS) return false;
    // The slot may be another block's after the next read through the shared cache, so the value is copied out.
    const home = length > KEPT_BYTES ? this.#homeOfLarge(length) : this.#homeOfSmall(length);
    const { values } = this.#search;
    copyBytes(this.#loader.bytes, values.start, values.end, home);
    this.#loader.letGo();
    out.bytes = home;
    out.start = 0;
    out.end = length;
    return true;
  }

  /**
   * As in `Store`. With `io: 'async'` the promise, if there is one, stands for the reads of blocks that are not cached;
   * `keys` and `values` must be left alone until it is settled. The blocks read are then in the cache, so that
   * `findBytes` of the keys found seldom reads again.
   */
  findMany(keys: KeyBatch, values: Float64Array): Promise<void> | undefined {
    if (this.#hindered) this.#makeReady();
    if (this.#async) return this.#findManyAsync(keys, values);
    for (let i = 0; i < keys.count; i++) {
      values[i] = this.find(keys.bytes, keys.offsets[i]!, keys.offsets[i + 1]!);
    }
    return undefined;
  }

  cursor(): Cursor {
    return new BlocksCursor(this.#source, this.#structure(), () => this.#structure());
  }

  memory(): StoreMemory {
    if (this.#opened === undefined) return { pinnedBytes: 0, cachedBytes: 0 };
    const ownBytes = this.#loader.byteLength + this.#value.length + this.#largeValue.length;
    const pinnedBytes = pinnedBytesOf(this.#opened) + ownBytes;
    return { pinnedBytes, cachedBytes: this.cache.usedBytes };
  }

  verify(): void {
    verifyBlocks(this.#source, this.#structure());
  }

  /**
   * Reads the file ahead of its use, without blocking: into the system's page cache (`pages`), or into the block cache
   * as far as that has room (`cache`). Returns the bytes read.
   */
  warmUp(target: WarmUpTarget): Promise<number> {
    return warmUp(target, this.#source, this.#structure(), this.#loader, this.cache, () => this.#closed);
  }

  close(): void {
    if (this.#opened === undefined) return;
    this.cache.unpin(pinnedBytesOf(this.#opened));
    this.#closed = true;
    this.#hindered = true;
    this.#opened = undefined;
    this.#batch.close();
    this.#loader.close();
    this.#source.close();
    this.#filter = new NoFilter();
    this.#index = NO_INDEX;
    this.#value = EMPTY;
    this.#largeValue = EMPTY;
  }

  /** Before a look-up: releases what the previous one left if it is too large to keep. */
  #makeReady(): void {
    if (this.#closed) throw this.#closedError();
    this.#loader.letGo();
    this.#largeValue = EMPTY;
    this.#hindered = false;
  }

  #homeOfSmall(length: number): Uint8Array {
    if (this.#value.length < length) this.#value = new Uint8Array(Math.min(KEPT_BYTES, 2 * length));
    return this.#value;
  }

  #homeOfLarge(length: number): Uint8Array {
    this.#largeValue = new Uint8Array(length);
    this.#hindered = true;
    return this.#largeValue;
  }

  #findInBlock(key: Uint8Array, start: number, end: number): number {
    const index = this.#index;
    if (index.count === 0) return MISS;
    const loader = this.#loader;
    const at = index.find(key, start, end);
    if (this.#flat) {
      if (!loader.find(at)) this.#load(at, index.offsets[at]!, index.lengths[at]!);
    } else {
      const partition = this.meta.blockCount + at;
      if (!loader.find(partition)) this.#load(partition, index.offsets[at]!, index.lengths[at]!);
      if (!this.#locate(loader, key, start, end)) return MISS;
      if (!loader.find(this.#ordinal)) this.#load(this.#ordinal, this.#offset, this.#length);
    }
    return this.#search.find(loader.bytes, loader.start, loader.end, key, start, end);
  }

  #load(ordinal: number, offset: number, length: number): void {
    this.#hindered = true;
    this.#loader.load(ordinal, offset, length);
  }

  /** Finds where the key's data block lies in the index partition given; false when it can be in none. */
  #locate(partition: LoadedBlock, key: Uint8Array, start: number, end: number): boolean {
    const search = this.#partitionSearch;
    const { bytes } = partition;
    if (!search.findFloor(bytes, partition.start, partition.end, key, start, end)) return false;
    const varint = this.#varint;
    const valueEnd = search.values.end;
    this.#offset = varint.read(bytes, search.values.start, valueEnd);
    this.#length = varint.read(bytes, varint.offset, valueEnd);
    this.#ordinal = varint.read(bytes, varint.offset, valueEnd);
    return true;
  }

  #findManyAsync(keys: KeyBatch, values: Float64Array): Promise<void> | undefined {
    let waiting: number[] | undefined;
    for (let i = 0; i < keys.count; i++) {
      const start = keys.offsets[i]!;
      const end = keys.offsets[i + 1]!;
      if (!this.#filter.mayContain(keys.bytes, start, end)) {
        this.counters.filterNegatives++;
        values[i] = MISS;
      } else if (this.#isCached(keys.bytes, start, end)) {
        this.counters.blockLookups++;
        values[i] = this.#findInBlock(keys.bytes, start, end);
        if (values[i] === MISS) this.counters.filterFalsePositives++;
      } else if (waiting === undefined) waiting = [i];
      else waiting.push(i);
    }
    return waiting === undefined ? undefined : this.#readAndFind(keys, values, waiting);
  }

  /** Whether a look-up of the key needs no read: the filter answers it, or its blocks are cached. */
  isAtHand(key: Uint8Array, start: number, end: number): boolean {
    if (this.#closed) throw this.#closedError();
    return !this.#filter.mayContain(key, start, end) || this.#isCached(key, start, end);
  }

  /** Whether all blocks that a look-up needs are cached. */
  #isCached(key: Uint8Array, start: number, end: number): boolean {
    const index = this.#index;
    if (index.count === 0) return true;
    const loader = this.#loader;
    const at = index.find(key, start, end);
    if (this.#flat) return loader.isCached(at);
    const partition = this.meta.blockCount + at;
    if (!loader.isCached(partition)) return false;
    loader.find(partition);
    return !this.#locate(loader, key, start, end) || loader.isCached(this.#ordinal);
  }

  /** Answers the keys `waiting`: reads their index partitions where these are not pinned, then their blocks. */
  async #readAndFind(keys: KeyBatch, values: Float64Array, waiting: readonly number[]): Promise<void> {
    const index = this.#index;
    const found = waiting.map((i) => index.find(keys.bytes, keys.offsets[i]!, keys.offsets[i + 1]!));
    const base = this.#flat ? 0 : this.meta.blockCount;
    let blocks = await this.#batch.read(
      distinct(found.map((at) => ({ ordinal: base + at, offset: index.offsets[at]!, length: index.lengths[at]! }))),
    );
    if (this.#closed) throw this.#closedError();
    let ordinals = found.map((at) => base + at);
    if (!this.#flat) {
      const wanted = waiting.map((i, n) => {
        const partition = blocks.get(ordinals[n]!)!;
        const located = this.#locate(partition, keys.bytes, keys.offsets[i]!, keys.offsets[i + 1]!);
        return located ? { ordinal: this.#ordinal, offset: this.#offset, length: this.#length } : undefined;
      });
      blocks = await this.#batch.read(distinct(wanted.filter((block) => block !== undefined)));
      ordinals = wanted.map((block) => block?.ordinal ?? -1);
    }
    if (this.#closed) throw this.#closedError();
    waiting.forEach((i, n) => {
      const block = blocks.get(ordinals[n]!);
      this.counters.blockLookups++;
      values[i] =
        block === undefined
          ? MISS
          : this.#search.find(block.bytes, block.start, block.end, keys.bytes, keys.offsets[i]!, keys.offsets[i + 1]!);
      if (values[i] === MISS) this.counters.filterFalsePositives++;
    });
  }

  #structure(): OpenedBlocks {
    if (this.#opened === undefined) throw this.#closedError();
    return this.#opened;
  }

  #closedError(): StoreError {
    return new StoreError('STORE_CLOSED', `${this.path}: used after close(); open the file again`);
  }
}

const EMPTY = new Uint8Array(0);
const NO_INDEX = new BlockIndex(new IndexEntries().columns());

function distinct(blocks: readonly WantedBlock[]): WantedBlock[] {
  return [...new Map(blocks.map((block) => [block.ordinal, block])).values()];
}

/** Copies `from[start, end)` to the start of `to`: by hand when short, where `set` with `subarray` costs 100 ns. */
function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array): void {
  if (end - start > 64) {
    to.set(from.subarray(start, end));
    return;
  }
  for (let i = start; i < end; i++) to[i - start] = from[i]!;
}
