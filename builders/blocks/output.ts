import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from '../../stores/bytes/checksum.ts';
import { BuildError } from '../errors.ts';
import { temporaryPath } from '../temporary-path.ts';

/** Bytes gathered before they are written. */
const BUFFER_BYTES = 1 << 18;

/** Where a writer's bytes go, from front to back. */
export interface Output {
  /** For messages. */
  readonly path: string;
  /** Bytes appended so far. */
  readonly position: number;
  /** CRC-32 of all of them. */
  readonly checksum: number;
  append(bytes: Uint8Array): void;
  finish(): void;
  abort(): void;
}

/** Keeps the bytes in memory: for samples that are measured and thrown away, and for tests. */
export class MemoryOutput implements Output {
  readonly path: string;
  position: number;
  checksum: number;
  readonly #parts: Uint8Array[];

  constructor(path: string) {
    this.path = path;
    this.position = 0;
    this.checksum = 0;
    this.#parts = [];
  }

  append(bytes: Uint8Array): void {
    this.checksum = crc32(bytes, 0, bytes.length, this.checksum);
    this.position += bytes.length;
    this.#parts.push(bytes.slice());
  }

  /** All bytes appended. */
  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  finish(): void {}

  abort(): void {}
}

/**
 * A file being written from front to back under a temporary name beside its own, with the checksum of all its bytes. It
 * gets its name when it is complete and on disk.
 */
export class FileOutput implements Output {
  readonly path: string;
  /** Bytes appended so far. */
  position: number;
  /** CRC-32 of all of them. */
  checksum: number;
  readonly #temporary: string;
  readonly #buffer: Uint8Array;
  #filled: number;
  #fd: number;
  /** Whether the temporary file is in its place or was removed. */
  #ended: boolean;

  /** @throws {BuildError} `BUILD_OUTPUT` when the file cannot be made */
  constructor(path: string) {
    this.path = path;
    this.position = 0;
    this.checksum = 0;
    this.#temporary = temporaryPath(path);
    this.#buffer = new Uint8Array(BUFFER_BYTES);
    this.#filled = 0;
    this.#ended = false;
    this.#fd = this.#try('made', () => openSync(this.#temporary, 'wx'));
  }

  /** Appends bytes. */
  append(bytes: Uint8Array): void {
    this.checksum = crc32(bytes, 0, bytes.length, this.checksum);
    this.position += bytes.length;
    if (this.#filled + bytes.length > BUFFER_BYTES) this.#flush();
    if (bytes.length > BUFFER_BYTES) {
      this.#write(bytes);
      return;
    }
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** Syncs the file, gives it its name and syncs the folder. */
  finish(): void {
    this.#flush();
    this.#try('completed', () => {
      fsyncSync(this.#fd);
      closeSync(this.#fd);
      this.#fd = -1;
      renameSync(this.#temporary, this.path);
      this.#ended = true;
      syncFolder(dirname(this.path));
    });
  }

  /** Removes what was written so far; nothing after `finish`. */
  abort(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
    rmSync(this.#temporary, { force: true });
  }

  #flush(): void {
    this.#write(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #write(bytes: Uint8Array): void {
    this.#try('written', () => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at, bytes.length - at);
    });
  }

  #try<T>(what: string, action: () => T): T {
    try {
      return action();
    } catch (cause) {
      const why = (cause as Error).message;
      throw new BuildError('BUILD_OUTPUT', `${this.path}: cannot be ${what}: ${why}`, { cause });
    }
  }
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
