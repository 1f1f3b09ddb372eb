/**
 * The block file, as a whole. All integers are little endian; FORMAT.md has the reasons.
 *
 * ```
 * header     8 bytes "EMENDBLK"
 * data       blocks (block-format.ts), each followed by its checksum; after each run of data blocks the index
 *            partition that lists them, itself a block
 * root       a block: one entry an index partition
 * columns    the index of all data blocks (index-format.ts), then its checksum; left out where it is large
 * filter     the filter's bytes, then their checksum
 * meta       JSON (BlocksMeta), then its checksum
 * trailer    72 bytes:
 *              0  u64 root offset      8  u64 root bytes      16 u64 filter offset   24 u64 filter bytes
 *              32 u64 meta offset      40 u64 meta bytes      48 u64 file bytes
 *              56 u32 CRC-32 of everything before the trailer
 *              60 u32 CRC-32 of trailer bytes 0..60 and 64..72
 *              64 "EBLK"               68 u32 format version
 * ```
 *
 * The version stands in the last four bytes, so every later version can change all else. Section sizes include the
 * checksum. A checksum is the CRC-32 of its bytes continued from a seed made of their offset in the file, so that a
 * block in another block's place is found out.
 */
import { crc32 } from '../bytes/checksum.ts';
import { corrupt, StoreError } from '../errors.ts';
import { FILTER_KINDS, type FilterKind } from '../filters/filter.ts';
import type { ValueKind } from '../store.ts';

/** The format version that this build writes, and the newest it reads. */
export const BLOCKS_VERSION = 2;

/** The oldest that it reads: version 1 has no columns of the index. */
const OLDEST_VERSION = 1;

/** The first eight bytes of every block file. */
export const BLOCKS_MAGIC = 'EMENDBLK';
export const HEADER_BYTES = 8;

/** Bytes of a checksum after a block or section. */
export const CHECKSUM_BYTES = 4;

export const TRAILER_BYTES = 72;
const TRAILER_MAGIC = 'EBLK';

/** Keys are at most 64 KiB - 1, values 64 MiB - 1: what the writer refuses and the reader never meets. */
export const MAX_KEY_BYTES = 0xffff;
export const MAX_VALUE_BYTES = 0x3ffffff;

/** Where a block or section lies: its offset in the file and its bytes, checksum included. */
export interface Extent {
  readonly offset: number;
  readonly bytes: number;
}

/** What the trailer holds. */
export interface Trailer {
  readonly root: Extent;
  readonly filter: Extent;
  readonly meta: Extent;
  readonly fileBytes: number;
  /** CRC-32 of everything before the trailer. */
  readonly fileChecksum: number;
}

/** How blocks are stored (stored-block.ts). */
export const COMPRESSIONS = ['none', 'deflate', 'lz4'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** What a file says about itself, as JSON in its meta section. */
export interface BlocksMeta {
  readonly keyCount: number;
  readonly valueKind: ValueKind;
  readonly blockCount: number;
  readonly partitionCount: number;
  /** The largest block with its checksum, in bytes, before compression: what a cache slot must hold. */
  readonly largestBlock: number;
  /** Most bytes that the writer put into a block, unless one entry alone was larger. */
  readonly blockBytes: number;
  /** Entries between two full keys. */
  readonly restartInterval: number;
  /** Bytes of every key where the blocks have the layout `fixed`, 1..12; 0 for the layout `strings`. */
  readonly keyBytes: number;
  readonly compression: Compression;
  readonly filter: FilterKind;
  /** The rate of false positives that the filter was built for. */
  readonly filterRate: number;
  /** Version of the text normalisation that made the keys; 0 where keys are not text. */
  readonly textVersion: number;
  /** Where the columns of the index lie (index-format.ts); null where the file has none, as all of version 1. */
  readonly columns: Extent | null;
}

/** The seed of the checksum of what stands at `offset`. Different for any two offsets below 2^32. */
export function placeSeed(offset: number): number {
  const high = Math.floor(offset / 0x1_0000_0000);
  return ((offset >>> 0) ^ Math.imul(high, 0x9e3779b1)) >>> 0;
}

/** The checksum of the block or section `bytes[start, end)` that stands at `offset` of the file. */
export function placeChecksum(bytes: Uint8Array, start: number, end: number, offset: number): number {
  return crc32(bytes, start, end, placeSeed(offset));
}

/** Reads the u32 at `at`. */
export function readU32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** Writes a u32 at `at`. */
export function writeU32(value: number, bytes: Uint8Array, at: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/**
 * Whether the section `bytes[start, end)` read from `offset` ends in its right checksum.
 */
export function isIntact(bytes: Uint8Array, start: number, end: number, offset: number): boolean {
  if (end - start < CHECKSUM_BYTES) return false;
  return placeChecksum(bytes, start, end - CHECKSUM_BYTES, offset) === readU32(bytes, end - CHECKSUM_BYTES);
}

/** The header's bytes. */
export function encodeHeader(): Uint8Array {
  return Buffer.from(BLOCKS_MAGIC, 'latin1');
}

/** Whether the bytes begin as a block file does. */
export function isBlocksHeader(bytes: Uint8Array): boolean {
  return (
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEADER_BYTES)).toString('latin1') ===
    BLOCKS_MAGIC
  );
}

