import { gzipSync } from 'node:zlib';
import type { LogFormat } from '../../../builders/import/import-log.ts';
import { readLog as read, type Short } from '../../support/read-log.ts';

const AT = '2026-01-02T03:04:05.000Z';

describe('Algolia', () => {
  const log = (members: Record<string, unknown>) => ({
    timestamp: '2026-01-02T03:04:05Z',
    method: 'POST',
    answer_code: '200',
    url: '/1/indexes/products/query',
    query_nb_hits: '80',
    ...members,
  });

  it.each<[string, unknown, Short[]]>([
    [
      'top searches',
      { searches: [{ search: 'lamp', count: 12, nbHits: 80 }] },
      [{ query: 'lamp', count: 12, hits: 80 }],
    ],
    [
      'clicks and nulls',
      {
        searches: [
          {
            search: 'lamp',
            count: 12,
            nbHits: 80,
            clickThroughRate: null,
            clickPositions: [
              { position: [1, 2], clickCount: 3 },
              { position: [3, 4], clickCount: 1 },
            ],
          },
        ],
      },
      [{ query: 'lamp', count: 12, hits: 80, clicks: 4 }],
    ],
    [
      'searches without results',
      { searches: [{ search: 'lanp', count: 3, withFilterCount: 0 }] },
      [{ query: 'lanp', count: 3, hits: 0 }],
    ],
    ['browsing, which is no search', { searches: [{ search: '', count: 9, nbHits: 80 }] }, []],
    [
      'getLogs with a query in the body',
      { logs: [log({ query_body: '{"query":"lamp"}' })] },
      [{ query: 'lamp', hits: 80, at: AT }],
    ],
    [
      'getLogs with params in the body',
      { logs: [log({ query_body: '{"params":"query=red%20lamp&hitsPerPage=5"}' })] },
      [{ query: 'red lamp', hits: 80, at: AT }],
    ],
    [
      'getLogs with several requests',
      {
        logs: [
          log({
            url: '/1/indexes/*/queries',
            query_body: '{"requests":[{"params":"query=lamp"},{"query":"desk"},{"query":"lamp"}]}',
          }),
        ],
      },
      [
        { query: 'lamp', at: AT },
        { query: 'desk', at: AT },
      ],
    ],
    [
      'getLogs with a cut body',
      { logs: [log({ query_body: '{"query":"la', query_params: 'query=lamp&x=1' })] },
      [{ query: 'lamp', hits: 80, at: AT }],
    ],
    [
      'getLogs with a user',
      { logs: [log({ query_params: 'query=lamp', inner_queries: [{ user_token: 'u1' }] })] },
      [{ query: 'lamp', hits: 80, session: 'u1', at: AT }],
    ],
  ])('reads %s', async (_, document, rows) => {
    expect((await read('algolia', [JSON.stringify(document)])).rows).toEqual(rows);
    expect((await read('algolia', [JSON.stringify(document, null, 2)])).rows).toEqual(rows);
  });

  it('leaves out other requests, failures and cut bodies', async () => {
    const logs = [
      log({ url: '/1/indexes/products/batch' }),
      log({ answer_code: '400' }),
      log({ query_body: '{"query":"la' }),
    ];
    const { rows, report } = await read('algolia', [JSON.stringify({ logs })]);
    expect(rows).toEqual([]);
    expect(report.leftOut).toEqual({ action: 1, failed: 1, cut: 1 });
  });

  it('keeps the other entries of a page with a wrong one', async () => {
    const searches = [{ search: 'a', count: 2 }, { search: 5 }, { search: 'b', count: 'x' }, { search: 'c' }];
    const { rows, report } = await read('algolia', [JSON.stringify({ searches })], { skipInvalid: true });
    expect(rows.map(({ query }) => query)).toEqual(['a', 'c']);
    expect(report.invalid).toBe(2);
  });
});

describe('Typesense', () => {
  it('reads popular queries, hit counts in a list, and those without hits', async () => {
    expect((await read('typesense', ['{"id":"1","q":"lamp","count":12}\n'])).rows).toEqual([
      { query: 'lamp', count: 12 },
    ]);
    const counts = `[{"collection_id":"0","query":"lamp","hits_count":80,"timestamp":${Date.parse(AT)}000,"user_id":"u"}]`;
    expect((await read('typesense', [counts])).rows).toEqual([{ query: 'lamp', hits: 80, session: 'u', at: AT }]);
    expect((await read('typesense-nohits', ['{"q":"lanp","count":2}'])).rows).toEqual([
      { query: 'lanp', count: 2, hits: 0 },
    ]);
  });
});

describe('tables', () => {
  it.each<[string, LogFormat, string, Short]>([
    [
      'Search Console',
      'search-console',
      'Top queries,Clicks,Impressions,CTR,Position\nred lamp,3,120,2.5%,4.1\n',
      { query: 'red lamp', count: 120, clicks: 3 },
    ],
    [
      'Search Console in German',
      'search-console',
      'Häufigste Suchanfragen,Klicks,Impressionen,CTR,Position\nlampe,3,"1.200","2,5 %","4,1"\n',
      { query: 'lampe', count: 1200, clicks: 3 },
    ],
    ['a shop', 'shop', 'Search query,Total searches\n"lamp, red",12\n', { query: 'lamp, red', count: 12 }],
    [
      'a shop with uses and results',
      'shop',
      'Search Query,Store,Results,Uses\nlamp,main,80,"1,234"\n',
      { query: 'lamp', count: 1234, hits: 80 },
    ],
    [
      'comments before the header',
      'shop',
      '# ---\n# Site search\n# ---\nSearch term,Event count\nlamp,7\n',
      { query: 'lamp', count: 7 },
    ],
    ['semicolons', 'shop', 'search_term;frequency;numFound\nlamp;7;0\n', { query: 'lamp', count: 7, hits: 0 }],
    ['tabs', 'shop', 'keyword\tsearches\tresult_count\nlamp\t7\t80\n', { query: 'lamp', count: 7, hits: 80 }],
    ['a byte order mark and CRLF', 'shop', '\ufeffq,count\r\nlamp,7\r\n', { query: 'lamp', count: 7 }],
  ])('give %s', async (_, format, text, row) => {
    expect((await read(format, [text], {}, 'log.csv')).rows).toEqual([row]);
    expect((await read(format, [gzipSync(text)], {}, 'log.csv')).rows).toEqual([row]);
  });

  it('take columns as the owner names them', async () => {
    const text = 'Suchbegriff,Anzahl\nlampe,7\n';
    const named = { query: 'Suchbegriff', count: 'Anzahl' };
    expect((await read('shop', [text], { named }, 'log.csv')).rows).toEqual([{ query: 'lampe', count: 7 }]);
  });
});
