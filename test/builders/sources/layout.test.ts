import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { readDocuments } from '../../../builders/sources/documents.ts';
import { type Input, streamInput } from '../../../builders/sources/input.ts';
import { readPairs } from '../../../builders/sources/pairs.ts';
import { readQueries } from '../../../builders/sources/queries.ts';
import { readWordList } from '../../../builders/sources/word-lists.ts';

const inputOf = (name: string, text: string | Buffer): Input => ({
  ...streamInput(Readable.from([Buffer.from(text as string)])),
  name,
  label: name,
});
const digest = () => ({ bytes: 0, sha256: '' });
const strict = () => ({ skip: false, count: 0, first: '' });

async function queries(name: string, text: string | Buffer, skip = false): Promise<unknown[]> {
  const rows: unknown[] = [];
  const invalid = { ...strict(), skip };
  await readQueries(inputOf(name, text), digest(), { invalid }, (query, count) => rows.push([query, count]));
  return rows;
}

async function words(name: string, text: string | Buffer, options: object = {}): Promise<unknown[]> {
  const rows: unknown[] = [];
  const given = { invalid: strict(), ...options };
  await readWordList(inputOf(name, text), digest(), given, (entry, count) => rows.push([entry, count]));
  return rows;
}

async function documents(
  name: string,
  text: string | Buffer,
  fields: string[] = [],
  invalid = strict(),
): Promise<unknown[]> {
  const rows: unknown[] = [];
  await readDocuments(inputOf(name, text), digest(), { fields, invalid }, (texts) => rows.push([...texts]));
  return rows;
}

const RED_AND_BLUE = [
  ['red shoes', 3],
  ['blue hat', 4],
];

describe('a table is recognised by its content', () => {
  it.each([
    ['log.csv', 'query;count\nred shoes;3\nblue hat;4\n'],
    ['log.csv', 'query|count\nred shoes|3\nblue hat|4\n'],
    ['log.csv', 'query\tcount\nred shoes\t3\nblue hat\t4\n'],
    ['log.csv', 'red shoes;3\nblue hat;4\n'],
    ['log.csv', '"query";"count"\r\n"red shoes";"3"\r\n"blue hat";"4"\r\n'],
    ['log.log', 'query,count\nred shoes,3\nblue hat,4\n'],
    ['log.log', 'red shoes,3\nblue hat,4\n'],
    ['log', 'red shoes;3\nblue hat;4\n'],
    ['stdin', 'query;count\nred shoes;3\nblue hat;4\n'],
    ['log.txt', 'query,count\nred shoes,3\nblue hat,4\n'],
    ['log.txt', 'query\tcount\nred shoes\t3\nblue hat\t4\n'],
    ['log.txt', 'red shoes\t3\nblue hat\t4\n'],
    ['log.tsv', 'query,count\nred shoes,3\nblue hat,4\n'],
    ['log.txt', '{"query": "red shoes", "count": 3}\n{"query": "blue hat", "count": 4}\n'],
    ['log.json', '{"query": "red shoes", "count": 3}\n{"query": "blue hat", "count": 4}\n'],
  ])('as a query log: %s %j', async (name, text) => {
    expect(await queries(name, text)).toEqual(RED_AND_BLUE);
    expect(await queries(`${name}.gz`, gzipSync(text))).toEqual(RED_AND_BLUE);
  });

  it.each([
    ['words.txt', 'red shoes,3\nblue hat,4\n'],
    ['words.txt', 'red shoes;3\nblue hat;4\n'],
    ['words.csv', 'word;count\nred shoes;3\nblue hat;4\n'],
    ['words.dat', 'word,count\nred shoes,3\nblue hat,4\n'],
    ['words.tsv', 'word\tcount\nred shoes\t3\nblue hat\t4\n'],
    ['words.txt', 'red shoes 3\nblue hat 4\n'],
  ])('as a list of words: %s %j', async (name, text) => {
    expect(await words(name, text)).toEqual(RED_AND_BLUE);
  });

  it('as misspellings, columns in any order under their names', async () => {
    const pairs = async (name: string, text: string) => {
      const rows: unknown[] = [];
      await readPairs(inputOf(name, text), digest(), { invalid: strict() }, (wrong, right, count) =>
        rows.push([wrong, right, count]),
      );
      return rows;
    };
    for (const [name, text] of [
      ['a.csv', 'shose;shoes|shows;2\nadidsa;adidas;3\n'],
      ['a.txt', 'shose,shoes|shows,2\nadidsa,adidas,3\n'],
      ['a.csv', 'id,right,note,count,wrong\n7,shoes|shows,x,2,shose\n8,adidas,y,3,adidsa\n'],
    ] as const) {
      expect(await pairs(name, text)).toEqual([
        ['shose', ['shoes', 'shows'], 2],
        ['adidsa', ['adidas'], 3],
      ]);
    }
  });

  it('and text stays text, whatever commas, bars and numbers are in it', async () => {
    expect(await queries('log.txt', 'red, blue\nshoes\niphone 13,5\n')).toEqual([
      ['red, blue', 1],
      ['shoes', 1],
      ['iphone 13,5', 1],
    ]);
    expect(await queries('log.txt', 'search\nshoes\n')).toEqual([
      ['search', 1],
      ['shoes', 1],
    ]);
    expect(await documents('docs.txt', 'Red, blue and green.\nShoes; hats.\n')).toEqual([
      ['Red, blue and green.'],
      ['Shoes; hats.'],
    ]);
    expect(await words('names.txt', 'Smith, John\nDoe, Jane\n')).toEqual([
      ['Smith, John', 1],
      ['Doe, Jane', 1],
    ]);
  });
});

