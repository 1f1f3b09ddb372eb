import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { readDocuments } from '../../../builders/sources/documents.ts';
import { parseFileSpec } from '../../../builders/sources/format.ts';
import { fileInput, type Input, type InputDigest, streamInput } from '../../../builders/sources/input.ts';
import { type InvalidLines, MAX_LINE_BYTES, readLines } from '../../../builders/sources/lines.ts';
import { readQueries } from '../../../builders/sources/queries.ts';
import { readWordList } from '../../../builders/sources/word-lists.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-sources-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): Input {
  writeFileSync(join(folder, name), content);
  return fileInput(join(folder, name), name);
}

const newDigest = (): InputDigest => ({ bytes: 0, sha256: '' });
const strict = (): InvalidLines => ({ skip: false, count: 0, first: '' });
const lenient = (): InvalidLines => ({ skip: true, count: 0, first: '' });

async function lines(input: Input, invalid = strict()): Promise<string[]> {
  const out: string[] = [];
  await readLines(input, newDigest(), { invalid }, (bytes, start, end, line) => {
    out.push(`${line} ${bytes.toString('utf8', start, end)}`);
  });
  return out;
}

async function documents(input: Input, fields: string[] = [], more: object = {}): Promise<string[][]> {
  const out: string[][] = [];
  await readDocuments(input, newDigest(), { fields, invalid: strict(), ...more }, (texts) => out.push([...texts]));
  return out;
}

async function queries(input: Input, invalid = strict()): Promise<unknown[]> {
  const out: unknown[] = [];
  await readQueries(input, newDigest(), { invalid }, (query, count, hits) => out.push([query, count, hits]));
  return out;
}

async function words(input: Input, more: object = {}): Promise<unknown[]> {
  const out: unknown[] = [];
  await readWordList(input, newDigest(), { invalid: strict(), ...more }, (entry, count) => out.push([entry, count]));
  return out;
}

