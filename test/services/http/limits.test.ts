import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Problem } from '../../../services/http/problems.ts';
import { connectionsOf } from '../../../services/http/server.ts';
import type { RewriteAnswer } from '../../../services/rewrite/answer.ts';
import type { Rewriter } from '../../../services/rewrite/rewriter.ts';
import { sendRaw, startService, type TestService } from '../../support/http-service.ts';
import { IdentityRewriter } from '../../support/identity-rewriter.ts';
import { BusyRewriter, HeldRewriter, WordyRewriter } from '../../support/rewriters.ts';

type Results = { results: (RewriteAnswer | Problem)[] };

const JSON_HEADERS = { 'Content-Type': 'application/json' };
const GET = 'GET /rewrite?q=a HTTP/1.1\r\nHost: x\r\n\r\n';

/** A batch as it goes over a bare socket. */
function rawBatch(queries: readonly string[]): string {
  const body = JSON.stringify({ queries });
  return `POST /rewrite HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(5);
}

describe('limits', () => {
  const services: TestService[] = [];
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(services.splice(0).map((service) => service.close()));
  });

  async function start(settings: Record<string, unknown>, rewriter: Rewriter = new IdentityRewriter()) {
    const service = await startService(settings, rewriter);
    services.push(service);
    return service;
  }

  /** A client of its own; what the server sends waits until `resume` is called. */
  function open({ port }: TestService, bytes = ''): Socket {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => {});
    socket.pause();
    if (bytes !== '') socket.write(bytes);
    return socket;
  }

  const post = ({ url }: TestService, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}/rewrite`, { method: 'POST', body: JSON.stringify(body), headers: { ...JSON_HEADERS, ...headers } });
  const gauge = async ({ url }: TestService, name: string) =>
    Number(new RegExp(`^${name} (.*)$`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1]);

  describe('of work', () => {
    it('refuses a request of too many words before any is looked at', async () => {
      const rewriter = new IdentityRewriter();
      const service = await start({ maxTokens: 20 }, rewriter);
      const response = await post(service, { queries: ['a b c', 'd '.repeat(18)] });
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'too-many-words', parameter: 'queries' });
      expect((await post(service, { q: `${'x'.repeat(16 * 21)}` })).status).toBe(413);
      expect(rewriter.asked).toEqual([]);
      expect((await post(service, { queries: ['a b c', 'd '.repeat(17)] })).status).toBe(200);
    });

    it('sends the answers to a batch while it works on the rest', async () => {
      const rewriter = new (class extends HeldRewriter {
        override rewrite(query: string, options: Parameters<HeldRewriter['rewrite']>[1]): Promise<RewriteAnswer> {
          const held = super.rewrite(query, options);
          if (query === 'last') return held;
          const wordy = new WordyRewriter(100_000).rewrite(query, options);
          return Promise.resolve(wordy);
        }
      })();
      const service = await start({}, rewriter);
      const response = await post(service, { queries: ['first', 'last'] });
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      const { value } = await reader.read();
      expect(new TextDecoder().decode(value)).toContain('"query":"first"');
      rewriter.release();
      let text = '';
      for (let part = await reader.read(); !part.done; part = await reader.read())
        text += new TextDecoder().decode(part.value);
      expect(text).toContain('"query":"last"');
    });

    it('gives what comes after the size of an answer the problem batch-budget, under the 200 that it has sent', async () => {
      const rewriter = new WordyRewriter(50_000);
      const service = await start({ maxAnswerBytes: '256KiB' }, rewriter);
      const response = await post(service, { queries: Array.from({ length: 20 }, (_, i) => `q${i}`) });
      expect(response.status).toBe(200);
      const { results } = (await response.json()) as Results;
      expect(results).toHaveLength(20);
      const left = results.findIndex((result) => 'code' in result);
      expect(left).toBe(6);
      for (const [i, result] of results.entries()) {
        if (i < left) expect(result).toMatchObject({ query: `q${i}` });
        else expect(result).toMatchObject({ code: 'batch-budget', status: 413, parameter: `queries/${i}` });
      }
      expect(rewriter.asked).toHaveLength(6);
    });

    it('waits with a batch whose client does not read, and sends all of it when it does', async () => {
      const rewriter = new WordyRewriter(100_000);
      const service = await start({ maxUnsentBytes: '64KiB' }, rewriter);
      const queries = Array.from({ length: 300 }, (_, i) => `q${i}`);
      const socket = open(service, rawBatch(queries));
      await until(async () => (await gauge(service, 'http_unsent_bytes')) > 0);
      expect(rewriter.asked.length).toBeLessThan(200);
      // It takes no place of those that are worked on.
      expect(await gauge(service, 'rewrite_in_hand')).toBe(0);
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
      });
      socket.resume();
      await until(() => text.endsWith('\r\n0\r\n\r\n'));
      const body = text.slice(text.indexOf('\r\n\r\n') + 4).replaceAll(/(^|\r\n)[0-9a-f]+\r\n/g, '');
      expect((JSON.parse(body) as Results).results).toHaveLength(300);
    });

    it('answers as typed what is left when the deadline has passed', async () => {
      const service = await start({ deadlineMs: 40 }, new BusyRewriter(15));
      const { results } = (await (await post(service, { queries: Array(10).fill('<a> b') })).json()) as Results;
      expect(results[0]).toMatchObject({ reasons: [] });
      expect(results[9]).toMatchObject({
        query: '<a> b',
        rewritten: '<a> b',
        search: '<a> b',
        decision: 'none',
        highlighted: '&lt;a&gt; b',
        reasons: ['deadline'],
        confidence: 0.94,
        otherMass: 0.06,
      });
      expect(await gauge(service, 'rewrite_deadlines_total')).toBeGreaterThan(0);
    });

    it('answers 503 with Retry-After to more requests than it works on, and again when there are fewer', async () => {
      const rewriter = new HeldRewriter();
      const service = await start({ maxConcurrent: 2 }, rewriter);
      const held = [fetch(`${service.url}/rewrite?q=a`), post(service, { queries: ['a', 'b'] })];
      await until(async () => (await gauge(service, 'rewrite_in_hand')) === 2);
      const refused = await fetch(`${service.url}/rewrite?q=a`);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await refused.json()).toMatchObject({ code: 'overloaded' });
      rewriter.release();
      expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
      expect((await fetch(`${service.url}/rewrite?q=a`)).status).toBe(200);
    });

    it('lets a query in between those of a batch', async () => {
      const rewriter = new BusyRewriter(3);
      const service = await start({ deadlineMs: 60_000 }, rewriter);
      let isDone = false;
      const batch = post(service, { queries: Array(400).fill('long '.repeat(10)) }).then(async (response) => {
        await response.text();
        isDone = true;
      });
      await until(() => rewriter.asked.length > 0);
      for (let i = 0; i < 5; i++) expect((await fetch(`${service.url}/rewrite?q=short`)).status).toBe(200);
      expect(isDone).toBe(false);
      await batch;
    });

    it('lets requests of few words go before those of many', async () => {
      const rewriter = new BusyRewriter(4);
      const service = await start({ deadlineMs: 60_000 }, rewriter);
      const clients = Array.from({ length: 40 }, () => open(service));
      await until(() => connectionsOf(service.server).counts().open === 40);
      const many = 'many+'.repeat(40);
      for (const [i, socket] of clients.entries()) socket.write(GET.replace('q=a', i === 39 ? 'q=few' : `q=${many}`));
      await until(() => rewriter.asked.length === 40);
      expect(rewriter.asked.findIndex(({ query }) => query === 'few')).toBeLessThan(10);
    });

    it('refuses bodies of more members than a request has without making anything of them', async () => {
      const service = await start({});
      const members = Object.fromEntries(Array.from({ length: 80_000 }, (_, i) => [`k${i}`, 1]));
      const response = await post(service, members);
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'batch-too-large' });
    });

    it('answers 503 to large bodies beyond what it holds, but not to small ones', async () => {
      const rewriter = new HeldRewriter();
      const service = await start({ maxBodiesBytes: '64KiB', maxTokens: 100_000 }, rewriter);
      const large = { queries: Array(40).fill('x'.repeat(1000)) };
      const first = post(service, large);
      await until(() => rewriter.asked.length > 0);
      const second = await post(service, large);
      expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1']);
      const small = post(service, { q: 'a' });
      rewriter.release();
      expect([(await first).status, (await small).status]).toEqual([200, 200]);
      await (await first).text();
      await until(async () => (await gauge(service, 'http_body_bytes')) === 0);
      expect((await post(service, large)).status).toBe(200);
    });

    it('answers 429 to a client that sends more than its rate, by address or by a header', async () => {
      const service = await start({ rateLimit: 2, rateLimitHeader: 'X-Api-Key' });
      const ask = async (key: string) =>
        (await fetch(`${service.url}/rewrite?q=a`, { headers: { 'x-api-key': key } })).status;
      expect([await ask('one'), await ask('one'), await ask('one'), await ask('one')]).toEqual([200, 200, 200, 200]);
      const refused = await fetch(`${service.url}/rewrite?q=a`, { headers: { 'x-api-key': 'one' } });
      expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, 1]);
      expect(await refused.json()).toMatchObject({ code: 'too-many-requests' });
      expect(await ask('two')).toBe(200);
      expect((await post(service, { queries: Array(9).fill('a') })).status).toBe(200);
      expect((await fetch(`${service.url}/rewrite?q=a`)).status).toBe(429);
    });
  });

  describe('of connections', () => {
    it('works on one request of a connection at a time, in order', async () => {
      const rewriter = new HeldRewriter();
      const service = await start({}, rewriter);
      const raw = sendRaw(service.port, GET + GET.replace('q=a', 'q=b'), 1_000);
      await until(() => rewriter.asked.length > 0);
      await wait(50);
      expect(rewriter.asked).toHaveLength(1);
      rewriter.release();
      expect([...(await raw).matchAll(/"query":"(\w)"/g)].map(([, query]) => query)).toEqual(['a', 'b']);
    });

    it('closes a client that sends many requests without waiting, and counts none of them as in progress', async () => {
      const service = await start({}, new HeldRewriter());
      const socket = open(service, GET.repeat(200));
      await once(socket.resume(), 'close');
      expect(connectionsOf(service.server).counts().closed.pipelined).toBe(1);
      await until(async () => (await gauge(service, 'http_requests_in_flight')) === 1);
    });

    it('counts no request as in progress whose connection went while it waited behind another', async () => {
      const rewriter = new HeldRewriter();
      const service = await start({}, rewriter);
      const socket = open(service, GET.repeat(5));
      await until(() => rewriter.asked.length > 0);
      socket.destroy();
      // The one that asks.
      await until(async () => (await gauge(service, 'http_requests_in_flight')) === 1);
    });

    it('closes the connection that has been idle longest for one more, and refuses that one where none is', async () => {
      const rewriter = new HeldRewriter();
      const service = await start({ maxConnections: 2 }, rewriter);
      const idle = open(service);
      await once(idle, 'connect');
      await wait(20);
      open(service, GET);
      await until(() => rewriter.asked.length === 1);
      const third = open(service, GET);
      await once(idle.resume(), 'close');
      await until(() => rewriter.asked.length === 2);
      const refused = await sendRaw(service.port, GET);
      expect(refused).toMatch(/^HTTP\/1\.1 503 /);
      expect(refused).toContain('Retry-After: 1');
      expect(refused).toContain('"code":"overloaded"');
      rewriter.release();
      third.resume();
      expect(connectionsOf(service.server).counts()).toMatchObject({ closed: { limit: 2 } });
    });

    it('closes a client that is long in sending for one more, where none is idle', async () => {
      const service = await start({ maxConnections: 2 });
      const slow = Array.from({ length: 2 }, () => open(service, rawBatch(['a']).slice(0, -5)));
      await until(() => connectionsOf(service.server).counts().open === 2);
      await wait(50);
      expect(await sendRaw(service.port, GET, 200)).toMatch(/^HTTP\/1\.1 200 /);
      await until(() => slow.some((socket) => socket.resume().destroyed));
      expect(connectionsOf(service.server).counts().closed.limit).toBe(1);
    });

    it('closes a client that does not read its answer in time', async () => {
      const service = await start({ sendTimeoutMs: 300 }, new WordyRewriter(100_000));
      const socket = open(service, rawBatch(Array(300).fill('a')));
      await until(() => connectionsOf(service.server).counts().closed.unread === 1);
      socket.resume();
      await once(socket, 'close');
      expect((await fetch(`${service.url}/rewrite?q=a`)).status).toBe(200);
    });

    it('closes those that began to read first where all together have too much to read', async () => {
      const service = await start({ maxUnsentTotalBytes: '2MiB', maxUnsentBytes: '1MiB' }, new WordyRewriter(100_000));
      for (let i = 0; i < 6; i++) open(service, rawBatch(Array(200).fill('a')));
      await until(() => connectionsOf(service.server).counts().closed.unread > 0);
      await until(() => connectionsOf(service.server).counts().unsentBytes <= 2 * 2 ** 20);
      expect((await fetch(`${service.url}/rewrite?q=a`)).status).toBe(200);
    });

    it.each([
      ['two Host headers', 'GET /livez HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n', 400, 'malformed-request'],
      ['an expectation', 'GET /livez HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n', 417, 'expectation-failed'],
      ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'method-not-allowed'],
    ])('answers %s with a problem and closes', async (_name, bytes, status, code) => {
      const raw = await sendRaw((await start({})).port, bytes, 5_000);
      expect(raw).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(raw).toContain('application/problem+json');
      expect(raw).toContain(`"code":"${code}"`);
    });
  });
});
