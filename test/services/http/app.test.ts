import { startService, type TestService } from '../../support/http-service.ts';
import { IdentityRewriter } from '../../support/identity-rewriter.ts';

describe('the application', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ logLevel: 'info' });
  });
  afterAll(() => service.close());

  const ask = (path: string, init: RequestInit = {}) => fetch(`${service.url}${path}`, init);

  it('is live and ready, and not ready while it drains', async () => {
    expect(await (await ask('/livez')).json()).toEqual({ status: 'live' });
    expect(await (await ask('/readyz')).json()).toMatchObject({ status: 'ready', dataset: expect.any(String) });
    service.setReady(false);
    try {
      const response = await ask('/readyz');
      expect(response.status).toBe(503);
      expect(response.headers.get('connection')).toBe('close');
      expect(await response.json()).toMatchObject({ code: 'not-ready' });
      expect((await ask('/livez')).status).toBe(200);
      expect((await ask('/rewrite?q=a')).status).toBe(200);
    } finally {
      service.setReady(true);
    }
  });

  it('tells in /readyz what runs out, and is ready all the same', async () => {
    let shortages: string[] = [];
    const warned = await startService({}, new IdentityRewriter(), { shortages: () => shortages });
    try {
      const readyz = async () => {
        const response = await fetch(`${warned.url}/readyz`);
        return [response.status, await response.json()];
      };
      expect(await readyz()).toEqual([200, { status: 'ready', dataset: expect.any(String) }]);
      shortages = ['/rules: no space'];
      expect(await readyz()).toEqual([200, expect.objectContaining({ warnings: ['/rules: no space'] })]);
    } finally {
      await warned.close();
    }
  });

  it('answers 404 as a problem', async () => {
    for (const path of [
      '/nothing',
      '/rewrite/more',
      '/Rewrite',
      '/problems/nothing',
      '/playground/../../package.json',
    ]) {
      const response = await ask(path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ code: 'not-found', status: 404 });
    }
  });

  it('answers 400 to a path whose percent-encoding is broken', async () => {
    const response = await ask('/problems/%E0%A4%A');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'malformed-request' });
  });

  it.each([
    ['/rewrite', 'PUT', 'GET, POST, HEAD, OPTIONS'],
    ['/rewrite', 'DELETE', 'GET, POST, HEAD, OPTIONS'],
    ['/livez', 'POST', 'GET, HEAD, OPTIONS'],
    ['/', 'PATCH', 'GET, HEAD, OPTIONS'],
  ])('answers 405 to %s %s and says what is allowed', async (path, method, allow) => {
    const response = await ask(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await response.json()).toMatchObject({ code: 'method-not-allowed' });
  });

  it('answers HEAD with the headers of GET and no body, OPTIONS with what is allowed', async () => {
    const get = await ask('/rewrite?q=a');
    const head = await ask('/rewrite?q=a', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
    expect(await head.text()).toBe('');
    const options = await ask('/rewrite', { method: 'OPTIONS' });
    expect(options.status).toBe(204);
    expect(options.headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS');
  });

  it("keeps the caller's request id where it is fit for a log, and makes one where it is not", async () => {
    const kept = await ask('/rewrite?q=a', { headers: { 'X-Request-Id': 'trace-1.2:3' } });
    expect(kept.headers.get('x-request-id')).toBe('trace-1.2:3');
    for (const id of ['a b', 'x'.repeat(200), '{"a":1}']) {
      const response = await ask('/rewrite', { headers: { 'X-Request-Id': id } });
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(await response.json()).toMatchObject({ requestId: response.headers.get('x-request-id') });
    }
  });

  it('explains the type of each problem it answers', async () => {
    const problem = (await (await ask('/rewrite')).json()) as { type: string; title: string };
    expect(await (await ask(problem.type)).json()).toMatchObject({ code: 'missing-query', title: problem.title });
    expect(await (await ask('/problems')).json()).toHaveProperty('missing-query');
  });

  it('counts what it answers', async () => {
    await ask('/rewrite?q=counted');
    await ask('/rewrite', { method: 'BREW' }).catch(() => undefined);
    const response = await ask('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    expect(text).toMatch(/^rewrite_queries_total\{decision="none"\} [1-9]/m);
    expect(text).toMatch(/^rewrite_request_duration_seconds_bucket\{le="0.01",mode="single"\} [1-9]/m);
    expect(text).toMatch(/^http_requests_total\{route="\/rewrite",method="GET",status="200"\} [1-9]/m);
    expect(text).toMatch(/^rewrite_problems_total\{code="missing-query"\} [1-9]/m);
    expect(text).toMatch(/^http_requests_in_flight 1$/m);
    expect(text).toContain('emend_build_info{');
    expect(text).not.toContain('counted');
  });

  it('shows the counts of a block cache', async () => {
    service.metrics.watchCache(() => ({
      hits: 5,
      misses: 3,
      evictions: 1,
      reads: 4,
      readBytes: 16_384,
      filterNegatives: 70,
      filterFalsePositives: 2,
      bytes: 65_536,
      capacityBytes: 131_072,
      pinnedBytes: 4096,
    }));
    for (let i = 0; i < 2; i++) {
      const text = await (await ask('/metrics')).text();
      expect(text).toMatch(/^store_block_cache_hits_total 5$/m);
      expect(text).toMatch(/^store_block_cache_bytes 65536$/m);
      expect(text).toMatch(/^store_filter_negatives_total 70$/m);
      expect(text).toMatch(/^store_block_read_bytes_total 16384$/m);
    }
  });

  it('answers a failure of the rewriter with a 500 that names the request and nothing of the inside', async () => {
    const rewriter = new IdentityRewriter();
    rewriter.rewrite = () => {
      throw new TypeError('secret path /etc');
    };
    const other = await startService({}, rewriter);
    try {
      const response = await fetch(`${other.url}/rewrite?q=a`);
      expect(response.status).toBe(500);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ code: 'internal-error', requestId: expect.any(String) });
      expect(text).not.toContain('secret');
      expect(other.log).toMatchObject([{ level: 'error', fields: { requestId: JSON.parse(text).requestId } }]);
    } finally {
      await other.close();
    }
  });

  it('logs no query above debug unless told to', async () => {
    await ask('/rewrite?q=private');
    expect(service.log).toEqual([]);
    const told = await startService({ logQueries: true });
    const debugging = await startService({ logLevel: 'debug' });
    try {
      await (await fetch(`${told.url}/rewrite?q=private`)).text();
      await (await fetch(`${debugging.url}/rewrite?q=private`)).text();
      expect(told.log).toMatchObject([{ level: 'info', fields: { queries: ['private'], status: 200 } }]);
      expect(debugging.log).toMatchObject([{ level: 'debug', fields: { queries: ['private'], route: '/rewrite' } }]);
    } finally {
      await told.close();
      await debugging.close();
    }
  });

  it('lets no other origin in unless configured', async () => {
    const closed = await ask('/rewrite?q=a', { headers: { Origin: 'https://shop.example' } });
    expect(closed.headers.get('access-control-allow-origin')).toBeNull();
    const open = await startService({ cors: 'https://shop.example, https://b.example' });
    try {
      const get = (origin: string, init: RequestInit = {}) =>
        fetch(`${open.url}/rewrite?q=a`, { ...init, headers: { Origin: origin, ...init.headers } });
      const allowed = await get('https://shop.example');
      expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
      expect(allowed.headers.get('vary')).toBe('Origin');
      expect((await get('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
      const preflight = await get('https://shop.example', {
        method: 'OPTIONS',
        headers: { 'Access-Control-Request-Method': 'POST' },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    } finally {
      await open.close();
    }
  });
});
