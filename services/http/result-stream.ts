import { once } from 'node:events';
import type { Response } from 'express';
import { bodyHeaders, sendBody } from './route.ts';

/** Text that is put together before it is written: an answer that ends below it leaves whole, with its length. */
const CHUNK_UNITS = 64 * 1024;

const TYPE = 'application/json';
const HEAD = '{"results":[';
const TAIL = ']}';

/** The answer to a batch on its way: `{"results":[...]}`, result by result. */
export class ResultStream {
  readonly #response: Response;
  readonly #maxUnsentBytes: number;
  #text = HEAD;
  #isFirst = true;
  #bytes = 0;

  /** @param maxUnsentBytes written and not yet taken by the client: from there on it is full */
  constructor(response: Response, maxUnsentBytes: number) {
    this.#response = response;
    this.#maxUnsentBytes = maxUnsentBytes;
  }

  /** What the answer has so far, near enough: what is not yet written counts by its UTF-16 code units. */
  get bytes(): number {
    return this.#bytes + this.#text.length;
  }

  /** Whether to add nothing more before the client has read some. */
  get isFull(): boolean {
    return this.#response.writableLength >= this.#maxUnsentBytes;
  }

  /** @param result one result as JSON */
  add(result: string): void {
    this.#text += this.#isFirst ? result : `,${result}`;
    this.#isFirst = false;
    if (this.#text.length >= CHUNK_UNITS) this.#flush();
  }

  /** Waits while it is full. @returns false where the client has gone */
  async hasRoom(): Promise<boolean> {
    const response = this.#response;
    const left = new AbortController();
    const onClose = () => left.abort();
    response.once('close', onClose);
    try {
      while (!response.destroyed && this.isFull) await once(response, 'drain', { signal: left.signal });
    } catch {
      // It closed, or its socket broke: both are told below.
    }
    response.off('close', onClose);
    return !response.destroyed;
  }

  end(): void {
    const text = this.#text + TAIL;
    if (this.#bytes === 0) sendBody(this.#response, 200, TYPE, text);
    else this.#response.end(text);
  }

  #flush(): void {
    if (this.#bytes === 0) this.#response.writeHead(200, bodyHeaders(this.#response, TYPE));
    // As bytes, so that what waits is counted by them.
    const bytes = Buffer.from(this.#text);
    this.#bytes += bytes.length;
    this.#text = '';
    this.#response.write(bytes);
  }
}
