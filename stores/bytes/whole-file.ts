/** Reads whole files into memory, also those that `readFileSync` refuses because they are larger than 2 GiB. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bounds of `readWholeFile`. */
export interface WholeFileLimits {
  /** Bytes of the largest file to take. Default 4 GiB. */
  readonly mostBytes?: number;
  /** Most bytes asked of the operating system at once. Default 1 GiB: it refuses 2 GiB and more. */
  readonly chunkBytes?: number;
}

/**
 * What one buffer of Node 20 holds. Later versions would take more; the limit stays, since zlib's checksum counts bytes in 32
 * bits, and a file that one version writes has to open on all.
 */
const MOST_BYTES = 2 ** 32;
const CHUNK_BYTES = 2 ** 30;

/** Thrown for a file that is larger than the limit or than the memory that is left. */
export class FileTooLarge extends Error {
  constructor(fileBytes: number, room: string, options?: { cause?: unknown }) {
    super(`expected at most ${room}, found a file of ${fileBytes}`, options);
    this.name = 'FileTooLarge';
  }
}

/**
 * All bytes of the file at `path`, off the JavaScript heap. Fewer, when it became shorter meanwhile.
 *
 * @throws {FileTooLarge} before anything is read; what `node:fs` throws when the file cannot be opened or read
 */
export function readWholeFile(path: string, limits: WholeFileLimits = {}): Uint8Array {
  const { mostBytes = MOST_BYTES, chunkBytes = CHUNK_BYTES } = limits;
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size > mostBytes) throw new FileTooLarge(size, `${mostBytes} bytes`);
    const bytes = allocate(size);
    let length = 0;
    while (length < size) {
      const read = readSync(file, bytes, length, Math.min(chunkBytes, size - length), length);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function allocate(size: number): Uint8Array {
  try {
    return Buffer.allocUnsafeSlow(size);
  } catch (cause) {
    throw new FileTooLarge(size, 'what memory is left', { cause });
  }
}
