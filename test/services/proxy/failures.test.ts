import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer as createTcp, type Server as TcpServer } from 'node:net';
import type { AskedRewriter } from '../../../services/proxy/asked-rewriter.ts';
import {
  engine,
  fetchRaw,
  jsonRequest,
  type Listening,
  proxyBefore,
  type RunningProxy,
  type Sent,
} from '../../support/engine.ts';

const REQUESTS = [{ path: '/shop/_search', engine: 'elasticsearch', pointer: '/q', name: 'shop' }];
const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close();
});

async function upstreamOf(answer: Parameters<typeof engine>[0]): Promise<Listening> {
  const upstream = await engine(answer);
  closing.push(upstream);
  return upstream;
}

async function proxyOf(port: number, mode = 'rewrite', rewriter?: AskedRewriter): Promise<RunningProxy> {
  const file = { mode, budgetMs: 20, requests: REQUESTS };
  const proxy = await proxyBefore(port, file, rewriter === undefined ? {} : { rewriter });
  closing.unshift(proxy);
  return proxy;
}

/** A server of bare sockets: what it says is not HTTP by a library. */
async function rawUpstream(onRequest: (text: string, answer: (text: string, end?: boolean) => void) => void) {
  const server: TcpServer = createTcp((socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      const request = text;
      text = '';
      onRequest(request, (answer, end = false) => {
        if (end) socket.end(answer);
        else socket.write(answer);
      });
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = () => new Promise<void>((done) => void server.close(() => done()));
  closing.push({ close });
  return (server.address() as AddressInfo).port;
}

const get = (path: string): Sent => ({ method: 'GET', path, headers: ['Host', 'h'], chunks: [] });

describe('where Emend does not help', () => {
  const down = (ask: AskedRewriter['ask']): AskedRewriter => ({ ask, isUp: () => false, close: async () => {} });

  it.each(['rewrite', 'suggest', 'observe'])('requests and answers pass as they came: %s', async (mode) => {
    const bodies: string[] = [];
    const upstream = await upstreamOf(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      bodies.push(body);
      response.setHeader('content-type', 'application/json');
      response.end('{"took":1}');
    });
    for (const failure of ['late', 'stopped', 'failed', 'busy'] as const) {
      const proxy = await proxyOf(
        upstream.port,
        mode,
        down(async () => failure),
      );
      const came = await fetchRaw(proxy.port, jsonRequest('/shop/_search', '{"q":"lmap"}'));
      expect([came.status, came.body.toString()]).toEqual([200, '{"took":1}']);
      expect(proxy.lines).toEqual([expect.objectContaining({ outcome: 'passed', reason: failure })]);
    }
    expect(bodies).toEqual(Array.from({ length: 4 }, () => '{"q":"lmap"}'));
  });
});

describe('an engine', () => {
  it('that cannot be reached is a 502 that says so', async () => {
    const gone = await engine(() => {});
    await gone.close();
    const proxy = await proxyOf(gone.port);
    const came = await fetchRaw(proxy.port, get('/'));
    expect(came.status).toBe(502);
    expect(JSON.parse(came.body.toString())).toMatchObject({ status: 502, error: { type: 'upstream_unreachable' } });
  });

  it('that breaks off within a body breaks off for the client too', async () => {
    const port = await rawUpstream((_request, answer) =>
      answer('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!', true),
    );
    const proxy = await proxyOf(port, 'suggest');
    const came = await fetchRaw(proxy.port, get('/'));
    expect([came.status, came.body.toString(), came.isWhole]).toEqual([200, 'five!', false]);
    const named = fetchRaw(proxy.port, jsonRequest('/shop/_search', '{"q":"lmap"}')).then(({ isWhole }) => isWhole);
    expect(await named.catch(() => false)).toBe(false);
  });

  it('that closes a kept connection at the moment of its next use costs no request', async () => {
    let taken = 0;
    // The second request on a connection is never answered: it closes, as an idle timeout would.
    const server = createTcp((socket) => {
      let served = 0;
      socket.on('error', () => {});
      socket.on('data', () => {
        served++;
        taken++;
        if (served > 1) socket.destroy();
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    closing.push({ close: () => new Promise((done) => void server.close(() => done())) });
    const proxy = await proxyOf((server.address() as AddressInfo).port);
    for (let i = 0; i < 20; i++) {
      const sent = i % 2 === 0 ? get('/') : jsonRequest('/shop/_search', '{"q":"lmap"}');
      expect((await fetchRaw(proxy.port, sent)).status).toBe(200);
    }
    expect(taken).toBeGreaterThan(20);
  });

  it('that answers before it has the whole body is heard', async () => {
    const port = await rawUpstream((_request, answer) =>
      answer('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno', true),
    );
    const proxy = await proxyOf(port);
    const request = httpRequest({ port: proxy.port, host: '127.0.0.1', method: 'POST', path: '/_bulk' });
    request.on('error', () => {});
    request.write(Buffer.alloc(1_000));
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(413);
    request.destroy();
  });

  it('that is asked for a 100 Continue gives it, and the body follows', async () => {
    const upstream = await upstreamOf(async (request, response) => {
      let bytes = 0;
      for await (const part of request) bytes += part.length;
      response.end(`${bytes} ${request.headers.expect}`);
    });
    const proxy = await proxyOf(upstream.port);
    for (const path of ['/_bulk', '/shop/_search']) {
      const body = '{"q":"lmap"}';
      const headers = { expect: '100-continue', 'content-length': body.length, 'content-type': 'application/json' };
      const request = httpRequest({ port: proxy.port, host: '127.0.0.1', method: 'POST', path, headers });
      request.flushHeaders();
      await once(request, 'continue');
      request.end(body);
      const [response] = await once(request, 'response');
      let text = '';
      for await (const part of response) text += part;
      expect(text).toBe('12 100-continue');
    }
  });

  it('that refuses an expectation is heard without a body', async () => {
    const port = await rawUpstream((_request, answer) => answer('HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n'));
    const proxy = await proxyOf(port);
    const headers = { expect: '100-continue', 'content-length': 5 };
    const request = httpRequest({ port: proxy.port, host: '127.0.0.1', method: 'POST', path: '/_bulk', headers });
    request.on('error', () => {});
    request.flushHeaders();
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(417);
    request.destroy();
  });

  it('keeps the length that it tells of a HEAD and of a 304', async () => {
    const port = await rawUpstream((request, answer) =>
      answer(`HTTP/1.1 ${request.startsWith('HEAD') ? '200 OK' : '304 Not Modified'}\r\nContent-Length: 77\r\n\r\n`),
    );
    const proxy = await proxyOf(port);
    for (const method of ['HEAD', 'GET']) {
      const came = await fetchRaw(proxy.port, { ...get('/'), method });
      expect(came.headers.slice(0, 2)).toEqual(['Content-Length', '77']);
      expect(came.isWhole).toBe(true);
    }
  });

  it('that says nothing for long is left when the client leaves', async () => {
    let left: () => void = () => {};
    const gone = new Promise<void>((done) => {
      left = done;
    });
    const upstream = await upstreamOf((request) => void request.socket.on('close', () => left()));
    const proxy = await proxyOf(upstream.port);
    const request = httpRequest({ port: proxy.port, host: '127.0.0.1', path: '/slow' });
    request.on('error', () => {});
    request.end();
    await once(upstream.server, 'request');
    request.destroy();
    await gone;
  });
});

describe('large bodies', () => {
  it('are held by neither side faster than the other takes them', async () => {
    const total = 64 * 2 ** 20;
    let taken = 0;
    let go: () => void = () => {};
    const held = new Promise<void>((done) => {
      go = done;
    });
    const upstream = await upstreamOf(async (request, response) => {
      await held;
      for await (const part of request) taken += part.length;
      response.end();
    });
    const proxy = await proxyOf(upstream.port);
    const request = httpRequest({ port: proxy.port, host: '127.0.0.1', method: 'POST', path: '/_bulk' });
    const piece = Buffer.alloc(2 ** 20);
    let written = 0;
    // With nobody reading, no more is taken than sockets hold: a write is not drained for as long as one cares to wait.
    for (let isTaken = true; isTaken && written < total; written += piece.length) {
      if (request.write(piece)) continue;
      isTaken = await Promise.race([
        once(request, 'drain').then(() => true),
        new Promise<boolean>((done) => setTimeout(() => done(false), 300)),
      ]);
    }
    expect(written).toBeLessThan(total / 2);
    if (request.writableNeedDrain) setImmediate(go);
    else go();
    if (request.writableNeedDrain) await once(request, 'drain');
    while (written < total) {
      written += piece.length;
      if (!request.write(piece)) await once(request, 'drain');
    }
    request.end();
    const [response] = await once(request, 'response');
    response.resume();
    await once(response, 'end');
    expect(taken).toBeGreaterThanOrEqual(total);
  });

  it('of an answer come whole', async () => {
    const piece = Buffer.alloc(2 ** 20, 'x');
    const upstream = await upstreamOf(async (_request, response) => {
      for (let i = 0; i < 48; i++) if (!response.write(piece)) await once(response, 'drain');
      response.end();
    });
    const proxy = await proxyOf(upstream.port);
    expect((await fetchRaw(proxy.port, get('/all'))).body.length).toBe(48 * piece.length);
  });
});

describe('offers to leave HTTP/1.1', () => {
  it('are passed over: the request is answered, and the next one on the connection', async () => {
    const seen: (string | undefined)[] = [];
    const upstream = await upstreamOf((request, response) => {
      seen.push(request.headers.upgrade);
      response.end(`got ${request.url}`);
    });
    const proxy = await proxyOf(upstream.port);
    const socket = connect(proxy.port, '127.0.0.1');
    const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n';
    socket.write(`GET /one HTTP/1.1\r\nHost: h\r\n${offer}\r\n`);
    let text = '';
    socket.on('data', (part) => {
      text += part;
      if (text.endsWith('got /one') && seen.length === 1) {
        socket.write('GET /two HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
      }
    });
    await once(socket, 'close');
    expect(text).toMatch(/got \/one[\s\S]*got \/two/);
    expect(seen).toEqual([undefined, undefined]);
  });

  it('by CONNECT are refused', async () => {
    const proxy = await proxyOf(1);
    const socket = connect(proxy.port, '127.0.0.1');
    socket.write('CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere:443\r\n\r\n');
    const [head] = await once(socket, 'data');
    expect(String(head)).toMatch(/^HTTP\/1\.1 501 /);
    socket.destroy();
  });
});