describe('what is no text of lines is refused by name', () => {
  it.each([
    ['a.json', '[{"query": "red"}, {"query": "blue"}]', 'a JSON array'],
    ['a.json', '[\n  {\n    "query": "red"\n  }\n]\n', 'a JSON array'],
    ['a.txt', '["red", "blue"]', 'a JSON array'],
    ['a.json', '{\n  "queries": [\n', 'JSON over several lines'],
    ['a.txt', '<?xml version="1.0"?>\n<a>red</a>\n', 'XML or HTML'],
    ['a.html', '<!DOCTYPE html>\n<p>red</p>\n', 'XML or HTML'],
    ['a.csv', Buffer.from('PK\u0003\u0004 rest'), 'a ZIP file'],
    ['a.csv', Buffer.from('query,count\nred,3\n', 'utf16le'), 'zero bytes'],
    ['a.csv', Buffer.from('\uFEFFquery,count\n', 'utf16le'), 'UTF-16'],
    ['a.txt', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04]), 'Zstandard'],
    ['a.txt', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), 'xz data'],
  ])('%s %j', async (name, text, what) => {
    const error = {
      code: 'BUILD_INPUT',
      message: expect.stringMatching(new RegExp(`^${name}: expected lines of text, found .*${what}.*; `)),
    };
    await expect(queries(name, text as string, true)).rejects.toMatchObject(error);
    await expect(documents(name, text as string)).rejects.toMatchObject(error);
    await expect(words(name, text as string)).rejects.toMatchObject(error);
  });
});

describe('a Hunspell dictionary', () => {
  it('gives its words without flags and morphology', async () => {
    const warnings: string[] = [];
    const text = '5\nabandon/LSDRG\nNew York\nand\\/or/M\nwalk/DGS po:verb\nhouse\n';
    expect(await words('en.dic', text, { warn: (message: string) => warnings.push(message) })).toEqual(
      ['abandon', 'New York', 'and/or', 'walk', 'house'].map((word) => [word, 1]),
    );
    expect(warnings).toEqual([expect.stringMatching(/^en\.dic: read as a Hunspell dictionary/)]);
    expect((await words('en.txt', text)).slice(0, 1)).toEqual([['abandon', 1]]);
  });
});

