import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError, reasonOf } from '../errors.ts';

/** Where a scratch file is removed by hand because the system would not unlink it while open (Windows). */
const leftToRemove = new Set<string>();

/** A scratch file on its way from one thread to another: descriptors are those of the whole process. */
export interface HandedFile {
  readonly descriptor: number;
  readonly size: number;
}

/**
 * A file for intermediate results that nobody else sees: unlinked as soon as it is open, so that the system takes its
 * space back when the process ends, however it ends: `kill -9` too leaves nothing.
 *
 * Where an open file cannot be unlinked, it is removed by `close` and when the process exits.
 */
export class ScratchFile {
  readonly #fd: number;
  readonly #path: string;
  #size: number;
  #closed: boolean;

  /**
   * @param folder where the file's space is taken from; made when it is not there
   * @throws {BuildError} `BUILD_OUTPUT` when the folder cannot be written to
   */
  constructor(folder: string);
  /** @param handed what another thread of this process handed over */
  constructor(handed: HandedFile);
  constructor(from: string | HandedFile) {
    this.#closed = false;
    if (typeof from !== 'string') {
      this.#path = '';
      this.#fd = from.descriptor;
      this.#size = from.size;
      return;
    }
    const folder = from;
    this.#path = join(folder, `emend-scratch-${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
    this.#size = 0;
    try {
      mkdirSync(folder, { recursive: true });
      this.#fd = openSync(this.#path, 'wx+', 0o600);
    } catch (cause) {
      throw new BuildError('BUILD_OUTPUT', `${folder}: making a scratch file there: ${reasonOf(cause)}`, { cause });
    }
    try {
      rmSync(this.#path);
    } catch {
      if (leftToRemove.size === 0) process.once('exit', removeLeft);
      leftToRemove.add(this.#path);
    }
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#size;
  }

  /** Writes `bytes[start, end)` after what is there. */
  append(bytes: Uint8Array, start: number, end: number): void {
    try {
      while (start < end) {
        const written = writeSync(this.#fd, bytes, start, end - start, this.#size);
        start += written;
        this.#size += written;
      }
    } catch (cause) {
      throw new BuildError('BUILD_OUTPUT', `${this.#path}: writing intermediate results: ${reasonOf(cause)}`, {
        cause,
      });
    }
  }

  /** Reads up to `length` bytes from `position` into `out` at `offset`, and returns how many there were. */
  read(position: number, out: Uint8Array, offset: number, length: number): number {
    let total = 0;
    while (total < length) {
      const count = readSync(this.#fd, out, offset + total, length - total, position + total);
      if (count === 0) break;
      total += count;
    }
    return total;
  }

  /** Gives the file to another thread of this process, which makes one of its own of it and closes it; this one is closed. */
  handOver(): HandedFile {
    this.#closed = true;
    return { descriptor: this.#fd, size: this.#size };
  }

  /** Gives the space back. A second close does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
    if (leftToRemove.delete(this.#path)) rmSync(this.#path, { force: true });
  }
}

function removeLeft(): void {
  for (const path of leftToRemove) rmSync(path, { force: true });
}
