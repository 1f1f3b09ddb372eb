import { gzipSync } from 'node:zlib';
import type { LogFormat } from '../../../builders/import/import-log.ts';
import { readLog as read } from '../../support/read-log.ts';

const SOURCE = '{"query":{"multi_match":{"query":"red lamp","fields":["title","body[0]"]}}}';

function slow(members: Record<string, unknown> = {}, prefix = 'elasticsearch.slowlog.'): string {
  const own = { total_hits: '80 hits', total_shards: 1, source: SOURCE, id: null, ...members };
  const named = Object.fromEntries(Object.entries(own).map(([name, value]) => [`${prefix}${name}`, value]));
  return JSON.stringify({ '@timestamp': '2026-01-02T03:04:05,000Z', 'log.level': 'INFO', ...named });
}

function solr(params: string, { path = '/select', end = 'hits=80 status=0 QTime=4', core = '' } = {}): string {
  return `2026-01-02 03:04:05.000 INFO  (qtp1-23-host-17) [c:products s:shard1 r:core_node2 x:products_shard1_replica_n1] ${core}o.a.s.c.S.Request webapp=/solr path=${path} params={${params}} ${end}`;
}

describe('logs that cannot be understood', () => {
  it.each<[string, LogFormat, string, RegExp]>([
    ['a UBI line that is no JSON', 'ubi', '{"user_query":', /^0-log:1: expected a JSON object/],
    ['a UBI list', 'ubi', '[1]', /:1: expected a JSON object, found an array/],
    ['a UBI document of another kind', 'ubi', '{"name":"lamp"}', /expected a UBI query with a text as "user_query"/],
    ['a UBI query that is a number', 'ubi', '{"user_query":5}', /found {"user_query":5}/],
    ['a UBI time that is none', 'ubi', '{"user_query":"a","timestamp":"yesterday"}', /expected a time as ISO 8601/],
    ['a UBI time that is an object', 'ubi', '{"user_query":"a","timestamp":{}}', /expected a time, found {}/],
    ['a slow log that is none', 'slow-log', 'hello', /expected a line of a slow log/],
    ['a slow log with half a line', 'slow-log', '{"elasticsearch.slowlog.source":', /expected a JSON object/],
    [
      'a slow log whose source is a number',
      'slow-log',
      slow({ source: 7 }),
      /expected a search request as "source", found 7/,
    ],
    ['a slow log whose hits are words', 'slow-log', slow({ total_hits: 'many' }), /expected "80 hits" or the like/],
    ['a Solr log that is none', 'solr', 'hello', /expected a line of Solr's log, found "hello"/],
    ['a Solr log with a wrong day', 'solr', solr('q=a').replace('01-02', '13-42'), /expected a time/],
    ['an answer of Algolia of another kind', 'algolia', '{"hits":[]}', /"searches" or "logs", found the members hits/],
    [
      'an answer of Algolia cut short',
      'algolia',
      '{"searches":[\n{"search":"a"},\n',
      /:2: expected the end of a JSON document/,
    ],
    [
      'an Algolia search without a text',
      'algolia',
      '{"searches":[{"count":1}]}',
      /a text as "search", found {"count":1}/,
    ],
    [
      'an Algolia count in words',
      'algolia',
      '{"searches":[{"search":"a","count":"few"}]}',
      /a whole number as "count", found "few"/,
    ],
    ['a line that is no JSON at all', 'algolia', 'lamp', /expected a JSON object or list, found "lamp"/],
    ['a Typesense document without a query', 'typesense', '{"id":"1"}', /a text as "q" or "query"/],
    ['a Typesense count with a fraction', 'typesense', '{"q":"a","count":1.5}', /a whole number as "count", found 1.5/],
    [
      'a table without a header',
      'shop',
      'lamp,7\ndesk,3\n',
      /expected a header with a column of queries, found: lamp, 7/,
    ],
    ['a table of Search Console by another', 'search-console', 'a,b\n1,2\n', /expected the 5 columns/],
    [
      'a table with a count in words',
      'shop',
      'query,count\nlamp,seven\n',
      /:2: expected a whole number as "count", found "seven"/,
    ],
    ['a quote that is never closed', 'shop', 'query,count\n"lamp,7\n', /closing quote/],
    ['other bytes than UTF-8', 'ubi', '', /expected UTF-8/],
  ])('are refused with their place: %s', async (what, format, text, message) => {
    const bytes = what.startsWith('other bytes') ? Buffer.of(0x7b, 0xff, 0x7d) : text;
    await expect(read(format, [bytes])).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringMatching(message),
    });
  });

  it('are left out and counted where the owner wants that', async () => {
    const text = '{"user_query":"a"}\nnonsense\n{"user_query":5}\n{"user_query":"b"}\n';
    const { rows, report } = await read('ubi', [text], { skipInvalid: true });
    expect(rows.map(({ query }) => query)).toEqual(['a', 'b']);
    expect(report).toMatchObject({
      lines: 4,
      rows: 2,
      invalid: 2,
      firstInvalid: [expect.stringMatching(/^0-log:2: /)],
    });
  });

  it('are told when the gzip data ends early', async () => {
    const bytes = gzipSync('{"user_query":"a"}\n'.repeat(100));
    await expect(read('ubi', [bytes.subarray(0, bytes.length - 12)])).rejects.toMatchObject({ code: 'BUILD_INPUT' });
  });
});
