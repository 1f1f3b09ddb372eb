import type { IncomingMessage, ServerResponse } from 'node:http';
import fc from 'fast-check';
import {
  type Came,
  engine,
  fetchRaw,
  type Listening,
  proxyBefore,
  type RunningProxy,
  type Sent,
} from '../../support/engine.ts';

const HOP = ['connection', 'keep-alive', 'transfer-encoding', 'te', 'upgrade', 'proxy-connection'];

/** Names and values in turn, without those of a connection. */
function lasting(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (!HOP.includes((headers[i] ?? '').toLowerCase())) kept.push(headers[i] ?? '', headers[i + 1] ?? '');
  }
  return kept;
}

interface Plan {
  readonly status: number;
  readonly message: string;
  readonly headers: readonly string[];
  readonly chunks: readonly Buffer[];
  readonly isSized: boolean;
  readonly trailer: string | undefined;
}

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/).map((name) => `X-${name}`);
const value = fc.stringMatching(/^[!-~]([ -~\x80-\xff]{0,30}[!-~])?$/);
const headers = fc.array(fc.tuple(token, value), { maxLength: 6 }).map((pairs) => pairs.flat());
const chunks = fc
  .array(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), { maxLength: 4 })
  .map((parts) => parts.map((part) => Buffer.from(part)));
const trailer = fc.option(value, { nil: undefined });

const sent = fc
  .record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND'),
    path: fc.stringMatching(/^\/[!-"$-~]{0,40}$/),
    headers,
    chunks,
    isSized: fc.boolean(),
    trailer,
  })
  .map(({ isSized, trailer: last, ...request }): Sent => {
    const length = Buffer.concat(request.chunks).length;
    const isBare = length === 0 && ['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(request.method);
    const framing = isBare ? [] : isSized ? ['Content-Length', `${length}`] : ['Transfer-Encoding', 'chunked'];
    const trails = !isBare && !isSized && last !== undefined;
    return {
      ...request,
      headers: ['Host', 'search.test', ...request.headers, ...framing],
      ...(trails && { trailers: [['X-Last', last]] as [string, string][] }),
    };
  });

const plan = fc.record({
  status: fc.constantFrom(200, 201, 204, 206, 301, 304, 400, 404, 429, 500, 503),
  message: fc.stringMatching(/^[A-Za-z][A-Za-z ]{0,10}[a-z]$/),
  headers,
  chunks,
  isSized: fc.boolean(),
  trailer,
});

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

let planned: Plan;
let seen: Seen[] = [];
let upstream: Listening;
const proxies = new Map<string, RunningProxy>();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const { method = '', url = '', rawHeaders, rawTrailers } = request;
  seen.push({
    method,
    url,
    headers: lasting(rawHeaders),
    body: Buffer.concat(parts).toString('hex'),
    trailers: rawTrailers,
  });
  response.sendDate = false;
  const length = Buffer.concat(planned.chunks).length;
  const isEmpty = planned.status === 204 || planned.status === 304;
  const framing = isEmpty ? [] : planned.isSized ? ['Content-Length', `${length}`] : ['Transfer-Encoding', 'chunked'];
  response.writeHead(planned.status, planned.message, [...planned.headers, ...framing]);
  if (!isEmpty) for (const chunk of planned.chunks) response.write(chunk);
  if (!isEmpty && !planned.isSized && planned.trailer !== undefined && method !== 'HEAD') {
    response.addTrailers([['X-Last', planned.trailer]]);
  }
  response.end();
}

function told({ status, message, headers: came, body, trailers, isWhole }: Came) {
  return { status, message, headers: lasting(came), body: body.toString('hex'), trailers, isWhole };
}

beforeAll(async () => {
  upstream = await engine((request, response) => void answer(request, response));
  const requests = [
    { path: '/named/**', engine: 'elasticsearch', pointer: '/q', methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH'] },
    { path: '/named', engine: 'solr', parameter: 'q' },
  ];
  for (const mode of ['rewrite', 'suggest', 'observe']) {
    proxies.set(mode, await proxyBefore(upstream.port, { mode, maxBodyBytes: 4_096, requests }));
  }
});
afterAll(async () => {
  for (const proxy of proxies.values()) await proxy.close();
  await upstream.close();
});

async function bothWays(mode: string, request: Sent, answered: Plan): Promise<void> {
  planned = answered;
  seen = [];
  const straight = await fetchRaw(upstream.port, request);
  const through = await fetchRaw(proxies.get(mode)?.port ?? 0, request);
  expect(told(through)).toEqual(told(straight));
  expect(seen[1]).toEqual(seen[0]);
  expect(seen).toHaveLength(2);
}

/** Requests that are named, some of which have a text that is right. */
const named = fc
  .tuple(sent, fc.constantFrom('{"q":"red lamp"}', '{"q":""}', undefined))
  .map(([request, body]): Sent => {
    const path = `/named${request.path}`;
    if (body === undefined || request.chunks.length === 0) return { ...request, path };
    const length = request.headers.indexOf('Content-Length');
    const headers = length < 0 ? request.headers : request.headers.with(length + 1, `${body.length}`);
    return { ...request, path, headers, chunks: [Buffer.from(body)] };
  });

describe('what a proxy passes on', () => {
  it('is what it got, to the byte and both ways', async () => {
    await fc.assert(
      fc.asyncProperty(sent, plan, (request, answered) => bothWays('rewrite', request, answered)),
      { numRuns: 300 },
    );
  });

  it.each(['rewrite', 'suggest', 'observe'])(
    'is what it got of requests that are named, where %s finds nothing to do',
    async (mode) => {
      await fc.assert(
        fc.asyncProperty(named, plan, (request, answered) => bothWays(mode, request, answered)),
        { numRuns: 150 },
      );
    },
  );
});