describe('readLines', () => {
  it('takes LF and CRLF, a byte order mark, empty lines and a last line without an end', async () => {
    expect(await lines(file('a.txt', '\uFEFFone\r\n\r\ntwo\nthr\ree'))).toEqual(['1 one', '2 ', '3 two', '4 thr\ree']);
    expect(await lines(file('b.txt', 'one\n'))).toEqual(['1 one']);
    expect(await lines(file('c.txt', ''))).toEqual([]);
    expect(await lines(file('d.txt', '\uFEFF'))).toEqual(['1 ']);
  });

  it('tells gzip by its content, not by its name', async () => {
    expect(await lines(file('a.txt', gzipSync('one\ntwo')))).toEqual(['1 one', '2 two']);
    expect(await lines(file('b.gz', 'plain'))).toEqual(['1 plain']);
    const twoMembers = Buffer.concat([gzipSync('one\nt'), gzipSync('wo\n')]);
    expect(await lines(file('c.gz', twoMembers))).toEqual(['1 one', '2 two']);
  });

  it('reads on after zeros that pad gzip data, and digests them too', async () => {
    const zeros = Buffer.alloc(1_000_000);
    const large = Buffer.from('a line of text\n'.repeat(100_000));
    const members = [gzipSync('one\nt'), zeros, gzipSync('wo\n'), Buffer.alloc(3), gzipSync('three'), zeros];
    const stored = Buffer.concat(members);
    const digest = newDigest();
    const out: string[] = [];
    await readLines(file('a.gz', stored), digest, { invalid: strict() }, (bytes, start, end) => {
      out.push(bytes.toString('utf8', start, end));
    });
    expect(out).toEqual(['one', 'two', 'three']);
    expect(digest).toEqual({ bytes: stored.length, sha256: createHash('sha256').update(stored).digest('hex') });
    for (const size of [1, 7, 64, 4096]) {
      const bytes = Buffer.concat([gzipSync('one\nt'), Buffer.alloc(50), gzipSync('wo\n'), Buffer.alloc(70)]);
      const chunks: Buffer[] = [];
      for (let i = 0; i < bytes.length; i += size) chunks.push(bytes.subarray(i, i + size));
      expect(await lines(streamInput(Readable.from(chunks)))).toEqual(['1 one', '2 two']);
    }
    const padded = Buffer.concat([gzipSync(large, { level: 0 }), zeros, gzipSync(large, { level: 0 })]);
    expect(await lines(file('b.gz', padded))).toHaveLength(200_000);
  });

  it('refuses other bytes after gzip data', async () => {
    for (const garbage of ['x', '\0\0x', '\0\u001fx', '\0\u001f']) {
      const stored = Buffer.concat([gzipSync('one\n'), Buffer.from(garbage)]);
      await expect(lines(file('a.gz', stored))).rejects.toMatchObject({
        code: 'BUILD_INPUT',
        message: expect.stringMatching(/^a\.gz: .*again$/),
      });
    }
  });

  it('cuts lines alike however the bytes arrive', async () => {
    const text = 'alpha\r\nβήτα\n\n\u{1F600} end';
    const expected = ['1 alpha', '2 βήτα', '3 ', '4 \u{1F600} end'];
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      for (const size of [1, 2, 3, 7, 1000]) {
        const chunks: Buffer[] = [];
        for (let i = 0; i < bytes.length; i += size) chunks.push(bytes.subarray(i, i + size));
        expect(await lines(streamInput(Readable.from(chunks)))).toEqual(expected);
      }
    }
  });

  it('digests the bytes as they are stored and tells their number', async () => {
    const stored = gzipSync('one\ntwo\n');
    const input = file('a.txt.gz', stored);
    const digest = newDigest();
    let told = 0;
    const onBytes = (bytes: number) => {
      told += bytes;
    };
    const options = { invalid: strict(), onBytes };
    expect(await readLines(input, digest, options, () => undefined)).toBe(2);
    expect(digest).toEqual({ bytes: stored.length, sha256: createHash('sha256').update(stored).digest('hex') });
    expect(told).toBe(statSync(join(folder, 'a.txt.gz')).size);
    expect(input.size).toBe(told);
  });

  it('names file and line of invalid UTF-8, or leaves the line out and counts it', async () => {
    const bytes = Buffer.concat([Buffer.from('good\nbad '), Buffer.from([0xff]), Buffer.from('\nfine')]);
    await expect(lines(file('a.txt', bytes))).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringMatching(/^a\.txt:2: expected UTF-8/),
    });
    const invalid = lenient();
    expect(await lines(file('a.txt', bytes), invalid)).toEqual(['1 good', '3 fine']);
    expect(invalid).toEqual({ skip: true, count: 1, first: expect.stringMatching(/^a\.txt:2: /) });
  });

  it('refuses a file that has become shorter since it was named', async () => {
    const bytes = 'one\ntwo\n'.repeat(100);
    for (const [name, left] of [
      ['a.txt', bytes.slice(0, 80)],
      ['b.txt', ''],
      ['c.gz', gzipSync('one\n')],
    ] as const) {
      const input = file(name, bytes);
      writeFileSync(join(folder, name), left);
      await expect(lines(input, lenient())).rejects.toMatchObject({
        code: 'BUILD_INPUT',
        message: expect.stringMatching(/^[abc]\.(txt|gz): reading it: expected 800 bytes/),
      });
    }
    const growing = file('d.txt', 'one\n');
    writeFileSync(join(folder, 'd.txt'), 'one\ntwo\n');
    expect(await lines(growing)).toEqual(['1 one', '2 two']);
  });

  it('bounds the length of a line', async () => {
    const long = file(
      'long.txt',
      Buffer.concat([Buffer.from('a\n'), Buffer.alloc(MAX_LINE_BYTES + 1, 0x78), Buffer.from('\nb')]),
    );
    await expect(lines(long)).rejects.toMatchObject({
      message: expect.stringMatching(/^long\.txt:2: expected at most/),
    });
    expect(await lines(long, lenient())).toEqual(['1 a', '3 b']);
    const longest = await lines(file('longest.txt', Buffer.alloc(MAX_LINE_BYTES, 0x78)));
    expect(longest[0]?.length).toBe(MAX_LINE_BYTES + 2);
  });

  it('says so when a file is missing, a folder, cut short or damaged', async () => {
    const error = expect.objectContaining({ code: 'BUILD_INPUT' });
    expect(() => fileInput(join(folder, 'none.txt'))).toThrow(error);
    expect(() => fileInput(folder)).toThrow(error);
    const whole = gzipSync('x'.repeat(1000).split('').join('\n'));
    await expect(lines(file('a.gz', whole.subarray(0, whole.length - 9)))).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringContaining('a.gz'),
    });
    const damaged = Buffer.from(whole);
    damaged[12] = damaged[12]! ^ 0xff;
    await expect(lines(file('b.gz', damaged))).rejects.toMatchObject({ code: 'BUILD_INPUT' });
  });
});

