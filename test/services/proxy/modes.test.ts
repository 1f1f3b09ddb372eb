import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  engine,
  fetchRaw,
  jsonRequest,
  type Listening,
  proxyBefore,
  type RunningProxy,
  type Sent,
} from '../../support/engine.ts';

/** What the engine got, and what it answers. */
let got: { url: string; body: string; headers: Record<string, unknown> }[] = [];
let answers = '{"took":3,"hits":{"total":{"value":9007199254740993}}}';
let answerHeaders: Record<string, string> = {};
let upstream: Listening;
const proxies: RunningProxy[] = [];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  got.push({ url: request.url ?? '', body: Buffer.concat(parts).toString(), headers: request.headers });
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(answers),
    ...answerHeaders,
  });
  response.end(answers);
}

beforeAll(async () => {
  upstream = await engine((request, response) => void answer(request, response));
});
beforeEach(() => {
  got = [];
  answers = '{"took":3,"hits":{"total":{"value":9007199254740993}}}';
  answerHeaders = {};
});
afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.close();
});
afterAll(() => upstream.close());

async function start(file: Record<string, unknown>): Promise<RunningProxy> {
  const proxy = await proxyBefore(upstream.port, file);
  proxies.push(proxy);
  return proxy;
}

const ES = { name: 'shop', path: '/*/_search', engine: 'elasticsearch', pointer: '/query/match/title/query' };
const SOLR = { name: 'select', path: '/solr/*/select', engine: 'solr', parameter: 'q' };
const get = (path: string, headers: readonly string[] = []): Sent => ({
  method: 'GET',
  path,
  headers: ['Host', 'search.test', ...headers],
  chunks: [],
});

/** The value of a header among raw ones. */
function header(headers: readonly string[], name: string): string | undefined {
  const at = headers.findIndex((each, i) => i % 2 === 0 && each.toLowerCase() === name);
  return at < 0 ? undefined : headers[at + 1];
}

