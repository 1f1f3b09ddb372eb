/**
 * Reads a block file (format.ts): filter, index, cache, then a search inside one block.
 *
 * Hot path: `find` allocates nothing unless a block has to be read.
 */
import { VarintReader } from '../bytes/varint.ts';
import { corrupt, StoreError } from '../errors.ts';
import { type Filter, NoFilter } from '../filters/filter.ts';
import {
  type BytesRef,
  type Cursor,
  type KeyBatch,
  MISS,
  type Store,
  type StoreKind,
  type StoreMemory,
  type ValueKind,
} from '../store.ts';
import type { BlockSearch } from './block-search.ts';
import { BlockCache, DEFAULT_SLOT_BYTES } from './cache.ts';
import { BlocksCursor } from './cursor.ts';
import { FixedBlockSearch } from './fixed-block.ts';
import { type BlocksMeta, CHECKSUM_BYTES, isIntact } from './format.ts';
import type { BlockIndex } from './index.ts';
import { type OpenedBlocks, readStructure } from './open.ts';
import { type ByteSource, FileSource } from './source.ts';
import { StringBlockSearch } from './string-block.ts';
import { verifyBlocks } from './verify.ts';

/** What one reader counted since it was opened. Plain numbers, for `/metrics` and reports. */
export interface BlocksCounters {
  /** Look-ups that the filter answered: surely absent. */
  filterNegatives: number;
  /** Look-ups that the filter let through and whose key was absent. */
  filterFalsePositives: number;
  /** Blocks read from the source, index partitions included. */
  reads: number;
  /** Their bytes. */
  readBytes: number;
}

/** How to open a block file. */
export interface OpenBlocksOptions {
  /** Behaviour: the cache shared with other files; by default one of 8 MiB for this file alone. */
  readonly cache?: BlockCache;
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
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`, `STORE_IO`
 */
export function openBlocks(path: string, options: OpenBlocksOptions = {}): BlocksReader {
  return openBlocksSource(new FileSource(path), options);
}

/** Opens a block file over any source of bytes, which the reader then owns. Throws as `openBlocks`. */
export function openBlocksSource(source: ByteSource, options: OpenBlocksOptions = {}): BlocksReader {
  try {
    const opened = readStructure(source, options.pinnedIndexBytes ?? DEFAULT_PINNED_INDEX_BYTES);
    const cache = options.cache ?? new BlockCache({ capacityBytes: lonelyCacheBytes(opened.meta) });
    return new BlocksReader(source, opened, cache);
  } catch (error) {
    source.close();
    throw error;
  }
}

/** A cache of its own never needs more than the whole file, with a slot to spare. */
function lonelyCacheBytes(meta: BlocksMeta): number {
  const slotBytes = Math.max(DEFAULT_SLOT_BYTES, meta.largestBlock);
  return Math.min(DEFAULT_CACHE_BYTES, (meta.blockCount + meta.partitionCount + 2) * slotBytes);
}

/** A block file, open for look-ups. */
export class BlocksReader implements Store {
  readonly storeKind: StoreKind = 'blocks';
  readonly valueKind: ValueKind;
  readonly path: string;
  readonly keyCount: number;
  readonly meta: BlocksMeta;
  readonly counters: BlocksCounters;
  readonly cache: BlockCache;
  readonly #source: ByteSource;
  /** Let go by `close`, with all that it holds. */
  #opened: OpenedBlocks | undefined;
  #filter: Filter;
  readonly #search: BlockSearch;
  readonly #partitionSearch: StringBlockSearch;
  readonly #varint: VarintReader;
  readonly #firstId: number;
  #index: BlockIndex | undefined;
  readonly #flat: boolean;
  #closed: boolean;
  /** The block that the last `#fetch` brought: `#bytes[#start, #end)`. */
  #bytes: Uint8Array;
  #start: number;
  #end: number;
  #lastId: number;
  #lastSlot: number;
  /** Home of blocks too large for a slot, and of the values that `findBytes` lends. */
  #large: Uint8Array;
  #value: Uint8Array;

  constructor(source: ByteSource, opened: OpenedBlocks, cache: BlockCache) {
    const { meta, flat, root } = opened;
    this.valueKind = meta.valueKind;
    this.path = source.path;
    this.keyCount = meta.keyCount;
    this.meta = meta;
    this.counters = { filterNegatives: 0, filterFalsePositives: 0, reads: 0, readBytes: 0 };
    this.cache = cache;
    this.#source = source;
    this.#opened = opened;
    this.#filter = opened.filter;
    this.#search =
      meta.keyBytes > 0 ? new FixedBlockSearch(meta.valueKind, meta.keyBytes) : new StringBlockSearch(meta.valueKind);
    this.#partitionSearch = new StringBlockSearch('bytes');
    this.#varint = new VarintReader();
    this.#firstId = cache.register(meta.blockCount + meta.partitionCount, meta.largestBlock);
    this.#index = flat ?? root;
    this.#flat = flat !== undefined;
    this.#closed = false;
    this.#bytes = EMPTY;
    this.#start = 0;
    this.#end = 0;
    this.#lastId = -1;
    this.#lastSlot = 0;
    this.#large = EMPTY;
    this.#value = EMPTY;
  }

