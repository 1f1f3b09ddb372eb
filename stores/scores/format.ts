/**
 * The score table: a value for each key of a static set, and no keys. A 3-wise binary fuse table
 * (../filters/fuse-layout.ts) whose slots hold a fingerprint of 16 bits and the value, so that the three slots of a key
 * xored give both.
 *
 * ```
 * 0   8 bytes "EMENDSCR"
 * 8   u32 format version
 * 12  u32 bytes of a value, 1..6
 * 16  u64 keys
 * 24  u64 bytes of the table
 * 32  u32 CRC-32 of the table
 * 36  u32 CRC-32 of bytes 0..36
 * 40  the table: its head, then slots of 2 bytes fingerprint and the value, all little endian
 * ```
 *
 * **A key that is not in the set is taken for one that is once in 65,536 times**, and then gets a value that means nothing.
 * That does no harm to the score of an n-gram, one of hundreds in a query. It does to a decision or a rule: use an
 * exact store for those.
 */
import { crc32 } from '../bytes/checksum.ts';
import { corrupt, StoreError } from '../errors.ts';

export const SCORES_MAGIC = 'EMENDSCR';
export const SCORES_VERSION = 1;
export const SCORES_HEADER_BYTES = 40;

/** Bytes of a slot's fingerprint. */
export const FINGERPRINT_BYTES = 2;

/** The most bytes of a value: 48 bits. */
export const MAX_SCORE_BYTES = 6;

/** The rate at which absent keys are taken for present ones. */
export const SCORES_FALSE_POSITIVE_RATE = 2 ** -16;

/** What the header holds. */
export interface ScoresHeader {
  readonly valueBytes: number;
  readonly keyCount: number;
  readonly tableBytes: number;
  readonly tableChecksum: number;
}

/** The header's bytes. */
export function encodeScoresHeader(header: ScoresHeader): Uint8Array {
  const bytes = Buffer.alloc(SCORES_HEADER_BYTES);
  bytes.write(SCORES_MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(SCORES_VERSION, 8);
  bytes.writeUInt32LE(header.valueBytes, 12);
  bytes.writeBigUInt64LE(BigInt(header.keyCount), 16);
  bytes.writeBigUInt64LE(BigInt(header.tableBytes), 24);
  bytes.writeUInt32LE(header.tableChecksum, 32);
  bytes.writeUInt32LE(crc32(bytes, 0, 36), 36);
  return bytes;
}

/**
 * Reads the header of a file of `file.length` bytes.
 *
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`
 */
export function decodeScoresHeader(file: Uint8Array, path: string): ScoresHeader {
  const bytes = Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, SCORES_HEADER_BYTES));
  if (bytes.toString('latin1', 0, 8) !== SCORES_MAGIC) {
    throw new StoreError('STORE_FOREIGN', `${path}: not a score table: expected it to begin with "${SCORES_MAGIC}"`);
  }
  if (bytes.length < SCORES_HEADER_BYTES) throw corrupt(path, bytes.length, 'a whole header', `${bytes.length} bytes`);
  const version = bytes.readUInt32LE(8);
  if (version !== SCORES_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: score table version ${version}, this build reads ${SCORES_VERSION}; rebuild the file with this version of emend`,
    );
  }
  if (bytes.readUInt32LE(36) !== crc32(bytes, 0, 36)) throw corrupt(path, 36, 'the checksum of the header', 'another');
  const header = {
    valueBytes: bytes.readUInt32LE(12),
    keyCount: Number(bytes.readBigUInt64LE(16)),
    tableBytes: Number(bytes.readBigUInt64LE(24)),
    tableChecksum: bytes.readUInt32LE(32),
  };
  if (header.valueBytes < 1 || header.valueBytes > MAX_SCORE_BYTES) {
    throw corrupt(path, 12, `values of 1 to ${MAX_SCORE_BYTES} bytes`, header.valueBytes);
  }
  if (SCORES_HEADER_BYTES + header.tableBytes !== file.length) {
    throw corrupt(path, 24, `a file of ${SCORES_HEADER_BYTES + header.tableBytes} bytes`, file.length);
  }
  return header;
}
