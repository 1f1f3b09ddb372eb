import { crc32 as zlibCrc32 } from 'node:zlib';

/**
 * CRC-32 (ISO 3309, as zlib and gzip) of `bytes[start, end)`, continued from `seed`: 0..2^32-1. About 4 GB/s.
 *
 * zlib's own, there since Node 20.15: hence `engines`.
 */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0): number {
  return zlibCrc32(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), seed);
}