describe('parseFileSpec', () => {
  it('takes fields after the last colon, and a colon in a path for what it is', () => {
    expect(parseFileSpec('docs.tsv')).toEqual({ file: 'docs.tsv', fields: [] });
    expect(parseFileSpec('docs.tsv:1,3')).toEqual({ file: 'docs.tsv', fields: ['1', '3'] });
    expect(parseFileSpec('-:title')).toEqual({ file: '-', fields: ['title'] });
    expect(parseFileSpec('C:\\docs.tsv')).toEqual({ file: 'C:\\docs.tsv', fields: [] });
    expect(() => parseFileSpec('docs.tsv:')).toThrow(expect.objectContaining({ code: 'BUILD_INPUT' }));
  });
});

describe('readDocuments', () => {
  it('reads a text file by lines, tabs and all', async () => {
    expect(await documents(file('a.txt', 'one\ttwo\n\nthree'))).toEqual([['one\ttwo'], ['three']]);
    await expect(documents(file('a.txt', 'x'), ['1'])).rejects.toMatchObject({ code: 'BUILD_INPUT' });
  });

  it('reads the fields of a TSV file by number, or by name from its header', async () => {
    const text = 'id\ttitle\tbody\n1\tRed\tA red one\n2\tBlue\t\n';
    expect(await documents(file('a.tsv', text), ['2', '3'])).toEqual([
      ['title', 'body'],
      ['Red', 'A red one'],
      ['Blue'],
    ]);
    expect(await documents(file('a.tsv', text), ['body', 'title'])).toEqual([['A red one', 'Red'], ['Blue']]);
    expect(await documents(file('a.tsv', text), ['2'], { header: true })).toEqual([['Red'], ['Blue']]);
    expect((await documents(file('a.tsv', text)))[1]).toEqual(['1', 'Red', 'A red one']);
  });

  it('says which field is missing', async () => {
    await expect(documents(file('a.tsv', 'a\tb\n'), ['c'])).rejects.toMatchObject({
      message: expect.stringMatching(/^a\.tsv:1: expected a header line with the field "c", found: a, b/),
    });
    await expect(documents(file('a.tsv', 'a\tb\nc\n'), ['2'])).rejects.toMatchObject({
      message: expect.stringMatching(/^a\.tsv:2: expected 2 fields or more, found 1/),
    });
  });

  it('reads properties of JSONL, nested by dots, through arrays', async () => {
    const text =
      '{"title": "Red", "tags": ["a", "b"], "price": 3, "made": {"by": "Acme"}, "sizes": [{"name": "S"}, {"name": "M"}]}\n' +
      '{"title": null, "made.by": "Dotted"}\n';
    const input = () => file('a.jsonl', text);
    expect(await documents(input(), ['title', 'made.by', 'sizes.name'])).toEqual([
      ['Red', 'Acme', 'S', 'M'],
      ['Dotted'],
    ]);
    expect(await documents(input(), ['price'])).toEqual([['3'], []]);
    expect(await documents(input())).toEqual([['Red', 'a', 'b'], ['Dotted']]);
  });

  it('refuses properties that no record has as texts, and takes those that one has', async () => {
    const text = '{"title": "Red", "made": {"by": "Acme"}, "new": true, "tags": []}\n{"title": null, "sku": "A-1"}\n';
    for (const field of ['titel', 'made', 'made.in', 'new']) {
      await expect(documents(file('a.jsonl', text), ['title', field])).rejects.toMatchObject({
        code: 'BUILD_INPUT',
        message: expect.stringMatching(new RegExp(`^a\\.jsonl:1: .*"${field}".*title, made, new, tags`)),
      });
    }
    expect(await documents(file('a.jsonl', text), ['sku', 'tags', 'made.by'])).toEqual([['Acme'], ['A-1']]);
    expect(await documents(file('a.jsonl', '{"title": null}\n'), ['title'])).toEqual([[]]);
  });

  it('names the line of broken JSON, or leaves it out', async () => {
    const text = '{"a": "x"}\n{"a": \n[1]\n"text"\n{"a": "y"}\n';
    await expect(documents(file('a.jsonl', text))).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringMatching(/^a\.jsonl:2: expected a JSON object/),
    });
    const invalid = lenient();
    expect(await documents(file('a.jsonl', text), [], { invalid })).toEqual([['x'], ['y']]);
    expect(invalid.count).toBe(3);
  });

  it('reads CSV with quotes', async () => {
    expect(await documents(file('a.csv', 'x,"a, ""b"" c",z\n'), ['2', '3'])).toEqual([['a, "b" c', 'z']]);
    await expect(documents(file('a.csv', '"x\n'))).rejects.toMatchObject({ code: 'BUILD_INPUT' });
  });

  it('tells the format of standard input by its first line', async () => {
    const stdin = (text: string) => streamInput(Readable.from([Buffer.from(text)]));
    expect(await documents(stdin('{"a": "x"}\n'), ['a'])).toEqual([['x']]);
    expect(await documents(stdin('a\tb\n'), ['2'])).toEqual([['b']]);
    expect(await documents(stdin('a b\n'))).toEqual([['a b']]);
  });
});

