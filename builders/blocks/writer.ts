import { encodeHandle, MAX_FIXED_KEY_BYTES } from '../../stores/blocks/block-format.ts';
import {
  type BlocksMeta,
  CHECKSUM_BYTES,
  type Compression,
  type Extent,
  encodeHeader,
  encodeMeta,
  encodeTrailer,
  MAX_KEY_BYTES,
  MAX_VALUE_BYTES,
  placeChecksum,
  TRAILER_BYTES,
  writeU32,
} from '../../stores/blocks/format.ts';
import { encodeColumns, IndexEntries, MOST_COLUMN_BYTES } from '../../stores/blocks/index-format.ts';
import { compareBytes } from '../../stores/bytes/compare.ts';
import { copyBytes } from '../../stores/bytes/copy.ts';
import type { FilterKind } from '../../stores/filters/filter.ts';
import { MAX_VALUE, type ValueKind } from '../../stores/store.ts';
import { BuildError } from '../errors.ts';
import { buildFilter, chooseFilter, type FilterChoice, hashListFor } from '../filters/build-filter.ts';
import type { HashList } from '../filters/hash-list.ts';
import type { StoreSummary, StoreWriter } from '../store-writer.ts';
import { temporaryPath } from '../temporary-path.ts';
import type { BlockBuilder } from './block-builder.ts';
import { FixedBlockBuilder } from './fixed-block-builder.ts';
import { IndexBuilder, shortestSeparator } from './index-builder.ts';
import { FileOutput, type Output } from './output.ts';
import { encodeStored } from './stored-encoder.ts';
import { StringBlockBuilder } from './string-block-builder.ts';

/** How to write a block file. */
export interface BlocksWriterOptions {
  /** Behaviour: what is kept under the keys. */
  readonly valueKind: ValueKind;
  /** Behaviour: version of the text normalisation that made the keys; 0 (default) where keys are no text. */
  readonly textVersion?: number;
  /**
   * Performance: the length of every key, 1..12, when all have the same and stand for integers (n-grams of ordinals):
   * they are kept as differences, in two thirds of the bytes. 0 (default): keys of any length.
   */
  readonly keyBytes?: number;
  /**
   * Performance: which filter guards the look-ups. By default (`auto`) the smallest that keeps the rate; `none` for keys
   * that are nearly always there.
   */
  readonly filter?: FilterChoice;
  /** Performance: the share of absent keys that the filter lets through. Default 0.01; smaller takes more memory. */
  readonly filterRate?: number;
  /**
   * Performance: most bytes of a block with its checksum, 512..65536, default 4096. Larger ones make the file and its
   * index smaller, and a look-up that has to read slower.
   */
  readonly blockBytes?: number;
  /**
   * Performance: how blocks are compressed, `none` (default), `lz4` or `deflate`. Saves disk and page cache; costs every
   * read of a block that is not cached. Pays with blocks of 16 KiB and more.
   */
  readonly compression?: Compression;
  /**
   * Performance: entries between two whole keys, 1..1024, default 16. More make the file smaller, look-ups slower.
   */
  readonly restartInterval?: number;
}

const DEFAULT_BLOCK_BYTES = 4096;
/** Chosen by `npm run bench -- blocks-layout`: twice as many save 3 to 5 % of the bytes and cost 3 to 10 % of a look-up. */
const DEFAULT_RESTART_INTERVAL = 16;
const DEFAULT_FILTER_RATE = 0.01;
const EMPTY = new Uint8Array(0);

type CheckedOptions = Required<BlocksWriterOptions> & { readonly filter: FilterKind };

/**
 * Writes a block file from keys in rising order, as a stream: held in memory are one block, one index partition, the
 * top of the index, its columns while they are small, up to 32 MiB of hashes (more go to a temporary file) and at the end the filter.
 */
export class BlocksWriter implements StoreWriter {
  readonly valueKind: ValueKind;
  readonly #options: CheckedOptions;
  readonly #output: Output;
  readonly #block: BlockBuilder;
  readonly #partition: IndexBuilder;
  readonly #root: IndexBuilder;
  /** All data blocks, until they are too many. */
  #columns: IndexEntries | undefined;
  readonly #hashes: HashList;
  /** The key before, in `#previous[0, #previousEnd)`; -1 before the first. */
  #previous: Uint8Array;
  #previousEnd: number;
  #separator: Uint8Array;
  #keyCount: number;
  #blockCount: number;
  #partitionCount: number;
  #largestBlock: number;
  #state: 'open' | 'finished' | 'aborted';

