/**
 * A block as it stands in the file, checksum left out.
 *
 * ```
 * in a file without compression:   the block
 * in a file with compression:      0     u8   codec: 0 raw, 1 deflate, 2 lz4 (what did not shrink stays raw)
 *                                  1..4  u32  bytes of the block
 *                                  5     the block, compressed
 * ```
 */
import { inflateRawSync } from 'node:zlib';
import { corrupt } from '../errors.ts';
import { type BlocksMeta, CHECKSUM_BYTES, isIntact, readU32, writeU32 } from './format.ts';
import { decodeLz4 } from './lz4.ts';
import type { ByteSource } from './source.ts';

export const STORED_HEADER_BYTES = 5;

/** How a block is stored, by number. */
export const CODEC_RAW = 0;
export const CODEC_DEFLATE = 1;
export const CODEC_LZ4 = 2;

/** Writes the header of a stored block. */
export function encodeStoredHeader(codec: number, blockBytes: number, out: Uint8Array): void {
  out[0] = codec;
  writeU32(blockBytes, out, 1);
}

/** Bytes of the block that is stored in `stored[start, ...)`. */
export function storedBlockBytes(stored: Uint8Array, start: number): number {
  return readU32(stored, start + 1);
}

/**
 * Writes the block stored in `stored[start, end)`, whose checksum was verified, to `into[at, limit)`.
 *
 * @returns the offset after the block, or -1 when the bytes are malformed or do not fit
 */
export function decodeStored(
  stored: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
  limit: number,
): number {
  if (end - start < STORED_HEADER_BYTES) return -1;
  const expected = at + storedBlockBytes(stored, start);
  const from = start + STORED_HEADER_BYTES;
  if (expected > limit) return -1;
  switch (stored[start]) {
    case CODEC_RAW:
      if (end - from !== expected - at) return -1;
      into.set(stored.subarray(from, end), at);
      return expected;
    case CODEC_LZ4:
      return decodeLz4(stored, from, end, into, at, expected) === expected ? expected : -1;
    case CODEC_DEFLATE: {
      const block = inflate(stored.subarray(from, end), expected - at);
      if (block?.length !== expected - at) return -1;
      into.set(block, at);
      return expected;
    }
    default:
      return -1;
  }
}

function inflate(bytes: Uint8Array, maxOutputLength: number): Uint8Array | undefined {
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, maxOutputLength) });
  } catch {
    return undefined;
  }
}

/**
 * Reads and checks the block of `length` stored bytes at `offset`, past any cache: for opening and scanning. Allocates.
 *
 * @throws {StoreError} `STORE_IO`, `STORE_CORRUPT`
 */
export function readBlock(source: ByteSource, meta: BlocksMeta, offset: number, length: number): Uint8Array {
  const stored = new Uint8Array(length);
  source.read(stored, 0, length, offset);
  if (!isIntact(stored, 0, length, offset)) {
    throw corrupt(source.path, offset, `a block of ${length} bytes with its checksum`, 'other bytes');
  }
  const end = length - CHECKSUM_BYTES;
  if (meta.compression === 'none') return stored.subarray(0, end);
  const size = end < STORED_HEADER_BYTES ? 0 : storedBlockBytes(stored, 0);
  const block = new Uint8Array(Math.min(size, meta.largestBlock));
  if (size > meta.largestBlock || decodeStored(stored, 0, end, block, 0, size) < 0) {
    throw corrupt(source.path, offset, 'a block in its stored form', 'bytes that do not decompress');
  }
  return block;
}
