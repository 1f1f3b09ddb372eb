import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { corrupt, StoreError, unreadable } from '../errors.ts';

/**
 * Where a block file's bytes come from: a local file now. Reads name their position, so any number of readers may
 * share a source.
 */
export interface ByteSource {
  /** For messages. */
  readonly path: string;
  readonly byteLength: number;
  /**
   * Reads `length` bytes from `position` to `into[at, at + length)`.
   *
   * @throws {StoreError} `STORE_IO` when the system refuses, `STORE_CORRUPT` when the bytes end early, `STORE_CLOSED`
   *   after `close()`
   */
  read(into: Uint8Array, at: number, length: number, position: number): void;
  /** As `read`, without blocking. */
  readAsync(into: Uint8Array, at: number, length: number, position: number): Promise<void>;
  /** Lets go once the reads under way are done. A second close does nothing. */
  close(): void;
}

/**
 * A local file, open for as long as the source is: renaming another file over it or removing it leaves this reader
 * with the bytes it opened.
 */
export class FileSource implements ByteSource {
  readonly path: string;
  readonly byteLength: number;
  #fd: number;
  #underWay: number;
  #closing: boolean;

  /** @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO` when the file cannot be opened */
  constructor(path: string) {
    this.path = path;
    this.#underWay = 0;
    this.#closing = false;
    try {
      this.#fd = openSync(path, 'r');
    } catch (cause) {
      throw unreadable(path, 'opening a block file', cause);
    }
    const stat = fstatSync(this.#fd);
    if (!stat.isFile()) {
      closeSync(this.#fd);
      throw new StoreError('STORE_NOT_FOUND', `${path}: expected a file, found a folder or a device`);
    }
    this.byteLength = stat.size;
  }

  read(into: Uint8Array, at: number, length: number, position: number): void {
    if (this.#closing) throw this.#closed();
    let done = 0;
    while (done < length) {
      let count: number;
      try {
        count = readSync(this.#fd, into, at + done, length - done, position + done);
      } catch (cause) {
        throw this.#refused(length, position, cause);
      }
      if (count === 0) throw this.#short(length, position, done);
      done += count;
    }
  }

  async readAsync(into: Uint8Array, at: number, length: number, position: number): Promise<void> {
    if (this.#closing) throw this.#closed();
    this.#underWay++;
    try {
      for (let done = 0; done < length; ) {
        const count = await this.#readOnce(into, at + done, length - done, position + done);
        if (count === 0) throw this.#short(length, position, done);
        done += count;
      }
    } finally {
      this.#underWay--;
      if (this.#closing && this.#underWay === 0) this.#closeNow();
    }
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    if (this.#underWay === 0) this.#closeNow();
  }

  #readOnce(into: Uint8Array, at: number, length: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.#fd, into, at, length, position, (cause, count) => {
        if (cause) reject(this.#refused(length, position, cause));
        else resolve(count);
      });
    });
  }

  #closeNow(): void {
    closeSync(this.#fd);
    this.#fd = -1;
  }

  /** A descriptor that was closed may be another file's by now. */
  #closed(): StoreError {
    return new StoreError('STORE_CLOSED', `${this.path}: read after close(); open the file again`);
  }

  #refused(length: number, position: number, cause: unknown): StoreError {
    const why = (cause as Error).message;
    return new StoreError('STORE_IO', `${this.path}: reading ${length} bytes at ${position}: ${why}`, { cause });
  }

  #short(length: number, position: number, done: number): StoreError {
    return corrupt(this.path, position, `${length} bytes`, `${done} before the file's end`);
  }
}

/** Bytes in memory as a source: for tests, and for files that came from elsewhere. */
export class MemorySource implements ByteSource {
  readonly path: string;
  readonly byteLength: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, path: string) {
    this.path = path;
    this.byteLength = bytes.length;
    this.#bytes = bytes;
  }

  read(into: Uint8Array, at: number, length: number, position: number): void {
    if (position + length > this.#bytes.length) {
      throw corrupt(this.path, position, `${length} bytes`, `${Math.max(0, this.#bytes.length - position)}`);
    }
    into.set(this.#bytes.subarray(position, position + length), at);
  }

  async readAsync(into: Uint8Array, at: number, length: number, position: number): Promise<void> {
    this.read(into, at, length, position);
  }

  close(): void {}
}