  /**
   * @param target the path of the file, or another place for its bytes
   * @throws {BuildError} `BUILD_OUTPUT` when the file cannot be made
   * @throws {RangeError} for an option out of its range
   */
  constructor(target: string | Output, options: BlocksWriterOptions) {
    this.#options = checkOptions(options);
    this.valueKind = options.valueKind;
    this.#output = typeof target === 'string' ? new FileOutput(target) : target;
    this.#output.append(encodeHeader());
    const { valueKind, restartInterval, keyBytes } = this.#options;
    this.#block =
      keyBytes > 0
        ? new FixedBlockBuilder(valueKind, restartInterval, keyBytes)
        : new StringBlockBuilder(valueKind, restartInterval, true);
    this.#partition = new IndexBuilder();
    this.#root = new IndexBuilder();
    this.#columns = new IndexEntries();
    const scratch = typeof target === 'string' ? temporaryPath(target) : undefined;
    this.#hashes = hashListFor(this.#options.filter, scratch);
    this.#previous = new Uint8Array(256);
    this.#previousEnd = -1;
    this.#separator = EMPTY;
    this.#keyCount = 0;
    this.#blockCount = 0;
    this.#partitionCount = 0;
    this.#largestBlock = 0;
    this.#state = 'open';
  }

  add(key: Uint8Array, start: number, end: number, value: number): void {
    if (this.valueKind === 'bytes') throw this.#valueError(key, start, end, 'an integer in a store of byte strings');
    if (this.valueKind === 'uint' && !(Number.isSafeInteger(value) && value >= 0)) {
      throw this.#valueError(key, start, end, `${value}, expected a whole number in 0..${MAX_VALUE}`);
    }
    this.#add(key, start, end, this.valueKind === 'uint' ? value : 0, EMPTY, 0, 0);
  }

  addBytes(key: Uint8Array, start: number, end: number, value: Uint8Array, valueStart: number, valueEnd: number): void {
    if (this.valueKind !== 'bytes') {
      throw this.#valueError(key, start, end, `a byte string in a store of ${this.valueKind} values`);
    }
    if (valueEnd - valueStart > MAX_VALUE_BYTES) {
      throw this.#valueError(key, start, end, `${valueEnd - valueStart} bytes, expected at most ${MAX_VALUE_BYTES}`);
    }
    this.#add(key, start, end, 0, value, valueStart, valueEnd);
  }

