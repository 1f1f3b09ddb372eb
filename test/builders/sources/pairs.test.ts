import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileInput } from '../../../builders/sources/input.ts';
import { readPairs } from '../../../builders/sources/pairs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-pairs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function pairs(name: string, content: string | Uint8Array): Promise<unknown[]> {
  writeFileSync(join(folder, name), content);
  const out: unknown[] = [];
  const options = { invalid: { skip: false, count: 0, first: '' } };
  const count = await readPairs(fileInput(join(folder, name), name), { bytes: 0, sha256: '' }, options, (...pair) =>
    out.push(pair),
  );
  expect(count).toBe(out.length);
  return out;
}

describe('readPairs', () => {
  const shoes = ['shose', ['shoes', 'shows'], 1];

  it('takes TSV, with a header, comments and counts or without, also gzipped', async () => {
    const text = '# of last year\nshose\tshoes|shows\n\nadidsa shoe\tadidas shoe\t12\n';
    expect(await pairs('a.tsv', text)).toEqual([shoes, ['adidsa shoe', ['adidas shoe'], 12]]);
    expect(await pairs('b.txt', 'shose\tshoes|shows\r\n')).toEqual([shoes]);
    expect(await pairs('c.tsv.gz', gzipSync('wrong\tright\tcount\nshose\tshoes|shows\t\n'))).toEqual([shoes]);
  });

  it('takes CSV and JSONL', async () => {
    expect(await pairs('a.csv', 'wrong,right\nshose,shoes|shows\n"a, b",a b,3\n')).toEqual([
      shoes,
      ['a, b', ['a b'], 3],
    ]);
    expect(await pairs('b.jsonl', '{"wrong":"shose","right":["shoes","shows"]}\n')).toEqual([shoes]);
    expect(await pairs('b.dat', '{"wrong":"shose","right":"shoes|shows","count":1}\n')).toEqual([shoes]);
  });

  it('leaves out what never happened', async () => {
    expect(await pairs('a.tsv', 'shose\tshoes\t0\n')).toEqual([]);
  });

  it.each([
    ['no correction', 'a.tsv', 'shose\n'],
    ['an empty correction', 'b.tsv', 'shose\t|\n'],
    ['a count that is none', 'c.tsv', 'shose\tshoes\tmany\n'],
    ['no text', 'd.jsonl', '{"wrong":"shose","right":3}\n'],
  ])('refuses a line with %s, naming it', async (_, name, text) => {
    await expect(pairs(name, text)).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringContaining(':1:'),
    });
  });
});
