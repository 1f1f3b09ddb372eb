import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileInput } from '../../../builders/sources/input.ts';
import { readVectors } from '../../../builders/sources/vectors.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-vectors-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(name: string, content: string | Uint8Array, invalid = { skip: false, count: 0, first: '' }) {
  writeFileSync(join(folder, name), content);
  const input = fileInput(join(folder, name), name);
  const { dimensions, rows, values } = await readVectors(input, { bytes: 0, sha256: '' }, { invalid });
  const vectors = [...rows].map(([word, row]) => [word, ...values.subarray(row * dimensions, (row + 1) * dimensions)]);
  return { dimensions, vectors };
}

describe('readVectors', () => {
  const two = {
    dimensions: 2,
    vectors: [
      ['lamp', 1, -0.5],
      ['shade', 0, 2],
    ],
  };

  it('takes a word and its numbers a line, with a first line of sizes or without, also gzipped', async () => {
    expect(await read('a.txt', 'lamp 1 -0.5\nshade 0 2e0\n')).toEqual(two);
    expect(await read('b.txt', '2 2\nlamp 1 -0.5\n\nshade\t0\t2\r\n')).toEqual(two);
    expect(await read('c.txt.gz', gzipSync('lamp 1 -0.5\nshade 0 2'))).toEqual(two);
  });

  it('takes whole numbers of any length, and words that are not ASCII', async () => {
    const { vectors } = await read('a.txt', 'a 1 -2\nb -3 1234567\nc 0 123456789\n\u00a0é 4 5\nf 6 -7 \n');
    expect(vectors).toEqual([
      ['a', 1, -2],
      ['b', -3, 1234567],
      ['c', 0, Math.fround(123456789)],
      ['é', 4, 5],
      ['f', 6, -7],
    ]);
  });

  it('folds words as terms are, and keeps the first of each', async () => {
    expect(await read('a.txt', 'Lamp 1 -0.5\nSHADE 0 2\nlamp 3 3\n')).toEqual(two);
  });

  it.each([
    ['lamp 1 2\nshade 1\n', 'a.txt:2: expected a word and 2 numbers, found 1'],
    ['lamp 1 2\nshade 1 x\n', 'a.txt:2: expected numbers after shade'],
    ['lamp 1 2\nshade 1 NaN\n', 'a.txt:2: expected numbers after shade'],
    ['lamp\n', 'expected a word and 1 to 256 numbers, found 0'],
    ['', 'expected vectors of words, found none'],
    ['10 2\n', 'expected vectors of words, found none'],
  ])('refuses %j', async (text, message) => {
    await expect(read('a.txt', text)).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringContaining(message),
    });
  });

  it('leaves such lines out where that is asked for', async () => {
    const invalid = { skip: true, count: 0, first: '' };
    expect(await read('a.txt', 'lamp 1 -0.5\nsofa 1\nshade 0 2\n', invalid)).toEqual(two);
    expect(invalid.count).toBe(1);
  });
});
