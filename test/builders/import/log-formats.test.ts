import { readLog as read, type Short } from '../../support/read-log.ts';

const AT = '2026-01-02T03:04:05.000Z';

describe('UBI', () => {
  it.each<[string, unknown, Short]>([
    ['a query as the schema asks for it, with nothing but its text', { user_query: 'lamp' }, { query: 'lamp' }],
    ['a hit of a search', { _index: 'ubi_queries', _id: '1', _source: { user_query: 'lamp' } }, { query: 'lamp' }],
    ['no results, which is sure', { user_query: 'lamp', query_response_hit_ids: [] }, { query: 'lamp', hits: 0 }],
    ['results of a page', { user_query: 'lamp', query_response_hit_ids: [1, '2'] }, { query: 'lamp', hits: 2 }],
    ['a time with Z', { user_query: 'lamp', timestamp: '2026-01-02T03:04:05Z' }, { query: 'lamp', at: AT }],
    ['a time with +0000', { user_query: 'lamp', timestamp: '2026-01-02T03:04:05.000+0000' }, { query: 'lamp', at: AT }],
    ['a time without a zone', { user_query: 'lamp', timestamp: '2026-01-02T03:04:05' }, { query: 'lamp', at: AT }],
    ['a time in milliseconds', { user_query: 'lamp', timestamp: Date.parse(AT) }, { query: 'lamp', at: AT }],
    [
      'a session before a client',
      { user_query: 'lamp', client_id: 'c', session_id: 's' },
      { query: 'lamp', session: 's' },
    ],
    ['a user of old samples', { user_query: 'lamp', user_id: 7 }, { query: 'lamp', session: '7' }],
    ['attributes', { user_query: 'lamp', query_attributes: { session_id: 's' } }, { query: 'lamp', session: 's' }],
    ['members nobody knows', { user_query: 'lamp', query_id: 7, extra: { deep: [1] } }, { query: 'lamp' }],
  ])('reads %s', async (_, document, row) => {
    expect((await read('ubi', [`${JSON.stringify(document)}\n`])).rows).toEqual([row]);
  });

  it('reads the pairs of a bulk request', async () => {
    const text = '{"index":{"_index":"ubi_queries"}}\n{"user_query":"lamp"}\n{"create":{}}\n{"user_query":"desk"}\n';
    expect((await read('ubi', [text])).rows).toEqual([{ query: 'lamp' }, { query: 'desk' }]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['an ordinal position', { event_attributes: { position: { ordinal: 3 } } }],
    ['a position of x and y', { event_attributes: { position: { xy: { x: 1, y: 2 } } } }],
    ['a flat position', { event_attributes: { position: { x: 1, y: 2 } } }],
    ['an empty position', { event_attributes: { position: {} } }],
    ['a numbered object', { event_attributes: { object: { object_id: 5 } } }],
    ['a named object', { event_attributes: { object: { object_id: 'five' } } }],
    ['an old page', { page_id: '/search' }],
  ])('counts a click with %s, from a file after the queries', async (_, members) => {
    const click = { action_name: 'click', query_id: 'q1', ...members };
    const other = { action_name: 'impression', query_id: 'q2' };
    const { rows, report } = await read('ubi', [
      '{"user_query":"lamp","query_id":"q1"}\n{"user_query":"desk","query_id":"q2"}\n{"user_query":"bed"}\n',
      `${JSON.stringify(click)}\n${JSON.stringify({ _source: other })}\n`,
    ]);
    expect(rows).toEqual([{ query: 'lamp', clicks: 1 }, { query: 'desk', clicks: 0 }, { query: 'bed' }]);
    expect(report.leftOut).toEqual({ event: 2 });
  });

  it('tells of rows that are not in the order of their session', async () => {
    const rows = ['05', '07', '06'].map(
      (s) => `{"user_query":"a","session_id":"s","timestamp":"2026-01-02T03:04:${s}Z"}`,
    );
    expect((await read('ubi', [rows.join('\n')])).report.outOfOrder).toBe(1);
  });
});

const SOURCE = '{"query":{"multi_match":{"query":"red lamp","fields":["title","body[0]"]}}}';

function slow(members: Record<string, unknown> = {}, prefix = 'elasticsearch.slowlog.'): string {
  const own = { total_hits: '80 hits', total_shards: 1, source: SOURCE, id: null, ...members };
  const named = Object.fromEntries(Object.entries(own).map(([name, value]) => [`${prefix}${name}`, value]));
  return JSON.stringify({ '@timestamp': '2026-01-02T03:04:05,000Z', 'log.level': 'INFO', ...named });
}

const TEXT = `[2026-01-02T03:04:05,000][INFO ][index.search.slowlog.query] [node1] [products][2] took[6.3ms], took_millis[6], total_hits[80 hits], stats[], search_type[QUERY_THEN_FETCH], total_shards[1], source[${SOURCE}], id[], `;

describe('slow logs', () => {
  it.each<[string, string, Short]>([
    ['JSON', slow(), { query: 'red lamp', hits: 80, at: AT }],
    ['JSON of 7.x without prefixes', slow({}, ''), { query: 'red lamp', hits: 80, at: AT }],
    ['more hits than were counted', slow({ total_hits: '10000+ hits' }), { query: 'red lamp', hits: 10_000, at: AT }],
    ['hits that were not counted', slow({ total_hits: '-1' }), { query: 'red lamp', at: AT }],
    ['none on the only shard', slow({ total_hits: '0 hits' }), { query: 'red lamp', hits: 0, at: AT }],
    [
      'none on one shard of five: unknown',
      slow({ total_hits: '0 hits', total_shards: 5 }),
      { query: 'red lamp', at: AT },
    ],
    ['a source escaped twice', slow({ source: JSON.stringify(SOURCE) }), { query: 'red lamp', hits: 80, at: AT }],
    [
      'a source escaped without quotes',
      slow({ source: SOURCE.replaceAll('"', '\\"') }),
      { query: 'red lamp', hits: 80, at: AT },
    ],
    ['text with brackets in its source', TEXT, { query: 'red lamp', hits: 80, at: AT }],
    [
      'text of a shortened logger',
      TEXT.replace('index.search.slowlog.query', 'o.o.s.l.SearchSlowLog'),
      { query: 'red lamp', hits: 80, at: AT },
    ],
    [
      'old text with types and no hits',
      TEXT.replace('total_hits[80 hits], ', 'types[], ').replace(', id[], ', ', extra_source[], '),
      { query: 'red lamp', at: AT },
    ],
    [
      'text with a brace in its query',
      TEXT.replace('red lamp', 'red } lamp'),
      { query: 'red } lamp', hits: 80, at: AT },
    ],
  ])('read %s', async (_, line, row) => {
    expect((await read('slow-log', [`${line}\n`])).rows).toEqual([row]);
  });

  it.each<[string, unknown, string]>([
    ['match', { match: { title: 'lamp' } }, 'lamp'],
    ['match with options', { match: { title: { query: 'lamp', fuzziness: 'AUTO' } } }, 'lamp'],
    ['query_string', { query_string: { query: 'lamp' } }, 'lamp'],
    ['simple_query_string', { simple_query_string: { query: 'lamp' } }, 'lamp'],
    ['match_phrase', { match_phrase: { title: 'lamp' } }, 'lamp'],
    ['match_phrase_prefix', { match_phrase_prefix: { title: 'lamp' } }, 'lamp'],
    ['combined_fields', { combined_fields: { query: 'lamp', fields: ['a'] } }, 'lamp'],
    ['querqy', { querqy: { matching_query: { query: 'lamp' } } }, 'lamp'],
    [
      'the same text in several clauses',
      { bool: { should: [{ match: { a: 'lamp' } }, { match: { b: 'lamp' } }] } },
      'lamp',
    ],
    [
      'the longest where one holds the other',
      { bool: { should: [{ match: { a: 'red lamp' } }, { match: { b: 'lamp' } }] } },
      'red lamp',
    ],
    [
      'what is typed beside filters',
      { bool: { must: [{ match: { a: 'lamp' } }], filter: [{ match: { brand: 'acme' } }] } },
      'lamp',
    ],
  ])('find what was typed in %s', async (_, query, typed) => {
    expect((await read('slow-log', [slow({ source: JSON.stringify({ query }) })])).rows[0]?.query).toBe(typed);
  });

  it('prefer what UBI says was typed, and a pointer to all', async () => {
    const source = JSON.stringify({ query: { match: { a: 'lamps' } }, ext: { ubi: { user_query: 'lamp' } } });
    expect((await read('slow-log', [slow({ source })])).rows[0]?.query).toBe('lamp');
    const pointed = await read('slow-log', [slow({ source })], { queryPointer: '/query/match/a' });
    expect(pointed.rows[0]?.query).toBe('lamps');
  });

  it('read a suggest request', async () => {
    const source = JSON.stringify({ suggest: { text: 'lanp', mine: { term: { field: 'title' } } } });
    expect((await read('slow-log', [slow({ source })])).rows[0]?.query).toBe('lanp');
  });

  it('count a search once, of whatever shard and phase', async () => {
    const later = slow().replace('03:04:05', '03:04:09');
    const { rows, report } = await read('slow-log', [[slow(), slow(), TEXT, later].join('\n')]);
    expect(rows).toHaveLength(2);
    expect(report.leftOut).toEqual({ repeated: 2 });
  });

  it('do not take an id that every request has for one search', async () => {
    const other = slow({ id: 'app', source: SOURCE.replace('red', 'blue') });
    expect((await read('slow-log', [`${slow({ id: 'app' })}\n${other}`])).rows).toHaveLength(2);
  });

  it.each<[string, string, string]>([
    [
      'two texts',
      slow({ source: '{"query":{"bool":{"must":[{"match":{"a":"lamp"}},{"match":{"b":"desk"}}]}}}' }),
      'twoTexts',
    ],
    ['no text', slow({ source: '{"query":{"match_all":{}}}' }), 'noText'],
    ['a source cut short', TEXT.slice(0, TEXT.indexOf('fields')), 'cut'],
    ['a JSON source cut short', slow({ source: SOURCE.slice(0, 30) }), 'cut'],
    ['another line', '[2026-01-02T03:04:05,000][INFO ][o.e.n.Node] [node1] started', 'action'],
    ['another JSON line', '{"@timestamp":"2026-01-02T03:04:05Z","message":"started"}', 'action'],
  ])('leave out %s', async (_, line, why) => {
    const { rows, report } = await read('slow-log', [line]);
    expect(rows).toEqual([]);
    expect(report.leftOut).toEqual({ [why]: 1 });
  });
});

function solr(params: string, { path = '/select', end = 'hits=80 status=0 QTime=4', core = '' } = {}): string {
  return `2026-01-02 03:04:05.000 INFO  (qtp1-23-host-17) [c:products s:shard1 r:core_node2 x:products_shard1_replica_n1] ${core}o.a.s.c.S.Request webapp=/solr path=${path} params={${params}} ${end}`;
}

describe('the Solr log', () => {
  it.each<[string, string, string]>([
    ['a query', solr('q=red+lamp&fq=instock:true&rows=10'), 'red lamp'],
    ['percent codes', solr('q=caf%C3%A9'), 'café'],
    ['a repeated core', solr('q=lamp', { core: '[products_shard1] ' }), 'lamp'],
    ['braces in a value', solr('fq={!term f=brand}acme&q=lamp'), 'lamp'],
    ['the end of params in a value', solr('q=a} hits=b'), 'a} hits=b'],
    ['local parameters with v', solr("q={!edismax v='red lamp'}"), 'red lamp'],
    ['local parameters with a reference', solr('q={!edismax v=$text}&text=red+lamp'), 'red lamp'],
    ['local parameters before the text', solr('q={!edismax qf=title}red+lamp'), 'red lamp'],
    ['the spellcheck query', solr('q=title:lamp&spellcheck.q=lamp'), 'lamp'],
    ['userQuery', solr('q=title:lamp&userQuery=lamp'), 'lamp'],
    ['edismax with a field', solr('q=title:lamp&defType=edismax'), 'title:lamp'],
  ])('gives %s', async (_, line, query) => {
    expect((await read('solr', [line])).rows).toEqual([{ query, hits: 80, at: AT }]);
  });

  it('takes the parameter and the handler that the owner names', async () => {
    const line = solr('q=title:x&term=lamp', { path: '/shop' });
    expect((await read('solr', [line], { queryParam: 'term', handlers: ['/shop'] })).rows[0]?.query).toBe('lamp');
  });

  it.each<[string, string, string]>([
    ['another handler', solr('q=lamp', { path: '/update' }), 'action'],
    ['a shard', solr('q=lamp&isShard=true'), 'shard'],
    ['a search that is not distributed', solr('q=lamp&distrib=false'), 'shard'],
    ['a purpose', solr('q=lamp&shards.purpose=4'), 'shard'],
    ['no q', solr('rows=10'), 'noText'],
    ['all documents', solr('q=*:*'), 'empty'],
    ['an expression', solr('q=brand:acme'), 'noText'],
    ['another parser', solr('q={!term f=id}12'), 'noText'],
    ['a failure', solr('q=lamp', { end: 'status=400 QTime=1' }), 'failed'],
    ['a line cut short', solr('q=lamp').slice(0, -30), 'cut'],
    ['a stack trace', '\tat org.apache.solr.Foo.bar(Foo.java:1)', 'action'],
  ])('leaves out %s', async (_, line, why) => {
    const { rows, report } = await read('solr', [line]);
    expect(rows).toEqual([]);
    expect(report.leftOut).toEqual({ [why]: 1 });
  });
});