/** The trailer's bytes. */
export function encodeTrailer(trailer: Trailer): Uint8Array {
  const bytes = Buffer.alloc(TRAILER_BYTES);
  let at = 0;
  for (const { offset, bytes: size } of [trailer.root, trailer.filter, trailer.meta]) {
    writeU64(offset, bytes, at);
    writeU64(size, bytes, at + 8);
    at += 16;
  }
  writeU64(trailer.fileBytes, bytes, 48);
  bytes.writeUInt32LE(trailer.fileChecksum, 56);
  bytes.write(TRAILER_MAGIC, 64, 'latin1');
  bytes.writeUInt32LE(BLOCKS_VERSION, 68);
  bytes.writeUInt32LE(trailerChecksum(bytes), 60);
  return bytes;
}

/**
 * Reads the trailer from the last `TRAILER_BYTES` of a file of `fileBytes` bytes.
 *
 * @throws {StoreError} `STORE_CORRUPT` for a cut or damaged file, `STORE_VERSION` for another format version
 */
export function decodeTrailer(source: Uint8Array, path: string, fileBytes: number): Trailer {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.length);
  const base = fileBytes - TRAILER_BYTES;
  const magic = bytes.toString('latin1', 64, 68);
  if (magic !== TRAILER_MAGIC) {
    throw corrupt(path, base + 64, `"${TRAILER_MAGIC}", the mark of a whole file`, JSON.stringify(magic));
  }
  const version = bytes.readUInt32LE(68);
  if (version < OLDEST_VERSION || version > BLOCKS_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: block format version ${version}, this build reads ${OLDEST_VERSION} to ${BLOCKS_VERSION}; rebuild the file with this version of emend`,
    );
  }
  const checksum = bytes.readUInt32LE(60);
  if (checksum !== trailerChecksum(bytes)) throw corrupt(path, base + 60, 'the checksum of the trailer', checksum);
  const trailer: Trailer = {
    root: { offset: readU64(bytes, 0), bytes: readU64(bytes, 8) },
    filter: { offset: readU64(bytes, 16), bytes: readU64(bytes, 24) },
    meta: { offset: readU64(bytes, 32), bytes: readU64(bytes, 40) },
    fileBytes: readU64(bytes, 48),
    fileChecksum: bytes.readUInt32LE(56),
  };
  if (trailer.fileBytes !== fileBytes)
    throw corrupt(path, base + 48, `a file of ${fileBytes} bytes`, trailer.fileBytes);
  for (const { offset, bytes: size } of [trailer.root, trailer.filter, trailer.meta]) {
    if (!isInside({ offset, bytes: size }, base)) {
      throw corrupt(path, base, 'sections inside the file', `${size} bytes at ${offset}`);
    }
  }
  return trailer;
}

/** The meta section's bytes, without its checksum. */
export function encodeMeta(meta: BlocksMeta): Uint8Array {
  return Buffer.from(JSON.stringify(meta));
}

/**
 * Reads the meta section, whose checksum was verified.
 *
 * @throws {StoreError} `STORE_CORRUPT` when it is not what a writer of this version writes
 */
export function decodeMeta(bytes: Uint8Array, path: string, offset: number): BlocksMeta {
  let value: Partial<BlocksMeta>;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
  } catch {
    throw corrupt(path, offset, 'a JSON object', 'something else');
  }
  const whole: readonly (keyof BlocksMeta)[] = [
    'keyCount',
    'blockCount',
    'partitionCount',
    'largestBlock',
    'blockBytes',
    'restartInterval',
    'keyBytes',
    'textVersion',
  ];
  for (const name of whole) {
    if (!Number.isSafeInteger(value[name]) || Number(value[name]) < 0) {
      throw corrupt(path, offset, `a whole number as ${name}`, String(value[name]));
    }
  }
  if (!['none', 'uint', 'bytes'].includes(String(value.valueKind))) {
    throw corrupt(path, offset, 'a kind of value', String(value.valueKind));
  }
  if (!(FILTER_KINDS as readonly string[]).includes(String(value.filter))) {
    throw corrupt(path, offset, `a kind of filter (${FILTER_KINDS.join(', ')})`, String(value.filter));
  }
  if (!(COMPRESSIONS as readonly string[]).includes(String(value.compression))) {
    throw corrupt(path, offset, `a compression (${COMPRESSIONS.join(', ')})`, String(value.compression));
  }
  const columns = value.columns ?? null;
  if (columns !== null && !isInside(columns, offset)) {
    throw corrupt(path, offset, 'an index inside the file', JSON.stringify(columns));
  }
  return { ...value, columns } as BlocksMeta;
}

/** Whether a section, its checksum included, lies between the header and `end`. */
function isInside({ offset, bytes }: Extent, end: number): boolean {
  const isWhole = Number.isSafeInteger(offset) && Number.isSafeInteger(bytes);
  return isWhole && offset >= HEADER_BYTES && bytes >= CHECKSUM_BYTES && offset + bytes <= end;
}

function trailerChecksum(bytes: Uint8Array): number {
  return crc32(bytes, 64, TRAILER_BYTES, crc32(bytes, 0, 60));
}

function writeU64(value: number, bytes: Buffer, at: number): void {
  bytes.writeUInt32LE(value % 0x1_0000_0000, at);
  bytes.writeUInt32LE(Math.floor(value / 0x1_0000_0000), at + 4);
}

function readU64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000;
}