describe('rewrite', () => {
  it('replaces the text in the body and nothing else of it', async () => {
    const proxy = await start({ mode: 'rewrite', requests: [ES] });
    const body = '{ "size" : 1.0e1,"query":{"match":{"title":{"query":"red \\u006cmap"}}}, "from":9007199254740993 }';
    const came = await fetchRaw(proxy.port, jsonRequest('/shop/_search?pretty', body));
    expect(got[0]?.body).toBe(body.replace('"red \\u006cmap"', '"red lamp"'));
    expect(got[0]?.headers['content-length']).toBe(`${Buffer.byteLength(got[0]?.body ?? '')}`);
    expect(came.body.toString()).toBe(answers);
    expect(header(came.headers, 'x-emend')).toBe('rewrite');
    expect(header(came.headers, 'x-emend-from')).toBe('red%20lmap');
    expect(header(came.headers, 'x-emend-to')).toBe('red%20lamp');
    expect(proxy.lines).toEqual([
      expect.objectContaining({
        request: 'shop',
        outcome: 'rewritten',
        text: 'red lmap',
        search: 'red lamp',
        status: 200,
      }),
    ]);
  });

  it('replaces the text in every place that has the same, and in no other', async () => {
    const proxy = await start({ mode: 'rewrite', requests: [{ ...ES, pointer: ['/a', '/b/0', '/c', '/gone'] }] });
    await fetchRaw(proxy.port, jsonRequest('/shop/_search', '{"a":"lmap","b":["lmap"],"c":"shose","d":"lmap"}'));
    expect(got[0]?.body).toBe('{"a":"lamp","b":["lamp"],"c":"shose","d":"lmap"}');
  });

  it('replaces a parameter of the URL, or of a form', async () => {
    const proxy = await start({ mode: 'rewrite', requests: [SOLR] });
    await fetchRaw(proxy.port, get('/solr/p/select?fq=a%2Bb&q=red+lmap&rows=3'));
    const form = 'rows=3&q=red%20lmap&fq=a+b';
    const headers = [
      'Host',
      'h',
      'Content-Type',
      'application/x-www-form-urlencoded',
      'Content-Length',
      `${form.length}`,
    ];
    await fetchRaw(proxy.port, { method: 'POST', path: '/solr/p/select', headers, chunks: [Buffer.from(form)] });
    expect(got[0]?.url).toBe('/solr/p/select?fq=a%2Bb&q=red%20lamp&rows=3');
    expect(got[1]?.body).toBe('rows=3&q=red%20lamp&fq=a+b');
  });

  it('leaves a query that is right as it came, without a mark', async () => {
    const proxy = await start({ mode: 'rewrite', requests: [ES] });
    const body = '{"query":{"match":{"title":{"query":"red lamp"}}}}';
    const came = await fetchRaw(proxy.port, jsonRequest('/shop/_search', body));
    expect(got[0]?.body).toBe(body);
    expect(header(came.headers, 'x-emend')).toBeUndefined();
    expect(proxy.lines[0]).toMatchObject({ outcome: 'unchanged' });
  });

  it.each<[string, string, readonly string[], string]>([
    ['no JSON', '{"query":', [], 'not-json'],
    ['no text in that place', '{"query":{}}', [], 'no-text'],
    ['a packed body', '{"query":{"match":{"title":{"query":"lmap"}}}}', ['Content-Encoding', 'gzip'], 'body-encoded'],
    [
      'a signed one',
      '{"query":{"match":{"title":{"query":"lmap"}}}}',
      ['Authorization', 'AWS4-HMAC-SHA256 x'],
      'signed',
    ],
    ['a long text', `{"query":{"match":{"title":{"query":"${'lmap '.repeat(4000)}"}}}}`, [], 'text-too-long'],
    ['half a character', '{"query":{"match":{"title":{"query":"lmap \\ud800"}}}}', [], 'no-text'],
  ])('passes %s as it came', async (_what, body, headers, reason) => {
    const proxy = await start({ mode: 'rewrite', requests: [ES] });
    await fetchRaw(proxy.port, jsonRequest('/shop/_search', body, headers));
    expect(got[0]?.body).toBe(body);
    expect(proxy.lines[0]).toMatchObject({ outcome: 'passed', reason });
  });

  it.each([
    ['/solr/p/select?q=lmap&q=shose', 'repeated-parameter'],
    ['/solr/p/select?q={!term%20f=sku}lmap', 'engine-syntax'],
    ['/solr/p/select?q=lmap%FF', 'not-utf-8'],
    ['/solr/p/select?rows=3', 'no-text'],
  ])('passes %s as it came', async (path, reason) => {
    const proxy = await start({ mode: 'rewrite', requests: [SOLR] });
    await fetchRaw(proxy.port, get(path));
    expect(got[0]?.url).toBe(path);
    expect(proxy.lines[0]).toMatchObject({ outcome: 'passed', reason });
  });

  it('passes a body that is too large as it came, told beforehand or not', async () => {
    const proxy = await start({ mode: 'rewrite', maxBodyBytes: 1024, requests: [ES] });
    const body = `{"query":{"match":{"title":{"query":"lmap"}}},"x":"${'y'.repeat(5_000)}"}`;
    await fetchRaw(proxy.port, jsonRequest('/shop/_search', body));
    const halves = [Buffer.from(body.slice(0, 2_000)), Buffer.from(body.slice(2_000))];
    const headers = ['Host', 'h', 'Content-Type', 'application/json', 'Transfer-Encoding', 'chunked'];
    await fetchRaw(proxy.port, { method: 'POST', path: '/shop/_search', headers, chunks: halves });
    expect(got.map((each) => each.body)).toEqual([body, body]);
    expect(proxy.lines.map(({ reason }) => reason)).toEqual(['body-too-large', 'body-too-large']);
  });
});

describe('observe', () => {
  it('says what it would do, and does nothing', async () => {
    const proxy = await start({ requests: [ES] });
    const body = '{"query":{"match":{"title":{"query":"red lmap"}}}}';
    const came = await fetchRaw(proxy.port, jsonRequest('/shop/_search', body));
    expect(got[0]?.body).toBe(body);
    expect(header(came.headers, 'x-emend')).toBeUndefined();
    expect(proxy.lines[0]).toMatchObject({
      mode: 'observe',
      outcome: 'would-rewrite',
      text: 'red lmap',
      search: 'red lamp',
      decision: 'auto',
    });
  });
});

