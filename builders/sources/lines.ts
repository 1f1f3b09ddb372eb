import { isUtf8 } from 'node:buffer';
import { BuildError, InvalidLine } from '../errors.ts';
import { type Input, type InputDigest, readChunks } from './input.ts';

/** The longest line that is taken: one document. Beyond it a missing line end is likelier than a document. */
export const MAX_LINE_BYTES = 16 << 20;

/** What happens to lines that cannot be used. */
export interface InvalidLines {
  /** Leave them out and count them, instead of stopping at the first. */
  readonly skip: boolean;
  /** How many were left out. */
  count: number;
  /** What the first of them was left out for, for the summary; empty when none was. */
  first: string;
}

/**
 * Takes one line, without its end and valid UTF-8, and its number from 1. The text is only decoded where it is needed:
 * `bytes[start, end)` is valid until the handler returns.
 *
 * @throws {InvalidLine} when the line cannot be used
 */
export type LineHandler = (bytes: Buffer, start: number, end: number, line: number) => void;

/** What {@link readLines} lets its caller decide. */
export interface ReadLinesOptions {
  readonly invalid: InvalidLines;
  /** Lines are read in the light of those before: none can be left out, whatever `invalid` says. */
  readonly dependent?: boolean;
  /** Told the stored bytes of each chunk as it is read. */
  readonly onBytes?: (bytes: number) => void;
  /** Awaited between chunks. */
  readonly breathe?: () => Promise<void> | undefined;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Hands each line of an input to `handle`: LF or CRLF ends, the last one with or without; a byte order mark at the
 * beginning is left out. Memory: a few chunks and the longest line.
 *
 * @returns the number of lines
 * @throws {BuildError} `BUILD_INPUT`, naming file and line, for a line that is no UTF-8, over `MAX_LINE_BYTES` long or
 *   refused by the handler, unless such lines are skipped
 */
export async function readLines(
  input: Input,
  digest: InputDigest,
  options: ReadLinesOptions,
  handle: LineHandler,
): Promise<number> {
  const splitter = new LineSplitter(input.label, options, handle);
  for await (const chunk of readChunks(input, digest, options.onBytes)) {
    splitter.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    await options.breathe?.();
  }
  splitter.end();
  return splitter.lineCount;
}

/** Cuts chunks into lines; a line that spans chunks is gathered in `#carry`. */
class LineSplitter {
  readonly #label: string;
  readonly #invalid: InvalidLines;
  readonly #dependent: boolean;
  readonly #handle: LineHandler;
  #carry: Buffer;
  #carried: number;
  #tooLong: boolean;
  lineCount: number;

  constructor(label: string, { invalid, dependent = false }: ReadLinesOptions, handle: LineHandler) {
    this.#label = label;
    this.#invalid = invalid;
    this.#dependent = dependent;
    this.#handle = handle;
    this.#carry = Buffer.alloc(1 << 12);
    this.#carried = 0;
    this.#tooLong = false;
    this.lineCount = 0;
  }

  push(chunk: Buffer): void {
    let start = 0;
    const firstEnd = chunk.indexOf(LF);
    if (this.#carried > 0 || this.#tooLong) {
      this.#keep(chunk, 0, firstEnd < 0 ? chunk.length : firstEnd);
      if (firstEnd < 0) return;
      this.#lineFromCarry();
      start = firstEnd + 1;
    }
    const lastEnd = chunk.lastIndexOf(LF);
    if (lastEnd >= start) {
      // One check for all the lines of a chunk: simdutf goes through them at gigabytes a second.
      const valid = isUtf8(chunk.subarray(start, lastEnd));
      while (start <= lastEnd) {
        const end = chunk.indexOf(LF, start);
        this.#line(chunk, start, end, valid);
        start = end + 1;
      }
    }
    this.#keep(chunk, start, chunk.length);
  }

  end(): void {
    if (this.#carried > 0 || this.#tooLong) this.#lineFromCarry();
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const length = end - start;
    if (this.#tooLong || this.#carried + length > MAX_LINE_BYTES) {
      this.#tooLong = true;
      this.#carried = 0;
      return;
    }
    if (this.#carried + length > this.#carry.length) {
      const grown = Buffer.alloc(Math.max(this.#carry.length * 2, this.#carried + length));
      this.#carry.copy(grown, 0, 0, this.#carried);
      this.#carry = grown;
    }
    chunk.copy(this.#carry, this.#carried, start, end);
    this.#carried += length;
  }

  #lineFromCarry(): void {
    const end = this.#carried;
    this.#carried = 0;
    if (this.#tooLong) {
      this.#tooLong = false;
      this.lineCount++;
      this.#refuse(`expected at most ${MAX_LINE_BYTES} bytes in a line, found more`);
      return;
    }
    this.#line(this.#carry, 0, end, false);
  }

  #line(bytes: Buffer, start: number, end: number, valid: boolean): void {
    this.lineCount++;
    if (end > start && bytes[end - 1] === CR) end--;
    if (this.lineCount === 1 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) {
      start = Math.min(start + 3, end);
    }
    if (!valid && !isUtf8(bytes.subarray(start, end))) {
      this.#refuse('expected UTF-8, found other bytes; convert the file, for example with iconv');
      return;
    }
    try {
      this.#handle(bytes, start, end, this.lineCount);
    } catch (error) {
      if (!(error instanceof InvalidLine)) throw error;
      this.#refuse(error.message);
    }
  }

  #refuse(what: string): void {
    const message = `${this.#label}:${this.lineCount}: ${what}`;
    if (this.#dependent) {
      throw new BuildError(
        'BUILD_INPUT',
        `${message}; restore the file: what follows builds on this line, so it cannot be left out`,
      );
    }
    if (!this.#invalid.skip) {
      throw new BuildError('BUILD_INPUT', `${message}; mend the line, or leave such lines out with --skip-invalid`);
    }
    if (this.#invalid.count++ === 0) this.#invalid.first = message;
  }
}
