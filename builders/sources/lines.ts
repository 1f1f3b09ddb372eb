import { isUtf8 } from 'node:buffer';
import { BuildError, InvalidLine } from '../errors.ts';
import type { InputFormat } from './format.ts';
import { type Input, type InputDigest, readChunks } from './input.ts';
import { QuotedRecords } from './quoted.ts';

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
  /**
   * Given the beginning of the text before any line, 64 KiB where there are so many, without a byte order mark. What it
   * answers says what stands between the cells of a CSV file, whose quoted cells may have line ends in them: a record
   * over several lines is handed on as one, with LF for their ends, under the number of its first line.
   */
  readonly onHead?: (head: Buffer) => { readonly format: InputFormat; readonly delimiter: string };
  /** Told the stored bytes of each chunk as it is read. */
  readonly onBytes?: (bytes: number) => void;
  /** Awaited between chunks. */
  readonly breathe?: () => Promise<void> | undefined;
}

/** So much is gathered before {@link ReadLinesOptions.onHead} is asked. */
const HEAD_BYTES = 1 << 16;

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
  const { onHead } = options;
  let splitter = onHead === undefined ? new LineSplitter(input.label, options, handle) : undefined;
  let head: Buffer = Buffer.alloc(0);
  const begin = () => {
    const { format, delimiter } = onHead!(head.subarray(hasMark(head, 0) ? 3 : 0));
    const begun = new LineSplitter(input.label, options, handle, format === 'csv' ? delimiter : undefined);
    begun.push(head);
    return begun;
  };
  for await (const chunk of readChunks(input, digest, options.onBytes)) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    if (splitter !== undefined) {
      splitter.push(bytes);
    } else {
      head = head.length === 0 ? bytes : Buffer.concat([head, bytes]);
      if (head.length >= HEAD_BYTES) splitter = begin();
    }
    await options.breathe?.();
  }
  splitter ??= begin();
  splitter.end();
  return splitter.lineCount;
}

function hasMark(bytes: Buffer, start: number): boolean {
  return bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
}

/** Cuts chunks into lines; a line that spans chunks is gathered in `#carry`. */
class LineSplitter {
  readonly #label: string;
  readonly #invalid: InvalidLines;
  readonly #dependent: boolean;
  readonly #handle: LineHandler;
  readonly #records: QuotedRecords | undefined;
  #carry: Buffer;
  #carried: number;
  #tooLong: boolean;
  lineCount: number;

  /** @param quotedBy what stands between cells, where cells can be quoted */
  constructor(label: string, { invalid, dependent = false }: ReadLinesOptions, handle: LineHandler, quotedBy?: string) {
    this.#label = label;
    this.#invalid = invalid;
    this.#dependent = dependent;
    this.#handle = handle;
    this.#records =
      quotedBy === undefined
        ? undefined
        : new QuotedRecords(
            quotedBy,
            (bytes, start, end, line) => this.#deliver(bytes, start, end, line),
            (what, line) => this.#refuse(what, line),
          );
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
    this.#records?.end();
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
      this.#refuse(`expected at most ${MAX_LINE_BYTES} bytes in a line, found more`, this.lineCount);
      return;
    }
    this.#line(this.#carry, 0, end, false);
  }

  #line(bytes: Buffer, start: number, end: number, valid: boolean): void {
    this.lineCount++;
    if (end > start && bytes[end - 1] === CR) end--;
    if (this.lineCount === 1 && hasMark(bytes, start)) {
      start = Math.min(start + 3, end);
    }
    if (!valid && !isUtf8(bytes.subarray(start, end))) {
      this.#refuse('expected UTF-8, found other bytes; convert the file, for example with iconv', this.lineCount);
      return;
    }
    if (this.#records === undefined) this.#deliver(bytes, start, end, this.lineCount);
    else this.#records.add(bytes, start, end, this.lineCount);
  }

  #deliver(bytes: Buffer, start: number, end: number, line: number): void {
    try {
      this.#handle(bytes, start, end, line);
    } catch (error) {
      if (!(error instanceof InvalidLine)) throw error;
      this.#refuse(error.message, line);
    }
  }

  #refuse(what: string, line: number): void {
    const message = `${this.#label}:${line}: ${what}`;
    if (this.#dependent) {
      throw new BuildError(
        'BUILD_INPUT',
        `${message}; restore the file: later lines depend on this one, so it cannot be left out`,
      );
    }
    if (!this.#invalid.skip) {
      throw new BuildError('BUILD_INPUT', `${message}; mend the line, or leave such lines out with --skip-invalid`);
    }
    if (this.#invalid.count++ === 0) this.#invalid.first = message;
  }
}
