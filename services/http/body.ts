import type { IncomingMessage } from 'node:http';
import { type Bodies, Gathered, tooMany } from './bodies.ts';
import type { Exchange } from './exchange.ts';
import { HttpProblem, overloaded } from './problems.ts';

/**
 * How much more than the limit is read and thrown away before the connection is cut: a client that is still sending
 * when its connection closes sees a reset and not the 413.
 */
const DISCARD_BYTES = 8 * 2 ** 20;

/** Values in a body beside the queries of a batch: more than all options take. */
const OTHER_VALUES = 64;
/** A body this small is parsed as it is. */
const SMALL_BYTES = 4096;

/** What bounds a body. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** Most queries in it. */
  readonly maxBatch: number;
  /** Those of all requests. */
  readonly bodies: Bodies;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * Reads a JSON body. Where the application is mounted behind a body parser, which has read it all already, the parser's
 * `request.body` is taken; the limit is the parser's then.
 *
 * @param exchange told when the body had arrived, and the bytes that are counted for it
 * @throws {HttpProblem} `unsupported-media-type`, `body-too-large`, `batch-too-large`, `overloaded` or `malformed-json`
 */
export async function readJson(
  request: IncomingMessage & { readonly body?: unknown },
  limits: BodyLimits,
  exchange: Exchange,
): Promise<unknown> {
  requireJson(request);
  if (request.readableEnded && request.body !== undefined) return request.body;
  const bytes = await readBody(request, limits, exchange);
  exchange.arrivedMs = performance.now();
  const excess = bytes.length > SMALL_BYTES ? tooMany(bytes, limits.maxBatch + OTHER_VALUES) : undefined;
  if (excess === 'values') {
    throw new HttpProblem('batch-too-large', `the body has more values than a batch of ${limits.maxBatch} queries`);
  }
  if (excess === 'brackets') throw new HttpProblem('wrong-type', 'the body has arrays or objects where texts belong');
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new HttpProblem('malformed-json', 'the body is not UTF-8 text');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    // The engine's message may quote the body: it is the caller's own, and short.
    throw new HttpProblem('malformed-json', `the body is not JSON: ${(error as Error).message.toWellFormed()}`);
  }
}

function requireJson(request: IncomingMessage): void {
  const type = request.headers['content-type'];
  const encoding = request.headers['content-encoding'];
  if (type === undefined || !/^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i.test(type)) {
    throw new HttpProblem(
      'unsupported-media-type',
      `expected a body of type application/json in UTF-8, found ${type === undefined ? 'no Content-Type' : `"${type.slice(0, 60)}"`}`,
      { headers: { Accept: 'application/json' } },
    );
  }
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new HttpProblem('unsupported-media-type', 'compressed bodies are not supported; send plain JSON', {
      headers: { 'Accept-Encoding': 'identity' },
    });
  }
}

function readBody(request: IncomingMessage, limits: BodyLimits, exchange: Exchange): Promise<Uint8Array> {
  // It ended before anyone listened here: nothing would ever settle the promise.
  if (request.readableEnded) throw new HttpProblem('malformed-request', 'the body was read before');
  const { maxBytes, bodies } = limits;
  return new Promise((resolve, reject) => {
    const gathered = new Gathered();
    let length = 0;
    let refused: HttpProblem | undefined;
    const refuse = (problem: HttpProblem) => {
      refused ??= problem;
      gathered.clear();
    };
    request.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length > maxBytes + DISCARD_BYTES) {
        request.pause();
        reject(tooLarge(maxBytes, { Connection: 'close' }));
        return;
      }
      if (length > maxBytes) refuse(tooLarge(maxBytes, {}));
      if (refused !== undefined) return;
      const counted = bodies.grow(exchange.bodyBytes, length);
      if (counted === -1) refuse(overloaded('other requests have large bodies'));
      else {
        exchange.bodyBytes = counted;
        gathered.add(piece);
      }
    });
    request.on('end', () => {
      if (refused !== undefined) reject(refused);
      else resolve(gathered.bytes());
    });
    // The client left half-way: nobody reads the answer, but the promise must settle.
    const leave = () => reject(new HttpProblem('malformed-request', 'the body ended early'));
    request.on('error', leave);
    request.on('close', leave);
  });
}

function tooLarge(maxBytes: number, headers: Readonly<Record<string, string>>): HttpProblem {
  return new HttpProblem('body-too-large', `the body is larger than ${maxBytes} bytes`, { headers });
}
