import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { titleSetOf } from '../../../builders/assemble/titles.ts';
import {
  decodeTitles,
  encodeTitles,
  MOST_TITLE_BYTES,
  putTitleTerm,
  TITLES_HEADER_BYTES,
  titleTermHash,
} from '../../../stores/titles/format.ts';
import { openTitles, Titles } from '../../../stores/titles/titles.ts';
import { codeOf } from '../../support/error-code.ts';

const GOLDEN = join(import.meta.dirname, '../../golden/titles-v1.bin');
const BUNDLED = [
  ['paula', 'deen'],
  ['peace', 'corps'],
  ['how', 'green', 'was', 'my'],
];
const OWN = [['ninja', 'foodi']];
const BYTES = encodeTitles([titleSetOf(BUNDLED), titleSetOf(OWN)]);

function has(titles: Titles, row: readonly string[]): boolean {
  const key = new Uint8Array(MOST_TITLE_BYTES);
  let end = 0;
  for (const term of row) end = putTitleTerm(titleTermHash(term), key, end);
  return titles.has(key, 0, end);
}

describe('the file of titles', () => {
  it('is the same bytes as ever', () => {
    expect(Buffer.from(BYTES)).toEqual(readFileSync(GOLDEN));
  });

  it('has what was put in, of every origin, in the order of its words', () => {
    const titles = openTitles(GOLDEN);
    expect(titles.count).toBe(4);
    expect([...BUNDLED, ...OWN].map((row) => has(titles, row))).toEqual([true, true, true, true]);
    expect([['deen', 'paula'], ['peace'], ['peace', 'corp']].map((row) => has(titles, row))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('is the same whatever the order of the titles, and holds none twice', () => {
    const again = titleSetOf([...BUNDLED].reverse().concat(BUNDLED));
    expect(again).toEqual(titleSetOf(BUNDLED));
    expect(again.titleCount).toBe(3);
  });

  it('misses no title, and takes few other rows for one', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
    const row = fc.array(word, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 50 }), (rows) => {
        const titles = new Titles(encodeTitles([titleSetOf(rows)]), 'test');
        expect(rows.every((one) => has(titles, one))).toBe(true);
      }),
    );
    const titles = new Titles(
      encodeTitles([titleSetOf(Array.from({ length: 2000 }, (_, i) => ['title', `${i}`]))]),
      'test',
    );
    const mistaken = Array.from({ length: 20_000 }, (_, i) => has(titles, ['other', `${i}`])).filter(Boolean).length;
    // One in 256 is 78; four standard deviations are 35.
    expect(mistaken).toBeLessThan(113);
  });

  it('may hold no title at all', () => {
    for (const bytes of [encodeTitles([]), encodeTitles([titleSetOf([])])]) {
      const titles = new Titles(bytes, 'test');
      expect([titles.count, has(titles, ['paula', 'deen'])]).toEqual([0, false]);
    }
  });

  it('is refused at every changed byte', () => {
    for (let at = 0; at < BYTES.length; at++) {
      const damaged = BYTES.slice();
      damaged[at]! ^= 0x41;
      const expected = at < 8 ? 'STORE_FOREIGN' : at < 12 ? 'STORE_VERSION' : 'STORE_CORRUPT';
      expect([at, codeOf(() => new Titles(damaged, 'test'))]).toEqual([at, expected]);
    }
  });

  it('is refused at every length but its own', () => {
    for (let length = 0; length < BYTES.length; length++) {
      expect([length, codeOf(() => new Titles(BYTES.subarray(0, length), 'test'))]).toEqual([length, 'STORE_CORRUPT']);
    }
    const longer = new Uint8Array(BYTES.length + 4);
    longer.set(BYTES);
    expect(codeOf(() => new Titles(longer, 'test'))).toBe('STORE_CORRUPT');
    expect(decodeTitles(BYTES, 'test')).toHaveLength(2);
    expect(BYTES.length).toBeGreaterThan(TITLES_HEADER_BYTES);
  });

  it('that is not there is not found', () => {
    expect(codeOf(() => openTitles('/nonexistent/titles.bin'))).toBe('STORE_NOT_FOUND');
  });
});
