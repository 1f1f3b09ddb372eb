import { corrupt, StoreError } from '../errors.ts';
import type { Filter } from '../filters/filter.ts';
import { openFilter } from '../filters/open.ts';
import { BlockWalker } from './block-walker.ts';
import type { BlockCache } from './cache.ts';
import {
  type BlocksMeta,
  CHECKSUM_BYTES,
  decodeMeta,
  decodeTrailer,
  type Extent,
  HEADER_BYTES,
  isBlocksHeader,
  isIntact,
  TRAILER_BYTES,
  type Trailer,
} from './format.ts';
import { decodeHandle } from './handle.ts';
import { BlockIndex } from './index.ts';
import { decodeColumns, encodeColumns, type IndexColumns, IndexEntries, LITTLE_ENDIAN } from './index-format.ts';
import type { ByteSource } from './source.ts';
import { readBlock } from './stored-block.ts';

/** What is read of a block file when it is opened. */
export interface OpenedBlocks {
  readonly trailer: Trailer;
  readonly meta: BlocksMeta;
  readonly root: BlockIndex;
  /** The index of all data blocks, when it was small enough to keep in memory. */
  readonly flat: BlockIndex | undefined;
  readonly filter: Filter;
}

/**
 * Reads and checks everything of a file but its data blocks.
 *
 * @param pinnedIndexBytes the whole index is kept in memory when it takes no more than about this many bytes
 * @param cache where the bytes that stay in memory (`pinnedBytesOf`) are noted, if anywhere
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`, `STORE_IO`, `STORE_MEMORY`
 */
export function readStructure(
  source: ByteSource,
  pinnedIndexBytes: number,
  cache: BlockCache | undefined,
): OpenedBlocks {
  const { path, byteLength } = source;
  if (byteLength < HEADER_BYTES) throw foreign(path, byteLength);
  const header = new Uint8Array(HEADER_BYTES);
  source.read(header, 0, HEADER_BYTES, 0);
  if (!isBlocksHeader(header)) throw foreign(path, byteLength);
  if (byteLength < HEADER_BYTES + TRAILER_BYTES) {
    throw corrupt(path, byteLength, `at least ${HEADER_BYTES + TRAILER_BYTES} bytes`, byteLength);
  }
  const trailerBytes = new Uint8Array(TRAILER_BYTES);
  source.read(trailerBytes, 0, TRAILER_BYTES, byteLength - TRAILER_BYTES);
  const trailer = decodeTrailer(trailerBytes, path, byteLength);
  const meta = decodeMeta(readSection(source, trailer.meta, 'meta section'), path, trailer.meta.offset);
  // Refuse before the memory is taken; the exact bytes are noted at the end.
  const estimate = trailer.filter.bytes + trailer.root.bytes;
  cache?.pin(estimate, path);
  cache?.unpin(estimate);
  const filter = openFilter(meta.filter, readSection(source, trailer.filter, 'filter'));
  if (filter === undefined) {
    throw corrupt(path, trailer.filter.offset, `a filter of kind ${meta.filter}`, `${trailer.filter.bytes} bytes`);
  }
  const root = readRoot(source, trailer, meta);
  const flat = meta.blockCount * FLAT_ENTRY_BYTES <= pinnedIndexBytes ? readFlat(source, root, meta) : undefined;
  const opened = { trailer, meta, root, flat, filter };
  cache?.pin(pinnedBytesOf(opened), path);
  return opened;
}

/** Bytes that stay in memory for as long as the file is open: its filter and its index. */
export function pinnedBytesOf(opened: OpenedBlocks): number {
  return opened.filter.byteLength + opened.root.byteLength + (opened.flat?.byteLength ?? 0);
}

/** About what one block takes in a `BlockIndex`: 28 bytes and its separator. */
const FLAT_ENTRY_BYTES = 40;

/**
 * Reads a section and checks it: its bytes without the checksum, aligned to eight bytes in memory.
 */
