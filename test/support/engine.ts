import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Reading, readingOf } from '../../services/engines/reading.ts';
import type { AskedRewriter, AskFailure } from '../../services/proxy/asked-rewriter.ts';
import { createProxy, type ProxyOptions } from '../../services/proxy/proxy.ts';
import { NO_METRICS } from '../../services/proxy/record.ts';
import { parseRequests } from '../../services/proxy/requests-file.ts';
import { Upstream } from '../../services/proxy/upstream.ts';
import type { RewriteAnswer } from '../../services/rewrite/answer.ts';
import { DEFAULT_OPTIONS } from '../../services/rewrite/options.ts';
import type { Rewriter } from '../../services/rewrite/rewriter.ts';
import { WordRewriter } from './word-rewriter.ts';

/** A server on loopback, and how to end it. */
export interface Listening {
  readonly port: number;
  readonly server: Server;
  close(): Promise<void>;
}

/** Lets a server listen. */
export async function listening(server: Server): Promise<Listening> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    server,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** A server that answers with a function. */
export function engine(
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<Listening> {
  return listening(createServer({ requireHostHeader: false }, (request, response) => void answer(request, response)));
}

/** A rewriter in this process. */
export function askedOf(rewriter: Rewriter): AskedRewriter {
  return {
    isUp: () => true,
    ask: async (text, syntax): Promise<Reading | AskFailure> =>
      readingOf((await rewriter.rewrite(text, { ...DEFAULT_OPTIONS, syntax })) as RewriteAnswer),
    close: async () => {},
  };
}

/** A proxy on loopback, with the lines of its log. */
export interface RunningProxy extends Listening {
  readonly lines: Record<string, unknown>[];
}

/** Starts a proxy in front of a port, over a requests file. */
export async function proxyBefore(
  upstreamPort: number,
  file: Record<string, unknown>,
  options: Partial<ProxyOptions> = {},
): Promise<RunningProxy> {
  const lines: Record<string, unknown>[] = [];
  const rules = parseRequests(file, 'requests.json');
  const upstream = new Upstream({ url: new URL(`http://127.0.0.1:${upstreamPort}`), host: rules.host });
  const server = createProxy({
    upstream,
    rules,
    rewriter: askedOf(new WordRewriter({ lmap: 'lamp', shose: 'shoes' })),
    metrics: NO_METRICS,
    log: (line) => lines.push(line as Record<string, unknown>),
    ...options,
  });
  const running = await listening(server);
  return {
    ...running,
    lines,
    close: async () => {
      await running.close();
      upstream.close();
    },
  };
}

/** A request as it goes out. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly chunks: readonly Buffer[];
  readonly trailers?: readonly [string, string][];
}

/** What came back. */
export interface Came {
  readonly status: number;
  readonly message: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly trailers: readonly string[];
  /** Whether the body came to its end. */
  readonly isWhole: boolean;
}

/** Sends a request with its headers as they are. */
export function fetchRaw(port: number, sent: Sent): Promise<Came> {
  return new Promise((resolve, reject) => {
    const { method, path, chunks } = sent;
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers: [...sent.headers], setHost: false });
    request.on('error', reject);
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      const settle = () =>
        resolve({
          status: response.statusCode ?? 0,
          message: response.statusMessage ?? '',
          headers: response.rawHeaders,
          body: Buffer.concat(parts),
          trailers: response.rawTrailers,
          isWhole: response.complete,
        });
      response.on('error', settle);
      response.on('end', settle);
    });
    for (const chunk of chunks) request.write(chunk);
    if (sent.trailers !== undefined) request.addTrailers(sent.trailers);
    request.end();
  });
}

/** A request with a JSON body. */
export function jsonRequest(path: string, body: string | object, headers: readonly string[] = []): Sent {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const length = `${bytes.length}`;
  return {
    method: 'POST',
    path,
    headers: ['Host', 'search.test', 'Content-Type', 'application/json', 'Content-Length', length, ...headers],
    chunks: [bytes],
  };
}