  find(key: Uint8Array, start: number, end: number): number {
    if (this.#closed) throw this.#closedError();
    if (!this.#filter.mayContain(key, start, end)) {
      this.counters.filterNegatives++;
      return MISS;
    }
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
    if (this.#value.length < length) this.#value = new Uint8Array(2 * length);
    copyBytes(this.#bytes, this.#search.values.start, this.#search.values.end, this.#value);
    out.bytes = this.#value;
    out.start = 0;
    out.end = length;
    return true;
  }

  findMany(keys: KeyBatch, values: Float64Array): undefined {
    for (let i = 0; i < keys.count; i++) {
      values[i] = this.find(keys.bytes, keys.offsets[i]!, keys.offsets[i + 1]!);
    }
  }

  cursor(): Cursor {
    return new BlocksCursor(this.#source, this.#structure(), () => this.#structure());
  }

  memory(): StoreMemory {
    if (this.#opened === undefined) return { pinnedBytes: 0, cachedBytes: 0 };
    const { filter, root, flat } = this.#opened;
    const pinnedBytes = filter.byteLength + root.byteLength + (flat?.byteLength ?? 0) + this.#large.length;
    return { pinnedBytes, cachedBytes: this.cache.usedBytes };
  }

  verify(): void {
    verifyBlocks(this.#source, this.#structure());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#source.close();
    this.#opened = undefined;
    this.#index = undefined;
    this.#filter = new NoFilter();
    this.#bytes = EMPTY;
    this.#large = EMPTY;
    this.#value = EMPTY;
  }

  #findInBlock(key: Uint8Array, start: number, end: number): number {
    const index = this.#index;
    if (index === undefined || index.count === 0) return MISS;
    const at = index.find(key, start, end);
    if (this.#flat) this.#fetch(at, index.offsets[at]!, index.lengths[at]!);
    else if (!this.#fetchThroughPartition(index, at, key, start, end)) return MISS;
    return this.#search.find(this.#bytes, this.#start, this.#end, key, start, end);
  }

  /** Finds the data block in index partition `partition` and fetches it. */
  #fetchThroughPartition(root: BlockIndex, partition: number, key: Uint8Array, start: number, end: number): boolean {
    this.#fetch(this.meta.blockCount + partition, root.offsets[partition]!, root.lengths[partition]!);
    const search = this.#partitionSearch;
    const bytes = this.#bytes;
    if (!search.findFloor(bytes, this.#start, this.#end, key, start, end)) return false;
    const varint = this.#varint;
    const valueEnd = search.values.end;
    const offset = varint.read(bytes, search.values.start, valueEnd);
    const length = varint.read(bytes, varint.offset, valueEnd);
    const ordinal = varint.read(bytes, varint.offset, valueEnd);
    this.#fetch(ordinal, offset, length);
    return true;
  }

  /** Brings block `ordinal` (data blocks first, then partitions) of `length` stored bytes at `offset`. */
  #fetch(ordinal: number, offset: number, length: number): void {
    const id = this.#firstId + ordinal;
    const cache = this.cache;
    // The block of the look-up before: no need to ask the cache, nor to count as a second use.
    if (id === this.#lastId && cache.holds(this.#lastSlot, id)) {
      this.#point(this.#lastSlot);
      return;
    }
    let slot = cache.find(id);
    if (slot < 0) {
      if (length > cache.slotBytes) {
        this.#readLarge(offset, length);
        return;
      }
      const spare = cache.spare;
      this.#read(cache.bytesOf(spare), cache.startOf(spare), length, offset);
      slot = cache.fill(id, length - CHECKSUM_BYTES);
    }
    this.#lastId = id;
    this.#lastSlot = slot;
    this.#point(slot);
  }

  #point(slot: number): void {
    this.#bytes = this.cache.bytesOf(slot);
    this.#start = this.cache.startOf(slot);
    this.#end = this.#start + this.cache.lengthOf(slot);
  }

  #readLarge(offset: number, length: number): void {
    if (this.#large.length < length) this.#large = new Uint8Array(length);
    this.#read(this.#large, 0, length, offset);
    this.#bytes = this.#large;
    this.#start = 0;
    this.#end = length - CHECKSUM_BYTES;
  }

  #read(into: Uint8Array, at: number, length: number, offset: number): void {
    this.#source.read(into, at, length, offset);
    this.counters.reads++;
    this.counters.readBytes += length;
    if (!isIntact(into, at, at + length, offset)) {
      throw corrupt(this.path, offset, `a block of ${length} bytes with its checksum`, 'other bytes');
    }
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

/** Copies `from[start, end)` to the start of `to`: by hand when short, where `set` with `subarray` costs 100 ns. */
function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array): void {
  if (end - start > 64) {
    to.set(from.subarray(start, end));
    return;
  }
  for (let i = start; i < end; i++) to[i - start] = from[i]!;
}
