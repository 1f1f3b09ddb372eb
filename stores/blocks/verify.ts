import { crc32 } from '../bytes/checksum.ts';
import { compareBytes } from '../bytes/compare.ts';
import { corrupt } from '../errors.ts';
import { BlocksCursor } from './cursor.ts';
import { TRAILER_BYTES } from './format.ts';
import { type OpenedBlocks, verifyColumns } from './open.ts';
import type { ByteSource } from './source.ts';

/** Bytes read at a time. */
const CHUNK_BYTES = 1 << 20;

/**
 * Reads a whole block file: its checksum over all, every block against its own, the order and number of its keys, its
 * filter against every key, and the columns of its index against the partitions.
 *
 * @throws {StoreError} `STORE_CORRUPT` at the first thing that is wrong
 */
export function verifyBlocks(source: ByteSource, opened: OpenedBlocks): void {
  verifyChecksum(source, opened.trailer.fileChecksum);
  verifyColumns(source, opened);
  const cursor = new BlocksCursor(source, opened, () => {});
  const { filter, meta } = opened;
  let previous = new Uint8Array(256);
  let previousEnd = -1;
  let count = 0;
  while (cursor.next()) {
    const { bytes, start, end } = cursor.key;
    if (previousEnd >= 0 && compareBytes(previous, 0, previousEnd, bytes, start, end) >= 0) {
      throw corrupt(source.path, 0, 'keys in rising order', `key ${count} not above the one before`);
    }
    if (!filter.mayContain(bytes, start, end)) {
      throw corrupt(source.path, opened.trailer.filter.offset, 'a filter that knows every key', `key ${count} unknown`);
    }
    if (previous.length < end - start) previous = new Uint8Array(2 * (end - start));
    previous.set(bytes.subarray(start, end));
    previousEnd = end - start;
    count++;
  }
  if (count !== meta.keyCount) throw corrupt(source.path, 0, `${meta.keyCount} keys`, count);
}

function verifyChecksum(source: ByteSource, expected: number): void {
  const chunk = new Uint8Array(CHUNK_BYTES);
  const end = source.byteLength - TRAILER_BYTES;
  let checksum = 0;
  for (let at = 0; at < end; at += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES, end - at);
    source.read(chunk, 0, length, at);
    checksum = crc32(chunk, 0, length, checksum);
  }
  if (checksum !== expected) throw corrupt(source.path, end + 56, `checksum ${expected} over the file`, checksum);
}