describe('readQueries', () => {
  it('reads TSV with a header in any order of columns', async () => {
    const text = 'count\tQuery\thits\tother\n3\tred shoes\t0\tx\n\tblue\t\ty\n';
    expect(await queries(file('a.tsv', text))).toEqual([
      ['red shoes', 3, 0],
      ['blue', 1, -1],
    ]);
    expect(await queries(file('a.tsv', 'query\nred\n'))).toEqual([['red', 1, -1]]);
  });

  it('reads TSV without a header: the query, and its count where there is one', async () => {
    expect(await queries(file('a.tsv', 'red\t3\nquery\t2\nblue\n'))).toEqual([
      ['red', 3, -1],
      ['query', 2, -1],
      ['blue', 1, -1],
    ]);
    await expect(queries(file('a.tsv', 'red\tmany\n'))).rejects.toMatchObject({
      message: expect.stringMatching(/^a\.tsv:1: expected a count.*found "many"/),
    });
    await expect(queries(file('a.tsv', 'red\t-1\n'))).rejects.toMatchObject({ code: 'BUILD_INPUT' });
    await expect(queries(file('a.tsv', 'red\t9007199254740993\n'))).rejects.toMatchObject({ code: 'BUILD_INPUT' });
  });

  it('reads who asked when, where the log tells', async () => {
    const visits = async (input: Input) => {
      const out: unknown[] = [];
      const invalid = { skip: false, count: 0, first: '' };
      await readQueries(input, newDigest(), { invalid }, (_query, _count, _hits, visit) => out.push({ ...visit }));
      return out;
    };
    const header = 'time\tsession\tclicks\tquery\n';
    const rows = '1700000000\ts1\t2\tred\n1700000000500\t\t\tblue\n2023-11-14T22:13:20Z\ts2\t0\tgreen\n\ts3\t1\tx\n';
    expect(await visits(file('a.tsv', header + rows))).toEqual([
      { session: 's1', timeMs: 1_700_000_000_000, clicks: 2 },
      { session: '', timeMs: 1_700_000_000_500, clicks: -1 },
      { session: 's2', timeMs: 1_700_000_000_000, clicks: 0 },
      { session: 's3', timeMs: Number.NaN, clicks: 1 },
    ]);
    const json = '{"query": "red", "session": 7, "time": 1700000000, "clicks": 1}\n{"query": "blue"}\n';
    expect(await visits(file('a.jsonl', json))).toEqual([
      { session: '7', timeMs: 1_700_000_000_000, clicks: 1 },
      { session: '', timeMs: Number.NaN, clicks: -1 },
    ]);
  });

  it('reads JSONL and text', async () => {
    const text = '{"query": "red", "count": 3, "hits": 7}\n{"query": "blue"}\n';
    expect(await queries(file('a.jsonl', text))).toEqual([
      ['red', 3, 7],
      ['blue', 1, -1],
    ]);
    expect(await queries(file('a.txt', 'red shoes\nquery\n'))).toEqual([
      ['red shoes', 1, -1],
      ['query', 1, -1],
    ]);
    for (const line of [
      '{"phrase": "red"}',
      '{"query": 3}',
      '{"query": "red", "count": "x"}',
      '{"query": "red", "count": 1.5}',
    ]) {
      await expect(queries(file('b.jsonl', line))).rejects.toMatchObject({ code: 'BUILD_INPUT' });
    }
  });
});

