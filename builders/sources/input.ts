import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { BuildError, errorCode, reasonOf } from '../errors.ts';
import { gunzipped } from './gunzip.ts';

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
 * @throws {BuildError} `BUILD_INPUT` when reading or decompressing fails, or the file is shorter than when it was named
 */
export async function* readChunks(
  input: Input,
  digest: InputDigest,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');

  async function* observed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of input.open()) {
      hash.update(chunk);
      digest.bytes += chunk.length;
      onBytes(chunk.length);
      yield chunk;
    }
    if (digest.bytes < (input.size ?? 0)) throw shrunken(input, digest.bytes);
    digest.sha256 = hash.digest('hex');
  }

  try {
    yield* gunzipped(observed(), input.label);
  } catch (cause) {
    if (cause instanceof BuildError) throw cause;
    throw new BuildError('BUILD_INPUT', `${input.label}: reading it: ${reason(cause)}`, { cause });
  }
}

function shrunken({ label, size }: Input, found: number): BuildError {
  return new BuildError(
    'BUILD_INPUT',
    `${label}: reading it: expected ${size} bytes, as at the start of the build, found ${found}; build from a copy that nothing writes to`,
  );
}

function reason(cause: unknown): string {
  const code = errorCode(cause);
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'Z_BUF_ERROR') return 'the gzip data ends early; fetch or compress the file again';
  if (code === 'Z_DATA_ERROR') return `the gzip data is damaged (${reasonOf(cause)}); fetch or compress the file again`;
  return reasonOf(cause);
}
