/** Lines of bytes in and out: keys are bytes, so nothing here goes through strings. */

import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { CommandIo } from '../../command.ts';
import { BuildError } from '../../errors.ts';

const LF = 0x0a;
const CHUNK_BYTES = 1 << 18;

/** Told of each line: `bytes[start, end)` without its LF, numbered from 1. The bytes are valid until it returns. */
export type LineHandler = (bytes: Uint8Array, start: number, end: number, line: number) => void;

/** The file at `path`, or standard input for `-`, gunzipped when it begins as gzip does. */
export async function readLines(path: string, io: CommandIo, onLine: LineHandler): Promise<void> {
  const name = path === '-' ? 'standard input' : path;
  const source = path === '-' ? io.stdin : createReadStream(resolve(io.cwd, path), { highWaterMark: CHUNK_BYTES });
  try {
    await splitLines(gunzipped(source), onLine);
  } catch (cause) {
    if (cause instanceof BuildError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BuildError('BUILD_INPUT', `${name}: reading lines: the file cannot be read (${why}); check it`, {
      cause,
    });
  }
}

/** Calls `onLine` for each line of the stream; a last line without LF counts, an empty piece after the last LF does not. */
export async function splitLines(chunks: AsyncIterable<Uint8Array>, onLine: LineHandler): Promise<void> {
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
  if (carry.length > 0) onLine(carry, 0, carry.length, line + 1);
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

/** The stream's chunks, gunzipped when the first two bytes are gzip's. */
async function* gunzipped(source: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  const chunks = asChunks(source);
  let head = new Uint8Array(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    head = joined(head, next.value);
    if (head.length >= 2) break;
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    yield* chunks;
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole();
    return;
  }
  const out = new PassThrough();
  const done = pipeline(whole(), createGunzip({ chunkSize: CHUNK_BYTES }), out);
  done.catch((error) => out.destroy(error));
  yield* out;
  await done;
}

async function* asChunks(source: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