describe('suggest', () => {
  const body = { query: { match: { title: { query: 'red lmap' } } } };

  it('adds a suggestion to an answer of Elasticsearch and leaves its other bytes', async () => {
    const proxy = await start({ mode: 'suggest', requests: [{ ...ES, suggestion: 'did_you_mean' }] });
    const came = await fetchRaw(proxy.port, jsonRequest('/shop/_search', body, ['Accept-Encoding', 'gzip']));
    expect(JSON.parse(got[0]?.body ?? '')).toEqual(body);
    expect(got[0]?.headers['accept-encoding']).toBeUndefined();
    const text = came.body.toString();
    expect(text.startsWith(`${answers.slice(0, -1)},"suggest":{"did_you_mean":[`)).toBe(true);
    expect(JSON.parse(text).suggest.did_you_mean).toEqual([
      {
        text: 'red lmap',
        offset: 0,
        length: 8,
        options: [
          { text: 'red lamp', score: Math.fround(0.95) },
          { text: 'RED LMAP', score: Math.fround(0.03) },
        ],
        _emend: { decision: 'auto', confidence: 0.95, queryId: expect.any(String) },
      },
    ]);
    expect(header(came.headers, 'x-emend')).toBe('suggest');
  });

  it("replaces the engine's own options, by the size and the tags that were asked for", async () => {
    answers = '{"suggest":{"a":[1],"phrase#s":[{"options":[]}]}, "took":1}';
    const proxy = await start({ mode: 'suggest', requests: [{ ...ES, suggestion: 's' }] });
    const highlight = { pre_tag: '<b>', post_tag: '</b>' };
    const suggest = { s: { text: 'red lmap', phrase: { field: 'title', size: 1, highlight } } };
    const came = await fetchRaw(proxy.port, jsonRequest('/shop/_search?typed_keys=true', { ...body, suggest }));
    const filled = JSON.parse(came.body.toString());
    expect(Object.keys(filled.suggest)).toEqual(['a', 'phrase#s']);
    expect(filled.suggest['phrase#s'][0].options).toEqual([
      { text: 'red lamp', highlighted: 'red <b>lamp</b>', score: Math.fround(0.95) },
    ]);
  });

  it('fills the section of Solr in the form that was asked for', async () => {
    answers = '{"responseHeader":{"status":0},"spellcheck":{"suggestions":[],"correctlySpelled":false}}';
    const proxy = await start({ mode: 'suggest', requests: [SOLR] });
    const flat = await fetchRaw(proxy.port, get('/solr/p/select?q=red+lmap'));
    expect(JSON.parse(flat.body.toString()).spellcheck).toEqual({
      suggestions: ['lmap', { numFound: 1, startOffset: 4, endOffset: 8, suggestion: ['lamp'] }],
      collations: ['collation', 'red lamp'],
    });
    const asked = 'spellcheck=true&spellcheck.extendedResults=true&spellcheck.collate=true&json.nl=arrarr';
    const pairs = await fetchRaw(proxy.port, get(`/solr/p/select?q=red+lmap&${asked}`));
    expect(JSON.parse(pairs.body.toString()).spellcheck).toEqual({
      suggestions: [
        [
          'lmap',
          { numFound: 1, startOffset: 4, endOffset: 8, origFreq: 0, suggestion: [{ word: 'lamp', freq: 8120 }] },
        ],
      ],
      correctlySpelled: false,
      collations: [['collation', 'red lamp']],
    });
  });

  it.each<[string, () => void, string]>([
    ['that is packed', () => (answerHeaders = { 'content-encoding': 'gzip' }), 'answer-encoded'],
    ['that is no JSON', () => (answers = 'lmap({})'), 'answer-not-json'],
    ['of another type', () => (answerHeaders = { 'content-type': 'application/smile' }), 'answer-not-json'],
    ['that is an error', () => (answers = '{"error":{}}'), 'answer-is-error'],
    ['that is large', () => (answers = `{"x":"${'y'.repeat(5_000)}"}`), 'answer-too-large'],
  ])('passes an answer %s as it came', async (_what, prepare, reason) => {
    prepare();
    const proxy = await start({ mode: 'suggest', maxBodyBytes: 1024, requests: [ES] });
    const came = await fetchRaw(proxy.port, jsonRequest('/shop/_search', body));
    expect(came.body.toString()).toBe(answers);
    expect(proxy.lines[0]).toMatchObject({ outcome: 'passed', reason });
  });
});

describe('which requests', () => {
  const body = { query: { match: { title: { query: 'red lmap' } } } };

  it('are in the share is the same each time, and as many as it says', async () => {
    const file = { mode: 'rewrite', share: 0.25, shareBy: 'x-visitor', requests: [ES] };
    const proxy = await start(file);
    const other = await start(file);
    const rewritten: boolean[] = [];
    for (let visitor = 0; visitor < 400; visitor++) {
      const port = visitor % 2 === 0 ? proxy.port : other.port;
      const sent = jsonRequest('/shop/_search', body, ['X-Visitor', `v${visitor >> 1}`]);
      rewritten.push(header((await fetchRaw(port, sent)).headers, 'x-emend') === 'rewrite');
    }
    expect(rewritten.filter((_, i) => i % 2 === 0)).toEqual(rewritten.filter((_, i) => i % 2 === 1));
    const count = rewritten.filter(Boolean).length / 2;
    expect(count).toBeGreaterThan(25);
    expect(count).toBeLessThan(80);
  });

  it('are looked at, and how, a header says where the file names one', async () => {
    const proxy = await start({ mode: 'observe', modeHeader: 'X-Emend-Mode', requests: [ES] });
    for (const mode of ['rewrite', 'off', 'nonsense']) {
      await fetchRaw(proxy.port, jsonRequest('/shop/_search', body, ['X-Emend-Mode', mode]));
    }
    expect(proxy.lines.map(({ mode, outcome }) => [mode, outcome])).toEqual([
      ['rewrite', 'rewritten'],
      ['off', 'outside'],
      ['observe', 'would-rewrite'],
    ]);
  });
});
