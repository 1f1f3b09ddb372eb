import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BuildError, errorCode, reasonOf } from '../errors.ts';

const READ_BYTES = 1 << 18;

/** An input to be read once: a file, or standard input. */
export interface Input {
  /** As messages name it: the path as it was given, or `<stdin>`. */
  readonly label: string;
  /** The file's name without its folder, `.gz` included; `stdin` for standard input. */
  readonly name: string;
  /** Bytes as they are stored, or undefined where nobody knows (standard input, pipes). */
  readonly size: number | undefined;
  /** The bytes as they are stored. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** What reading an input to its end told about it. */
export interface InputDigest {
  /** Bytes as they are stored: before decompression. */
  bytes: number;
  /** SHA-256 of the same, hexadecimal; empty until the end is reached. */
  sha256: string;
}

/**
 * The file at `path` as an input.
 *
 * @throws {BuildError} `BUILD_INPUT` when it is not there or is a folder
 */
export function fileInput(path: string, label = path): Input {
  let size: number | undefined;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new BuildError('BUILD_INPUT', `${label}: a folder; give a file`);
    size = stat.isFile() ? stat.size : undefined;
  } catch (cause) {
    if (cause instanceof BuildError) throw cause;
    throw new BuildError('BUILD_INPUT', `${label}: opening it: ${reason(cause)}`, { cause });
  }
  return { label, name: basename(path), size, open: () => createReadStream(path, { highWaterMark: READ_BYTES }) };
}

/** A stream, such as standard input, as an input. */
export function streamInput(stream: NodeJS.ReadableStream): Input {
  return {
    label: '<stdin>',
    name: 'stdin',
    size: undefined,
    open: async function* chunks() {
      for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    },
  };
}

/**
 * The input's text as chunks of bytes, decompressed when its first two bytes say that it is gzip, whatever its name.
 * Nothing is read ahead of the consumer beyond a few chunks.
 *
 * @param onBytes told the stored bytes of each chunk as it is read
 * @throws {BuildError} `BUILD_INPUT` when reading or decompressing fails
 */
export async function* readChunks(
  input: Input,
  digest: InputDigest,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const stored = input.open()[Symbol.asyncIterator]();

  async function* observed(first: IteratorResult<Uint8Array>): AsyncGenerator<Uint8Array> {
    for (let item = first; !item.done; item = await stored.next()) {
      hash.update(item.value);
      digest.bytes += item.value.length;
      onBytes(item.value.length);
      yield item.value;
    }
    digest.sha256 = hash.digest('hex');
  }

  try {
    const head = await firstBytes(stored);
    const raw = observed(head);
    if (!head.done && head.value[0] === 0x1f && head.value[1] === 0x8b) {
      const gunzip = createGunzip({ chunkSize: READ_BYTES });
      pipeline(raw, gunzip, () => undefined);
      for await (const chunk of gunzip) yield chunk;
    } else {
      yield* raw;
    }
  } catch (cause) {
    if (cause instanceof BuildError) throw cause;
    throw new BuildError('BUILD_INPUT', `${input.label}: reading it: ${reason(cause)}`, { cause });
  } finally {
    await stored.return?.();
  }
}

/** The first chunk, two bytes long at least unless that is all there is: pipes may hand over single bytes. */
async function firstBytes(stored: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  let head = await stored.next();
  while (!head.done && head.value.length < 2) {
    const more = await stored.next();
    if (more.done) break;
    head = { done: false, value: Buffer.concat([head.value, more.value]) };
  }
  return head;
}

function reason(cause: unknown): string {
  const code = errorCode(cause);
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'Z_BUF_ERROR') return 'the gzip data ends early; fetch or compress the file again';
  if (code === 'Z_DATA_ERROR') return `the gzip data is damaged (${reasonOf(cause)}); fetch or compress the file again`;
  return reasonOf(cause);
}