  finish(): StoreSummary {
    this.#checkState();
    if (this.#block.count > 0) this.#endBlock();
    if (this.#partition.count > 0) this.#endPartition();
    const root = this.#section(this.#root.finish(CHECKSUM_BYTES));
    const columns =
      this.#columns === undefined ? null : this.#section(encodeColumns(this.#columns.columns(), CHECKSUM_BYTES));
    const { filter, filterRate } = this.#options;
    const filterExtent = this.#section(withSpare(buildFilter(filter, this.#hashes, filterRate)));
    this.#hashes.close();
    const meta = this.#section(withSpare(encodeMeta(this.#meta(columns))));
    const output = this.#output;
    const trailer = {
      root,
      filter: filterExtent,
      meta,
      fileBytes: output.position + TRAILER_BYTES,
      fileChecksum: output.checksum,
    };
    output.append(encodeTrailer(trailer));
    output.finish();
    this.#state = 'finished';
    return { keyCount: this.#keyCount, fileBytes: output.position, parameters: this.#parameters(filterExtent) };
  }

  abort(): void {
    if (this.#state !== 'open') return;
    this.#state = 'aborted';
    this.#hashes.close();
    this.#output.abort();
  }

  #add(
    key: Uint8Array,
    start: number,
    end: number,
    value: number,
    bytes: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    this.#checkState();
    this.#checkKey(key, start, end);
    const size = this.#block.sizeWith(key, start, end, value, valueEnd - valueStart) + CHECKSUM_BYTES;
    if (size > this.#options.blockBytes && this.#block.count > 0) {
      this.#endBlock();
      this.#separator = shortestSeparator(this.#previous, this.#previousEnd, key, start, end);
    }
    this.#block.add(key, start, end, value, bytes, valueStart, valueEnd);
    if (this.#options.filter !== 'none') this.#hashes.add(key, start, end);
    this.#keyCount++;
    this.#remember(key, start, end);
  }

  #checkKey(key: Uint8Array, start: number, end: number): void {
    if (end - start > MAX_KEY_BYTES) {
      throw new BuildError(
        'BUILD_LIMIT',
        `${this.#output.path}: a key of ${end - start} bytes (${show(key, start, start + 40)}...), expected at most ${MAX_KEY_BYTES}`,
      );
    }
    const { keyBytes } = this.#options;
    if (keyBytes > 0 && end - start !== keyBytes) {
      throw new BuildError(
        'BUILD_INPUT',
        `${this.#output.path}: a key of ${end - start} bytes (${show(key, start, end)}), expected ${keyBytes} as stated for all`,
      );
    }
    if (this.#previousEnd < 0) return;
    const order = compareBytes(this.#previous, 0, this.#previousEnd, key, start, end);
    if (order < 0) return;
    const before = show(this.#previous, 0, this.#previousEnd);
    if (order === 0) {
      throw new BuildError(
        'BUILD_DUPLICATE_KEY',
        `${this.#output.path}: key ${before} is given twice; give each key once`,
      );
    }
    throw new BuildError(
      'BUILD_KEY_ORDER',
      `${this.#output.path}: key ${show(key, start, end)} after ${before}; keys must rise in the order of their bytes: sort them first`,
    );
  }

  #remember(key: Uint8Array, start: number, end: number): void {
    if (this.#previous.length < end - start) this.#previous = new Uint8Array(2 * (end - start));
    copyBytes(key, start, end, this.#previous, 0);
    this.#previousEnd = end - start;
  }

  #endBlock(): void {
    const extent = this.#storedBlock(this.#block.finish(CHECKSUM_BYTES));
    const handle = encodeHandle(extent.offset, extent.bytes, this.#blockCount);
    this.#blockCount++;
    const size = this.#partition.sizeWith(this.#separator, handle) + CHECKSUM_BYTES;
    if (size > this.#options.blockBytes && this.#partition.count > 0) this.#endPartition();
    this.#partition.add(this.#separator, handle);
    this.#columns?.add(this.#separator, 0, this.#separator.length, extent.offset, extent.bytes);
    if (this.#columns !== undefined && this.#columns.byteLength > MOST_COLUMN_BYTES) this.#columns = undefined;
  }

  #endPartition(): void {
    const separator = this.#partition.firstSeparator;
    const extent = this.#storedBlock(this.#partition.finish(CHECKSUM_BYTES));
    this.#root.add(separator, encodeHandle(extent.offset, extent.bytes, this.#partitionCount));
    this.#partitionCount++;
  }

  #storedBlock(block: Uint8Array): Extent {
    this.#largestBlock = Math.max(this.#largestBlock, block.length);
    return this.#section(encodeStored(block, this.#options.compression));
  }

  /** Appends a block or section, filling its last four bytes with its checksum. */
  #section(bytes: Uint8Array): Extent {
    const offset = this.#output.position;
    const end = bytes.length - CHECKSUM_BYTES;
    writeU32(placeChecksum(bytes, 0, end, offset), bytes, end);
    this.#output.append(bytes);
    return { offset, bytes: bytes.length };
  }

  #meta(columns: Extent | null): BlocksMeta {
    const { blockBytes, restartInterval, keyBytes, compression, filter, filterRate, textVersion } = this.#options;
    return {
      keyCount: this.#keyCount,
      valueKind: this.valueKind,
      blockCount: this.#blockCount,
      partitionCount: this.#partitionCount,
      largestBlock: this.#largestBlock,
      blockBytes,
      restartInterval,
      keyBytes,
      compression,
      filter,
      filterRate,
      textVersion,
      columns,
    };
  }

  #parameters(filter: Extent): StoreSummary['parameters'] {
    const { blockBytes, restartInterval, keyBytes, compression, filter: filterKind, filterRate } = this.#options;
    const filterBytes = filter.bytes - CHECKSUM_BYTES;
    const blocks = this.#blockCount;
    return { blockBytes, restartInterval, keyBytes, compression, filter: filterKind, filterRate, filterBytes, blocks };
  }

  #checkState(): void {
    if (this.#state === 'open') return;
    throw new BuildError('BUILD_OUTPUT', `${this.#output.path}: written to after the file was ${this.#state}`);
  }

  #valueError(key: Uint8Array, start: number, end: number, found: string): BuildError {
    return new BuildError('BUILD_VALUE', `${this.#output.path}: the value of key ${show(key, start, end)} is ${found}`);
  }
}

function checkOptions(options: BlocksWriterOptions): CheckedOptions {
  const filterRate = options.filterRate ?? DEFAULT_FILTER_RATE;
  if (!(filterRate > 0 && filterRate < 1)) {
    throw new RangeError(`filterRate: expected a share between 0 and 1, found ${filterRate}`);
  }
  const checked = {
    valueKind: options.valueKind,
    textVersion: options.textVersion ?? 0,
    keyBytes: options.keyBytes ?? 0,
    filter: chooseFilter(options.filter ?? 'auto', filterRate),
    filterRate,
    compression: options.compression ?? 'none',
    blockBytes: options.blockBytes ?? DEFAULT_BLOCK_BYTES,
    restartInterval: options.restartInterval ?? DEFAULT_RESTART_INTERVAL,
  };
  checkRange('keyBytes', checked.keyBytes, 0, MAX_FIXED_KEY_BYTES);
  checkRange('blockBytes', checked.blockBytes, 512, 65536);
  checkRange('restartInterval', checked.restartInterval, 1, 1024);
  return checked;
}

function checkRange(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name}: expected a whole number in ${least}..${most}, found ${value}`);
}

function withSpare(bytes: Uint8Array): Uint8Array {
  const larger = new Uint8Array(bytes.length + CHECKSUM_BYTES);
  larger.set(bytes);
  return larger;
}

function show(bytes: Uint8Array, start: number, end: number): string {
  return JSON.stringify(Buffer.from(bytes.subarray(start, end)).toString('utf8'));
}
