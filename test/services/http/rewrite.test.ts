import { startService, type TestService } from '../../support/http-service.ts';
import { IdentityRewriter } from '../../support/identity-rewriter.ts';

describe('/rewrite', () => {
  const rewriter = new IdentityRewriter();
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ maxBatch: 3, maxBodyBytes: 200_000 }, rewriter);
  });
  afterAll(() => service.close());

  const get = (search: string, headers: Record<string, string> = {}) =>
    fetch(`${service.url}/rewrite${search}`, { headers });
  const post = (body: string | Uint8Array, headers: Record<string, string> = { 'Content-Type': 'application/json' }) =>
    fetch(`${service.url}/rewrite`, { method: 'POST', body, headers });
  const lastAsked = () => rewriter.asked.at(-1);

  it('answers GET with the answer of the rewriter', async () => {
    const response = await get('?q=wireles+hedphones%20x');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({ query: 'wireles hedphones x', decision: 'none', edits: [] });
  });

  it('answers POST with one query', async () => {
    const response = await post('{"q": "a b"}');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ query: 'a b' });
  });

  it('sends neither an ETag nor X-Powered-By, and nothing that caches', async () => {
    const { headers } = await get('?q=a');
    expect(headers.get('etag')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('gives the configured options to a request that names none', async () => {
    await get('?q=a');
    expect(lastAsked()?.options).toMatchObject({ maxEdits: 2, alternatives: 3, errorRate: 0.06, costOfBreaking: 9 });
  });

  it.each([
    ['workers=spell,normalise', { workers: ['normalise', 'spell'] }],
    ['maxEdits=0', { maxEdits: 0 }],
    ['alternatives=10', { alternatives: 10 }],
    ['explain=true', { explain: true }],
    ['explain', { explain: true }],
    ['explain=0', { explain: false }],
    ['language=pt-BR', { language: 'pt-BR' }],
    ['syntax=lucene', { syntax: 'lucene' }],
    ['errorRate=0.15', { errorRate: 0.15 }],
    ['errorRate=1e-3', { errorRate: 0.001 }],
    ['costOfBreaking=2', { costOfBreaking: 2 }],
    [`dataset=${rewriter.dataset}`, {}],
  ])('reads the option %s of a URL', async (search, expected) => {
    expect((await get(`?q=a&${search}`)).status).toBe(200);
    expect(lastAsked()?.options).toMatchObject(expected);
  });

  it('reads the options of a body, workers as a text or an array', async () => {
    await post('{"q":"a","workers":"spell","maxEdits":1,"explain":true,"errorRate":0.1}');
    expect(lastAsked()?.options).toMatchObject({ workers: ['spell'], maxEdits: 1, explain: true, errorRate: 0.1 });
    await post('{"q":"a","workers":["spell","ngram"]}');
    expect(lastAsked()?.options.workers).toEqual(['spell', 'ngram']);
  });

  it.each([
    ['', 'missing-query'],
    ['?', 'missing-query'],
    ['?query=a', 'unknown-option'],
    ['?q=a&q=b', 'repeated-parameter'],
    ['?q=a&maxEdits=1&maxEdits=2', 'repeated-parameter'],
    ['?q=a&maxEdits=3', 'out-of-range'],
    ['?q=a&maxEdits=-1', 'out-of-range'],
    ['?q=a&maxEdits=1.5', 'out-of-range'],
    ['?q=a&maxEdits=two', 'wrong-type'],
    ['?q=a&maxEdits=', 'wrong-type'],
    ['?q=a&maxEdits=0x1', 'wrong-type'],
    ['?q=a&alternatives=11', 'out-of-range'],
    ['?q=a&explain=yes', 'wrong-type'],
    ['?q=a&workers=spel', 'out-of-range'],
    ['?q=a&workers=', 'out-of-range'],
    ['?q=a&syntax=sql', 'out-of-range'],
    ['?q=a&language=%3Cscript%3E', 'out-of-range'],
    ['?q=a&errorRate=0', 'out-of-range'],
    ['?q=a&errorRate=1', 'out-of-range'],
    ['?q=a&errorRate=1e999', 'out-of-range'],
    ['?q=a&costOfBreaking=-1', 'out-of-range'],
    ['?q=a&dataset=other', 'unknown-dataset'],
    ['?q=a&__proto__=1', 'unknown-option'],
    ['?q=a&constructor=1', 'unknown-option'],
    ['?q[]=a', 'unknown-option'],
    ['?q=%', 'malformed-url'],
    ['?q=%zz', 'malformed-url'],
    ['?q=%FF%FE', 'malformed-url'],
    ['?q=%ED%A0%80', 'malformed-url'],
    ['?%ff=a', 'malformed-url'],
  ])('refuses GET %s as %s', async (search, code) => {
    const response = await get(search);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 400, code, type: `/problems/${code}` });
  });

  it.each([
    ['{"q": 1}', 'wrong-type'],
    ['{"q": null}', 'wrong-type'],
    ['{"q": ["a"]}', 'wrong-type'],
    ['{}', 'missing-query'],
    ['[]', 'wrong-type'],
    ['"a"', 'wrong-type'],
    ['null', 'wrong-type'],
    ['', 'malformed-json'],
    ['{"q": "a"', 'malformed-json'],
    ["{'q': 'a'}", 'malformed-json'],
    ['{"q": "a", "maxEdits": "1"}', 'wrong-type'],
    ['{"q": "a", "maxEdits": 1e400}', 'out-of-range'],
    ['{"q": "a", "explain": "true"}', 'wrong-type'],
    ['{"q": "a", "explain": null}', 'wrong-type'],
    ['{"q": "a", "workers": [1]}', 'out-of-range'],
    ['{"q": "a", "workers": {}}', 'wrong-type'],
    ['{"q": "a", "language": {}}', 'wrong-type'],
    ['{"q": "a", "syntax": 1}', 'wrong-type'],
    ['{"q": "a", "dataset": 1}', 'wrong-type'],
    ['{"q": "a", "fuzziness": 2}', 'unknown-option'],
    ['{"q": "a", "__proto__": {"explain": true}}', 'unknown-option'],
    ['{"q": "a", "queries": ["b"]}', 'unknown-option'],
    ['{"queries": "a"}', 'wrong-type'],
    ['{"queries": {"0": "a"}}', 'wrong-type'],
    ['{"q": "\\ud800"}', 'ill-formed-text'],
    ['{"q": "a\\udc00b"}', 'ill-formed-text'],
    [`{"q": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'wrong-type'],
    ['['.repeat(150_000), 'wrong-type'],
  ])('refuses the body %.40s as %s', async (body, code) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ status: 400, code });
  });

  it('refuses a body that is not UTF-8', async () => {
    const response = await post(Buffer.from('{"q": "\xff"}', 'latin1'));
    expect(await response.json()).toMatchObject({ status: 400, code: 'malformed-json' });
  });

  it('refuses options in the URL of a POST', async () => {
    const response = await fetch(`${service.url}/rewrite?explain=true`, {
      method: 'POST',
      body: '{"q":"a"}',
      headers: { 'Content-Type': 'application/json' },
    });
    expect(await response.json()).toMatchObject({ status: 400, code: 'unknown-option' });
  });

  it('leaves no trace of a __proto__ key behind', async () => {
    await post('{"q": "a", "__proto__": {"polluted": 1}}');
    await get('?q=a&__proto__[polluted]=1');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('answers an empty query with none', async () => {
    for (const response of [await get('?q='), await get('?q'), await post('{"q": ""}')]) {
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ query: '', decision: 'none' });
    }
  });

  it.each([
    ['Cyrillic', 'кросовки адидас'],
    ['CJK', '無線ヘッドホン 运动鞋'],
    ['Arabic', 'سماعات لاسلكية'],
    ['emoji', '👟 running 👨‍👩‍👧‍👦 shoes 🇩🇪'],
    ['NUL and control characters', 'a\u0000b\u0007\u001b[31m'],
    ['combining marks without end', `e${'\u0301'.repeat(2_000)}`],
    ['bidirectional overrides', '\u202eabc\u202c'],
    ['5,000 characters', 'wireles '.repeat(625)],
    ['noncharacters', '\uffff\ufffe\ufdd0'],
    ['JSON in a query', '{"$ne": null}'],
  ])('takes %s, by URL and by body', async (_name, query) => {
    for (const response of [await get(`?q=${encodeURIComponent(query)}`), await post(JSON.stringify({ q: query }))]) {
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ query });
    }
  });

  it('takes a text of 16 KiB of UTF-8 and answers 413 to a character more, however it is written', async () => {
    for (const character of ['a', 'é', '鞋', '👟']) {
      const bytes = Buffer.byteLength(character);
      const fits = character.repeat(Math.floor(16_384 / bytes));
      const over = `${fits}${character}`;
      expect((await post(JSON.stringify({ q: fits }))).status).toBe(200);
      expect((await get(`?q=${encodeURIComponent(fits)}`)).status).toBe(200);
      for (const response of [await post(JSON.stringify({ q: over })), await get(`?q=${encodeURIComponent(over)}`)]) {
        expect(response.status).toBe(413);
        expect(await response.json()).toMatchObject({ code: 'query-too-long' });
      }
    }
  });

  it('answers a batch in order, each an answer or a problem', async () => {
    const response = await post(JSON.stringify({ queries: ['a', 7, ''], explain: true }));
    expect(response.status).toBe(200);
    const { results } = (await response.json()) as { results: Record<string, unknown>[] };
    expect(results).toHaveLength(3);
    expect(results[0]).toMatchObject({ query: 'a', trace: [{ worker: 'normalise' }] });
    expect(results[1]).toMatchObject({ status: 400, code: 'wrong-type', parameter: 'queries/1' });
    expect(results[2]).toMatchObject({ query: '', decision: 'none' });
  });

  it('answers each query of a batch that is too long or ill-formed with its own problem', async () => {
    const response = await post(`{"queries": ["${'a'.repeat(16_385)}", "\\ud83d", "b"]}`);
    expect(await response.json()).toMatchObject({
      results: [{ status: 413, code: 'query-too-long' }, { status: 400, code: 'ill-formed-text' }, { query: 'b' }],
    });
  });

  it('answers an empty batch with no results, and one that is too large with a 413', async () => {
    expect(await (await post('{"queries": []}')).json()).toEqual({ results: [] });
    const response = await post('{"queries": ["a","b","c","d"]}');
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'batch-too-large' });
  });

  it('reads a body that is too large to its end and answers 413', async () => {
    const response = await post(JSON.stringify({ q: 'a'.repeat(1_000_000) }));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'body-too-large' });
  });

  it.each([
    [{ 'Content-Type': 'application/x-www-form-urlencoded' }, 'q=a'],
    [{ 'Content-Type': 'text/plain' }, '{"q":"a"}'],
    [{ 'Content-Type': 'application/json; charset=utf-16' }, '{"q":"a"}'],
    [{ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, '{"q":"a"}'],
    [{ 'Content-Type': 'multipart/form-data; boundary=x' }, '--x'],
  ])('refuses the body type %j', async (headers, body) => {
    const response = await post(body, headers as Record<string, string>);
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 'unsupported-media-type' });
  });

  it('reads JSON with a charset of UTF-8', async () => {
    expect((await post('{"q":"a"}', { 'Content-Type': 'application/json; charset=UTF-8' })).status).toBe(200);
  });

  it('answers 406 to a client that takes no JSON, and not to one that takes much', async () => {
    const refused = await get('?q=a', { Accept: 'text/html' });
    expect(refused.status).toBe(406);
    expect(await refused.json()).toMatchObject({ code: 'not-acceptable' });
    for (const accept of ['*/*', 'application/*', 'text/html, application/json;q=0.5', 'application/json']) {
      expect((await get('?q=a', { Accept: accept })).status).toBe(200);
    }
  });

  it('waits for a rewriter that answers with a promise', async () => {
    const slow = new IdentityRewriter();
    const answer = slow.rewrite.bind(slow);
    slow.rewrite = async (query, options) => answer(query, options);
    const other = await startService({}, slow);
    try {
      expect(await (await fetch(`${other.url}/rewrite?q=a`)).json()).toMatchObject({ query: 'a' });
      const response = await fetch(`${other.url}/rewrite`, {
        method: 'POST',
        body: '{"queries":["a","b"]}',
        headers: { 'Content-Type': 'application/json' },
      });
      expect(await response.json()).toMatchObject({ results: [{ query: 'a' }, { query: 'b' }] });
    } finally {
      await other.close();
    }
  });
});
