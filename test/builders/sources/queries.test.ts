import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { run } from '../../../builders/commands/build.ts';
import { streamInput } from '../../../builders/sources/input.ts';
import { readQueries } from '../../../builders/sources/queries.ts';
import { parseQueryLogSpec } from '../../../builders/sources/query-columns.ts';
import { captureIo } from '../../support/command-io.ts';

async function read(name: string, text: string, options: object = {}, skip = false) {
  const input = { ...streamInput(Readable.from([Buffer.from(text)])), name, label: name };
  const warnings: string[] = [];
  const rows: unknown[][] = [];
  const given = {
    invalid: { skip, count: 0, first: '' },
    warn: (text: string) => void warnings.push(text),
    ...options,
  };
  await readQueries(input, { bytes: 0, sha256: '' }, given, (query, count, hits, { session, clicks }) => {
    rows.push([query, count, hits, session, clicks]);
  });
  return { rows, warnings };
}

describe('the columns of a query log', () => {
  it('are passed over when they mean nothing, and named: never taken for counts', async () => {
    for (const skip of [false, true]) {
      const { rows, warnings } = await read(
        'log.csv',
        'query,docid,rating\nred shoes,1843201,3\nblue hat,99,1\n',
        {},
        skip,
      );
      expect(rows).toEqual([
        ['red shoes', 1, -1, '', -1],
        ['blue hat', 1, -1, '', -1],
      ]);
      expect(warnings).toEqual(['log.csv:1: columns ignored: docid, rating']);
    }
    const tsv = await read('log.tsv', 'id\tlang\tquery\n7\ten\tred shoes\n');
    expect([tsv.rows[0]?.slice(0, 2), tsv.warnings]).toEqual([
      ['red shoes', 1],
      ['log.tsv:1: columns ignored: id, lang'],
    ]);
    const jsonl = await read('log.jsonl', '{"query": "red", "docid": 17, "rating": 3}\n');
    expect([jsonl.rows[0]?.slice(0, 2), jsonl.warnings]).toEqual([
      ['red', 1],
      ['log.jsonl:1: properties ignored: docid, rating'],
    ]);
  });

  it.each([
    ['q,searches,nbHits', [0, 1, 2]],
    ['search,frequency,results', [0, 1, 2]],
    ['search_term,count,result_count', [0, 1, 2]],
    ['Search Term,Searches,Results', [0, 1, 2]],
    ['searchTerm,freq,numFound', [0, 1, 2]],
    ['user_query,COUNT,hits', [0, 1, 2]],
    ['"query_text","count","numFound"', [0, 1, 2]],
    ['keyword,searches,hits', [0, 1, 2]],
  ])('are known by other names: %s', async (header) => {
    expect((await read('log.csv', `${header}\nred shoes,30,12\n`)).rows).toEqual([['red shoes', 30, 12, '', -1]]);
    const names = header.replaceAll('"', '').split(',');
    const object = { [names[0]!]: 'red shoes', [names[1]!]: 30, [names[2]!]: 12, other: [1] };
    expect((await read('log.jsonl', `${JSON.stringify(object)}\n`)).rows).toEqual([['red shoes', 30, 12, '', -1]]);
  });

  it('have the meaning that says best what they are', async () => {
    const text = 'keyword,query,searches,count\nk,red,2,30\n';
    const { rows, warnings } = await read('log.csv', text);
    expect(rows).toEqual([['red', 30, -1, '', -1]]);
    expect(warnings).toEqual(['log.csv:1: columns ignored: keyword, searches']);
    expect((await read('log.jsonl', '{"keyword": "k", "query": "red", "results": [{"id": 1}]}\n')).rows).toEqual([
      ['red', 1, -1, '', -1],
    ]);
  });

  it('are named by the owner, by name or by number', async () => {
    const named = { query: 'phrase', count: 'n' };
    const text = 'id,phrase,n,hits\n9,red,30,4\n';
    expect((await read('log.csv', text, { named })).rows).toEqual([['red', 30, 4, '', -1]]);
    expect((await read('log.csv', text, { named: { ...named, hits: '' } })).rows).toEqual([['red', 30, -1, '', -1]]);
    expect((await read('log.csv', '9,red,30\n', { named: { query: '2', count: '3' } })).rows).toEqual([
      ['red', 30, -1, '', -1],
    ]);
    expect((await read('log.csv', '9,red,30\n', { named: { query: '2' } })).rows).toEqual([['red', 1, -1, '', -1]]);
    const json = '{"params": {"q": "red"}, "n": 30, "count": 5}\n';
    expect((await read('log.jsonl', json, { named: { query: 'params.q', count: 'n' } })).rows).toEqual([
      ['red', 30, -1, '', -1],
    ]);
    await expect(read('log.csv', text, { named: { query: 'phrse' } })).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: 'log.csv:1: expected a column "phrse" for the query, found: id, phrase, n, hits',
    });
    await expect(read('log.txt', 'red\nblue\n', { named })).rejects.toMatchObject({ code: 'BUILD_INPUT' });
  });

  it.each([
    ['log.csv', 'phrase,docid,rating\nred,1843201,3\n'],
    ['log.csv', 'red,1843201,3\nblue,99,1\n'],
    ['log.tsv', 'phrase\ttimes\nred\t3\n'],
    ['log.tsv', 'red shoes\t1843201\ten\n'],
    ['log.jsonl', '{"phrase": "red", "n": 3}\n'],
  ])('are not guessed: %s %j', async (name, text) => {
    await expect(read(name, text)).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringMatching(/^log\.\w+:1: expected .*--queries FILE:query=search_term,count=searches/),
    });
    // Leaving lines out makes no count of an id.
    const { rows } = await read(name, text, {}, true).catch(() => ({ rows: [] }));
    expect(rows).toEqual([]);
  });

  it('has a line with more fields than a query and its count refused where there is no header', async () => {
    await expect(read('log.csv', 'red,3\nred, large shoes,4\n')).rejects.toMatchObject({
      message: expect.stringMatching(/^log\.csv:2: expected a query and its count, found 3 fields/),
    });
  });
});

