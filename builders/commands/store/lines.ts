/** Lines of bytes in and out: keys are bytes, so nothing here goes through strings. */

import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { Interrupted } from '../../build/interrupt.ts';
import type { CommandIo } from '../../command.ts';
import { BuildError } from '../../errors.ts';
import { gunzipped } from '../../sources/gunzip.ts';

const LF = 0x0a;
const CHUNK_BYTES = 1 << 18;

/** Called with each line: `bytes[start, end)` without its line end, numbered from 1. The bytes are valid until it returns. */
export type LineHandler = (bytes: Uint8Array, start: number, end: number, line: number) => void;

/**
 * The file at `path`, or standard input for `-`, gunzipped when it begins as gzip does.
 *
 * @param breathe awaited between chunks; what it throws ends the reading
 * @returns the bytes that belong to no line, besides the LFs
 */
export async function readLines(
  path: string,
  io: CommandIo,
  onLine: LineHandler,
  breathe?: () => Promise<void> | undefined,
): Promise<LeftOut> {
  const name = path === '-' ? 'standard input' : path;
  const source = path === '-' ? io.stdin : createReadStream(resolve(io.cwd, path), { highWaterMark: CHUNK_BYTES });
  try {
    return await splitLines(gunzipped(asChunks(source, breathe), name), onLine);
  } catch (cause) {
    if (cause instanceof BuildError || cause instanceof Interrupted) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BuildError('BUILD_INPUT', `${name}: reading lines: the file cannot be read (${why}); check it`, {
      cause,
    });
  }
}

/** What editors on Windows write before the first line and at the ends of lines. */
export interface LeftOut {
  byteOrderMark: boolean;
  /** Lines that a carriage return ended before their LF. */
  carriageReturns: number;
}

const CR = 0x0d;
const MARK = [0xef, 0xbb, 0xbf] as const;

/** Where a line begins after a byte order mark, which only the first can have. */
export function lineStart(bytes: Uint8Array, start: number, end: number, isFirst: boolean): number {
  return isFirst && end - start >= MARK.length && MARK.every((byte, i) => bytes[start + i] === byte)
    ? start + MARK.length
    : start;
}

/** Where a line ends without the carriage return of its end. */
export function lineEnd(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === CR ? end - 1 : end;
}

/** Calls `onLine` for each line of the stream; a last line without LF counts, an empty piece after the last LF does not. */
async function splitLines(chunks: AsyncIterable<Uint8Array>, handle: LineHandler): Promise<LeftOut> {
  const leftOut = { byteOrderMark: false, carriageReturns: 0 };
  const onLine: LineHandler = (bytes, from, to, number) => {
    const start = lineStart(bytes, from, to, number === 1);
    const end = lineEnd(bytes, start, to);
    if (start > from) leftOut.byteOrderMark = true;
    if (end < to) leftOut.carriageReturns++;
    handle(bytes, start, end, number);
  };
  let carry = new Uint8Array(0);
  let line = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      line++;
      if (carry.length > 0) {
        const whole = joined(carry, chunk.subarray(start, end));
        onLine(whole, 0, whole.length, line);
        carry = new Uint8Array(0);
      } else {
        onLine(chunk, start, end, line);
      }
      start = end + 1;
    }
    if (start < chunk.length) carry = joined(carry, chunk.subarray(start));
  }
  // A mark alone is not a line.
  if (lineStart(carry, 0, carry.length, line === 0) === carry.length) leftOut.byteOrderMark ||= carry.length > 0;
  else onLine(carry, 0, carry.length, line + 1);
  return leftOut;
}

/** Buffers bytes and writes them in large pieces, waiting for the reader. */
export class ByteOutput {
  readonly #stream: NodeJS.WritableStream;
  #buffer: Uint8Array;
  #length: number;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    this.#buffer = new Uint8Array(CHUNK_BYTES);
    this.#length = 0;
  }

  /** Whether enough has gathered that `flush` should be awaited. */
  get full(): boolean {
    return this.#length >= CHUNK_BYTES / 2;
  }

  push(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const needed = this.#length + end - start;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), this.#length);
    this.#length = needed;
  }

  /** ASCII text. */
  pushText(text: string): void {
    for (let i = 0; i < text.length; i++) this.pushByte(text.charCodeAt(i));
  }

  pushByte(byte: number): void {
    if (this.#length === this.#buffer.length) this.push(Uint8Array.of(byte));
    else this.#buffer[this.#length++] = byte;
  }

  async flush(): Promise<void> {
    if (this.#length === 0) return;
    const bytes = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    if (!this.#stream.write(bytes)) await once(this.#stream, 'drain');
  }
}

async function* asChunks(
  source: NodeJS.ReadableStream,
  breathe?: () => Promise<void> | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    await breathe?.();
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