describe('readWordList', () => {
  it('reads words with and without counts, by tab or space', async () => {
    const text = '# a comment\nred\t3\nblue 4\nnew york\t5\nnew york city 6\ngreen\nc#\n#1\nzero 0\n';
    expect(await words(file('a.txt', text))).toEqual([
      ['red', 3],
      ['blue', 4],
      ['new york', 5],
      ['new york city', 6],
      ['green', 1],
      ['c#', 1],
      ['#1', 1],
    ]);
    expect(await words(file('a.txt', 'red\n'), { defaultCount: 20 })).toEqual([['red', 20]]);
  });

  it('reads CSV with a header, and chosen columns of TSV', async () => {
    expect(await words(file('a.csv.gz', gzipSync('ngram,freq\none of the,66\n"a, b",2\n')))).toEqual([
      ['one of the', 66],
      ['a, b', 2],
    ]);
    expect(await words(file('a.tsv', 'York\tGB\tENG\t153717\n'), { columns: [1, 4] })).toEqual([['York', 153717]]);
    expect(await words(file('a.tsv', 'York\tGB\n'), { columns: [1, 0] })).toEqual([['York', 1]]);
    await expect(words(file('a.tsv', 'York\tGB\n'))).rejects.toMatchObject({ code: 'BUILD_INPUT' });
  });

  it('does not take packed n-grams for lines of text, whatever their name and version', async () => {
    for (const version of [1, 2]) {
      const text = `# packed n-grams ${version}\nthe of to\n0 3:0\n`;
      await expect(words(file('a.txt', text), { invalid: lenient() })).rejects.toMatchObject({
        code: 'BUILD_INPUT',
        message: expect.stringMatching(/^a\.txt:1: .*packed n-grams.*\.ngrams/),
      });
    }
  });

  it('turns centibels into counts of a thousand million words', async () => {
    expect(await words(file('a.tsv', 'the\t127\nrare\t800\n'), { unit: 'centibel' })).toEqual([
      ['the', Math.round(1e9 * 10 ** -1.27)],
      ['rare', 10],
    ]);
  });
});