describe('parseQueryLogSpec', () => {
  it('takes names after the colon', () => {
    expect(parseQueryLogSpec('log.csv')).toEqual({ file: 'log.csv', named: {} });
    expect(parseQueryLogSpec('a:b/log.csv:query=Search term,count=n')).toEqual({
      file: 'a:b/log.csv',
      named: { query: 'Search term', count: 'n' },
    });
    expect(parseQueryLogSpec('-:query=2,hits=')).toEqual({ file: '-', named: { query: '2', hits: '' } });
    for (const text of ['log.csv:qery=x', 'log.csv:query=a,query=b', 'log.csv:query=a,b']) {
      expect(() => parseQueryLogSpec(text)).toThrow(expect.objectContaining({ code: 'BUILD_INPUT' }));
    }
  });
});

describe('emend build --queries', () => {
  it('takes the names of columns and a scale of counts by flag and by configuration', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'emend-columns-'));
    try {
      writeFileSync(join(cwd, 'log.csv'), 'phrase,share,lang\nred shoes,0.5,en\nblue hat,0.25,en\n');
      const queries = [{ file: 'log.csv', columns: { query: 'phrase', count: 'share' }, countScale: 100 }];
      writeFileSync(join(cwd, 'a.json'), JSON.stringify({ queries }));
      const plain = { queries: 'log.csv:query=phrase,count=share', countScale: 100 };
      writeFileSync(join(cwd, 'b.json'), JSON.stringify(plain));
      const ids: string[] = [];
      for (const args of [
        ['--queries', 'log.csv:query=phrase,count=share', '--count-scale', '100'],
        ['--queries', '-:query=phrase,count=share', '--count-scale', '100'],
        ['--config', 'a.json'],
        ['--config', 'b.json'],
      ]) {
        const io = captureIo({ cwd, stdin: 'phrase\tshare\tlang\nred shoes\t0.5\ten\nblue hat\t0.25\ten\n' });
        expect(await run(['--out', `data${ids.length}`, '--json', ...args], io)).toBe(0);
        const { id, inputs } = JSON.parse(io.out());
        expect(inputs[0].tokens).toBe(150);
        expect(io.err()).toMatch(/^emend build: (log\.csv|<stdin>):1: columns ignored: lang\n$/);
        ids.push(id);
      }
      expect(new Set(ids).size).toBe(1);
      const io = captureIo({ cwd });
      const args = ['--out', 'no', '--queries', 'log.csv:query=phrase,count=share'];
      await expect(run(args, io)).rejects.toMatchObject({
        message: expect.stringMatching(/^log\.csv:2: expected a count.*found "0\.5".*--count-scale N/),
      });
      for (const scale of ['0', '-1', 'x', '1e300']) {
        await expect(run([...args, `--count-scale=${scale}`], io)).rejects.toMatchObject({ code: 'USAGE' });
      }
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  });
});
