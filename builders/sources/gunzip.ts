import { createGunzip, type Gunzip } from 'node:zlib';
import { BuildError } from '../errors.ts';

const CHUNK_BYTES = 1 << 18;
const FIRST_ID = 0x1f;
const SECOND_ID = 0x8b;

/**
 * The text of gzip data, which may have several members with zeros between and after them, as tapes and block devices
 * pad them; the data as it is when it does not begin as gzip does, whatever its name.
 *
 * Reads the source to its end. Nothing is read ahead of the consumer beyond a few chunks.
 *
 * @param label of the source, for messages
 * @throws {BuildError} `BUILD_INPUT` for other bytes between or after the members
 * @throws what zlib does for data that is damaged or ends early
 */
export async function* gunzipped(source: AsyncIterable<Uint8Array>, label: string): AsyncGenerator<Uint8Array> {
  const stored = new Stored(source[Symbol.asyncIterator]());
  try {
    if (!(await stored.beginsAsGzip())) {
      yield* stored;
      return;
    }
    do yield* member(stored);
    while (await stored.skipPadding(label));
  } finally {
    await stored.close();
  }
}

/** The text of what zlib reads in one go: a member and those that follow it without a gap. */
async function* member(stored: Stored): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const fed = feed(gunzip, stored);
  try {
    for await (const chunk of gunzip) yield chunk;
    await fed.done;
    fed.putBack(gunzip.bytesWritten);
  } finally {
    gunzip.destroy();
  }
}

/** Writes the source into `gunzip` until that takes no more. */
function feed(gunzip: Gunzip, stored: Stored): { done: Promise<void>; putBack: (taken: number) => void } {
  let latest: Uint8Array = new Uint8Array(0);
  let fedBytes = 0;
  const done = (async () => {
    try {
      while (!gunzip.readableEnded && !gunzip.destroyed) {
        const next = await stored.next();
        if (next.done) {
          gunzip.end();
          return;
        }
        latest = next.value;
        fedBytes += latest.length;
        // Told when zlib has looked at the chunk, so that no other is under way when it ends within this one.
        await new Promise<void>((resolve) => {
          gunzip.once('close', resolve);
          gunzip.write(latest, () => {
            gunzip.off('close', resolve);
            resolve();
          });
        });
        if (gunzip.bytesWritten < fedBytes) return;
      }
    } catch (error) {
      gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  })();
  return {
    done,
    putBack: (taken) => {
      if (taken < fedBytes) stored.putBack(latest.subarray(latest.length - (fedBytes - taken)));
    },
  };
}

/** Chunks of bytes as they are stored, of which some can be looked at and put back. */
class Stored implements AsyncIterableIterator<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>;
  #waiting: Uint8Array | undefined;

  constructor(source: AsyncIterator<Uint8Array>) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const waiting = this.#waiting;
    if (waiting === undefined) return this.#source.next();
    this.#waiting = undefined;
    return { done: false, value: waiting };
  }

  putBack(chunk: Uint8Array): void {
    this.#waiting = chunk;
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  /** Pipes may hand over single bytes. */
  async beginsAsGzip(): Promise<boolean> {
    let head: Uint8Array = new Uint8Array(0);
    while (head.length < 2) {
      const next = await this.next();
      if (next.done) break;
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    }
    if (head.length > 0) this.putBack(head);
    return head[0] === FIRST_ID && head[1] === SECOND_ID;
  }

  /** Passes over zeros; whether a member follows. */
  async skipPadding(label: string): Promise<boolean> {
    for (let next = await this.next(); !next.done; next = await this.next()) {
      const start = next.value.findIndex((byte) => byte !== 0);
      if (start < 0) continue;
      this.putBack(next.value.subarray(start));
      if (await this.beginsAsGzip()) return true;
      const found = next.value[start]!.toString(16).padStart(2, '0');
      throw new BuildError(
        'BUILD_INPUT',
        `${label}: reading it: expected zeros or more gzip data after the end of the gzip data, found the byte 0x${found}; fetch or compress the file again`,
      );
    }
    return false;
  }
}
