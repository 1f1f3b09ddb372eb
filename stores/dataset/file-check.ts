/**
 * Whether a dataset's files are those that its manifest lists, as far as that is cheap when it is opened: about 1 ms for
 * the bundled dataset.
 *
 * Stores vouch for themselves: each carries checksums over all its bytes, in a header or a trailer. So the two ends of such
 * a file stand for the whole, and comparing them with the manifest refuses a valid file of another dataset. Text files carry none,
 * and are small: they are compared whole, by their digests.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from '../bytes/checksum.ts';
import { StoreError, unreadable } from '../errors.ts';
import type { ManifestFile } from './manifest.ts';

/** Bytes at either end: more than the longest header or trailer, and one read each. */
const END_BYTES = 4096;

const REMEDY = 'restore the dataset from a copy or build it again';

/**
 * CRC-32 over the first and the last 4 KiB of a file, or over all of a shorter one: 8 hexadecimal digits.
 *
 * @throws what `node:fs` throws when the file cannot be read
 */
export function endsOfFile(path: string, fileBytes: number): string {
  const bytes = Buffer.alloc(Math.min(fileBytes, 2 * END_BYTES));
  const file = openSync(path, 'r');
  try {
    const head = Math.min(fileBytes, END_BYTES);
    readSync(file, bytes, 0, head, 0);
    readSync(file, bytes, head, bytes.length - head, fileBytes - (bytes.length - head));
    return hexadecimal(crc32(bytes));
  } finally {
    closeSync(file);
  }
}

function endsOfBytes(bytes: Uint8Array): string {
  if (bytes.length <= 2 * END_BYTES) return hexadecimal(crc32(bytes));
  return hexadecimal(crc32(bytes, bytes.length - END_BYTES, bytes.length, crc32(bytes, 0, END_BYTES)));
}

function hexadecimal(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}

/**
 * Checks that a store's file has the ends that the manifest tells. Datasets of earlier versions tell none: then there is
 * nothing to check.
 *
 * @param read the file's bytes, where they were read already
 * @throws {StoreError} `DATASET_INVALID` when they differ; `STORE_NOT_FOUND`, `STORE_IO` when the file cannot be read
 */
export function checkEnds(dir: string, { file, bytes, ends }: ManifestFile, read?: Uint8Array): void {
  if (ends === undefined) return;
  const path = join(dir, file);
  let found: string;
  try {
    found = read === undefined ? endsOfFile(path, bytes) : endsOfBytes(read);
  } catch (cause) {
    throw unreadable(path, 'opening a dataset', cause);
  }
  if (found === ends) return;
  throw new StoreError(
    'DATASET_INVALID',
    `${path}: expected the checksum ${ends} over its first and last ${END_BYTES} bytes, as the manifest tells it, found ${found}: the file is another dataset's or was changed; ${REMEDY}`,
  );
}

/**
 * The text of a file that carries no checksum of its own, compared with the manifest's digest.
 *
 * @throws {StoreError} `DATASET_INVALID` when it differs; `STORE_NOT_FOUND`, `STORE_IO` when the file cannot be read
 */
export function readDigested(dir: string, { file, sha256 }: ManifestFile): string {
  const path = join(dir, file);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw unreadable(path, 'opening a dataset', cause);
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === sha256) return bytes.toString('utf8');
  throw new StoreError(
    'DATASET_INVALID',
    `${path}: expected the SHA-256 ${sha256}, as the manifest tells it, found ${found}: the file was changed or is another dataset's; ${REMEDY}`,
  );
}