describe('cells of CSV over several lines', () => {
  const csv =
    'id,title,body\r\n1,Red,"A ""red"" one,\r\nwith laces"\r\n2,"Blue",plain 5" nail\r\n3,Green,"last\n\none"\r\n';

  it('are read as RFC 4180 has them, however the bytes arrive', async () => {
    const expected = [
      ['Red', 'A "red" one,\nwith laces'],
      ['Blue', 'plain 5" nail'],
      ['Green', 'last\n\none'],
    ];
    expect(await documents('a.csv', csv, ['title', 'body'])).toEqual(expected);
    for (const size of [1, 5, 17]) {
      const bytes = Buffer.from(csv);
      const chunks: Buffer[] = [];
      for (let i = 0; i < bytes.length; i += size) chunks.push(bytes.subarray(i, i + size));
      const input = { ...streamInput(Readable.from(chunks)), name: 'a.csv' };
      const rows: unknown[] = [];
      const options = { fields: ['title', 'body'], invalid: strict() };
      await readDocuments(input, digest(), options, (texts) => rows.push([...texts]));
      expect(rows).toEqual(expected);
    }
  });

  it('name the line on which their record begins', async () => {
    const text = 'query,count\n"red\nshoes",3\n"blue\n\nhat",x\n';
    await expect(queries('a.csv', text)).rejects.toMatchObject({
      message: expect.stringMatching(/^a\.csv:4: expected a count/),
    });
  });

  it('do not swallow the rest of a file for a quote that nobody closes', async () => {
    const lines = ['a,b', '"open,1', ...Array.from({ length: 3000 }, (_, i) => `row${i},2`)];
    await expect(documents('a.csv', lines.join('\n'))).rejects.toMatchObject({
      message: expect.stringMatching(/^a\.csv:2: expected a closing quote/),
    });
    const invalid = { ...strict(), skip: true };
    expect(await documents('a.csv', lines.join('\n'), [], invalid)).toHaveLength(3001);
    expect(invalid.count).toBe(1);
    const few = { ...strict(), skip: true };
    expect(await documents('a.csv', 'a,b\n"open,1\nc,d', [], few)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(few.count).toBe(1);
  });
});

describe('a count that cannot be used', () => {
  const COUNTS = ['0.05', '12.5', '-5', '12.0', '1,234', '1e3', '9007199254740993'];

  it.each(COUNTS)('is refused in every format, with what to do: %s', async (count) => {
    const error = (line: number) => ({
      code: 'BUILD_INPUT',
      message: expect.stringMatching(new RegExp(`:${line}: expected a count.*(--count-scale N|digits alone)`)),
    });
    await expect(words('a.txt', `blue 4\nred ${count}\n`)).rejects.toMatchObject(error(2));
    await expect(words('a.tsv', `blue\t4\nred\t${count}\n`)).rejects.toMatchObject(error(2));
    await expect(words('a.csv', `word,count\nred,"${count}"\n`)).rejects.toMatchObject(error(2));
    await expect(queries('a.tsv', `blue\t4\nred\t${count}\n`)).rejects.toMatchObject(error(2));
    await expect(queries('a.csv', `query,count\nred,"${count}"\n`)).rejects.toMatchObject(error(2));
    await expect(queries('a.jsonl', `${JSON.stringify({ query: 'red', count })}\n`)).rejects.toMatchObject(error(1));
  });

  it('is refused with a comma before it, too', async () => {
    await expect(words('a.txt', 'blue 4\nred ,7\n')).rejects.toMatchObject({ code: 'BUILD_INPUT' });
    await expect(queries('a.csv', 'query;count\nred;,7\n')).rejects.toMatchObject({ code: 'BUILD_INPUT' });
  });

  it('is used with a scale', async () => {
    for (const name of ['a.txt', 'a.tsv']) {
      const gap = name === 'a.txt' ? ' ' : '\t';
      const text = `red${gap}0.05\nblue${gap}12.5\ngreen${gap}12.0\nzero${gap}0\nten${gap}1e1\n`;
      expect(await words(name, text, { countScale: 100 })).toEqual([
        ['red', 5],
        ['blue', 1250],
        ['green', 1200],
        ['ten', 1000],
      ]);
    }
    await expect(words('a.tsv', 'red\t0.0001\n', { countScale: 100 })).rejects.toMatchObject({
      message: expect.stringMatching(/a\.tsv:1: .*raise --count-scale/),
    });
    await expect(words('a.tsv', 'red\t-5\n', { countScale: 100 })).rejects.toMatchObject({ code: 'BUILD_INPUT' });
  });
});