function readSection(source: ByteSource, extent: Extent, name: string): Uint8Array {
  const bytes = new Uint8Array(extent.bytes);
  source.read(bytes, 0, extent.bytes, extent.offset);
  if (!isIntact(bytes, 0, extent.bytes, extent.offset)) {
    throw corrupt(source.path, extent.offset, `the ${name} with its checksum`, 'other bytes');
  }
  return bytes.subarray(0, extent.bytes - CHECKSUM_BYTES);
}

function readRoot(source: ByteSource, trailer: Trailer, meta: BlocksMeta): BlockIndex {
  const entries = new IndexEntries();
  const bytes = readSection(source, trailer.root, 'root index');
  addEntries(source, bytes, trailer.root.offset, 'root index', entries);
  if (entries.count !== meta.partitionCount) {
    throw corrupt(source.path, trailer.root.offset, `${meta.partitionCount} index partitions`, entries.count);
  }
  return new BlockIndex(entries.columns());
}

/** From its columns where the file has them, which is a read; else entry by entry, 2 us each in code not yet compiled. */
function readFlat(source: ByteSource, root: BlockIndex, meta: BlocksMeta): BlockIndex {
  if (meta.columns !== null && LITTLE_ENDIAN) {
    const columns = decodeColumns(readSection(source, meta.columns, 'index'), meta.blockCount);
    if (columns !== undefined) return new BlockIndex(columns);
    throw corrupt(source.path, meta.columns.offset, `an index of ${meta.blockCount} blocks`, 'another');
  }
  return new BlockIndex(readPartitions(source, root, meta));
}

/**
 * Reads the index of all data blocks from its partitions.
 *
 * @throws {StoreError} `STORE_CORRUPT`, `STORE_IO`
 */
function readPartitions(source: ByteSource, root: BlockIndex, meta: BlocksMeta): IndexColumns {
  const entries = new IndexEntries();
  for (let i = 0; i < root.count; i++) {
    const partition = readBlock(source, meta, root.offsets[i]!, root.lengths[i]!);
    addEntries(source, partition, root.offsets[i]!, `index partition ${i}`, entries);
  }
  if (entries.count !== meta.blockCount) {
    throw corrupt(source.path, HEADER_BYTES, `${meta.blockCount} blocks in the index`, entries.count);
  }
  return entries.columns();
}

/**
 * Checks that the columns of the index, where the file has them, tell what its partitions tell.
 *
 * @throws {StoreError} `STORE_CORRUPT`, `STORE_IO`
 */
export function verifyColumns(source: ByteSource, { root, meta }: OpenedBlocks): void {
  if (meta.columns === null) return;
  const found = readSection(source, meta.columns, 'index');
  if (Buffer.compare(found, encodeColumns(readPartitions(source, root, meta), 0)) !== 0) {
    throw corrupt(source.path, meta.columns.offset, 'the index that its partitions tell', 'another');
  }
}

function addEntries(source: ByteSource, bytes: Uint8Array, offset: number, name: string, entries: IndexEntries): void {
  const walker = new BlockWalker('bytes', 0);
  walker.reset(bytes, 0, bytes.length);
  for (;;) {
    const state = walker.next();
    if (state === 0) return;
    const handle = state < 0 ? undefined : decodeHandle(walker.valueBytes);
    if (handle === undefined || handle.offset + handle.bytes > source.byteLength) {
      throw corrupt(source.path, offset, `well-formed entries in the ${name}`, 'something else');
    }
    const { key } = walker;
    entries.add(key.bytes, key.start, key.end, handle.offset, handle.bytes);
  }
}

function foreign(path: string, byteLength: number): StoreError {
  return new StoreError(
    'STORE_FOREIGN',
    `${path}: not a block file: expected it to begin with "EMENDBLK", found other bytes (${byteLength} in all); give a file made by "emend store make --kind blocks" or "emend build"`,
  );
}
