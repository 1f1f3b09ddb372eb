import type { IncomingMessage } from 'node:http';
import { HttpProblem } from './problems.ts';

/**
 * How much more than the limit is read and thrown away before the connection is cut: a client that is still sending
 * when its connection closes sees a reset and not the 413.
 */
const DISCARD_BYTES = 8 * 2 ** 20;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * Reads a JSON body. Where the application is mounted behind a body parser, which has read it all already, the parser's
 * `request.body` is taken; the limit is the parser's then.
 *
 * @param maxBytes largest body to take
 * @throws {HttpProblem} `unsupported-media-type`, `body-too-large` or `malformed-json`
 */
export async function readJson(
  request: IncomingMessage & { readonly body?: unknown },
  maxBytes: number,
): Promise<unknown> {
  requireJson(request);
  if (request.readableEnded && request.body !== undefined) return request.body;
  const bytes = await readBody(request, maxBytes);
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

function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  // It ended before anyone listened here: nothing would ever settle the promise.
  if (request.readableEnded) throw new HttpProblem('malformed-request', 'the body was read before');
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const tooLarge = (close: boolean) =>
      reject(
        new HttpProblem('body-too-large', `the body is larger than ${maxBytes} bytes`, {
          headers: close ? { Connection: 'close' } : {},
        }),
      );
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else {
        chunks.length = 0;
        if (length > maxBytes + DISCARD_BYTES) {
          request.pause();
          tooLarge(true);
        }
      }
    });
    request.on('end', () => {
      if (length > maxBytes) tooLarge(false);
      else resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    // The client left half-way: nobody reads the answer, but the promise must settle.
    const leave = () => reject(new HttpProblem('malformed-request', 'the body ended early'));
    request.on('error', leave);
    request.on('close', leave);
  });
}
