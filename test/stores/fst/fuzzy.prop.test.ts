import fc from 'fast-check';
import { encodeUtf8, isUtf8 } from '../../../stores/bytes/utf8.ts';
import type { FuzzySearch } from '../../../stores/fst/fuzzy.ts';
import { makeFst } from '../../support/fst.ts';
import { entriesOf, sortedEntries } from '../../support/model.ts';

/** Optimal string alignment distance over code points, from the definition. */
function osaDistance(first: string, second: string): number {
  const a = [...first];
  const b = [...second];
  const rows = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 0; i <= a.length; i++) {
    for (let j = 0; j <= b.length; j++) {
      if (i === 0 || j === 0) {
        rows[i]![j] = i + j;
        continue;
      }
      const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      }
      rows[i]![j] = least;
    }
  }
  return rows[a.length]![b.length]!;
}

function collect(search: FuzzySearch, word: string, edits: number, prefix: number): string[] {
  const found: string[] = [];
  search.start(word, edits, prefix);
  while (search.next()) {
    const key = Buffer.from(search.key.copy()).toString('utf8');
    found.push(`${key} ${search.distance} ${search.value}`);
  }
  return found;
}

const anyWord = fc
  .array(fc.constantFrom('a', 'b', 'c', 'é', 'ж', '\u{1f600}', '\u{1f601}', '中'), { maxLength: 7 })
  .map((letters) => letters.join(''));

describe('fuzzy search', () => {
  it('finds exactly the keys within the distance, with distances and values, in byte order', () => {
    const words = fc.uniqueArray(anyWord, { maxLength: 40 });
    const queries = fc.array(anyWord, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(words, queries, fc.nat(2), fc.nat(3), (keys, asked, edits, prefix) => {
        const entries = entriesOf(keys);
        const search = makeFst(entries, 'uint').fuzzy();
        for (const word of asked) {
          const expected = entries.flatMap(({ key, value }) => {
            const text = Buffer.from(key).toString('utf8');
            const fixed = [...word].slice(0, prefix).join('');
            if (!text.startsWith(fixed)) return [];
            const distance = osaDistance(word.slice(fixed.length), text.slice(fixed.length));
            return distance <= edits ? [`${text} ${distance} ${value}`] : [];
          });
          expect(collect(search, word, edits, prefix)).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('counts a transposition of neighbours as one edit, and does not edit inside it', () => {
    const search = makeFst(entriesOf(['ca', 'abc', 'recieve', 'receive']), 'uint').fuzzy();
    expect(collect(search, 'recieve', 1, 0)).toEqual(['receive 1 3', 'recieve 0 2']);
    // By optimal string alignment "ca" and "abc" are three apart; unrestricted, they would be two.
    expect(collect(search, 'ca', 2, 0)).toEqual(['ca 0 0']);
  });

  it('searches for words of any length', () => {
    const long = 'ab'.repeat(150);
    const search = makeFst(entriesOf([long, `${long}a`, `${long.slice(0, 200)}x${long.slice(200)}`]), 'uint').fuzzy();
    expect(collect(search, long, 1, 0)).toHaveLength(3);
    expect(collect(search, `${long}zzz`, 2, 0)).toEqual([]);
  });

  it('reads few nodes where most keys are far', () => {
    const words = Array.from({ length: 5000 }, (_, i) => `w${i.toString(36).padStart(4, '0')}${i % 7}`);
    const store = makeFst(entriesOf(words), 'uint');
    const search = store.fuzzy();
    collect(search, 'zzzzzzzzz', 1, 0);
    expect(search.visitedNodes).toBeLessThan(20);
  });

  it('refuses more edits than it can count', () => {
    const search = makeFst(entriesOf(['a']), 'uint').fuzzy();
    for (const edits of [3, -1, 0.5, 1.5, Number.NaN]) expect(() => search.start('a', edits)).toThrow(RangeError);
    for (const prefix of [-1, 0.5, Number.NaN]) expect(() => search.start('a', 1, prefix)).toThrow(RangeError);
  });

  it('takes half a surrogate pair for a character that no key has', () => {
    const search = makeFst(entriesOf(['\ufffd', '\ufffda', 'a', '\u{1f600}']), 'uint').fuzzy();
    for (const half of ['\ud83d', '\ude00']) {
      expect(collect(search, half, 0, 0)).toEqual([]);
      expect(collect(search, `${half}a`, 0, 1)).toEqual([]);
      expect(collect(search, `a${half}`, 2, 2)).toEqual([]);
      expect(collect(search, `${half}a`, 1, 0)).toEqual(['a 1 2', '\ufffda 1 1']);
    }
    expect(collect(search, '\ufffda', 0, 1)).toEqual(['\ufffda 0 1']);
  });

  it('passes over keys that are no UTF-8', () => {
    const keys = [
      ...[[0x61], [0x61, 0x80], [0x61, 0xc3], [0xff], [0xc0, 0xaf], [0xc1, 0xbf], [0xf5, 0x80, 0x80, 0x80]],
      // A surrogate, overlong forms, above U+10FFFF.
      ...[
        [0xed, 0xa0, 0x80],
        [0xe0, 0x9f, 0xbf],
        [0xf0, 0x8f, 0xbf, 0xbf],
        [0xf4, 0x90, 0x80, 0x80],
      ],
      // The neighbours of those, which are characters.
      ...[
        [0xed, 0x9f, 0xbf],
        [0xe0, 0xa0, 0x80],
        [0xf0, 0x90, 0x80, 0x80],
        [0xf4, 0x8f, 0xbf, 0xbf],
      ],
    ].map((bytes) => Uint8Array.from(bytes));
    const store = makeFst(sortedEntries(keys.map((key, value) => ({ key, value }))), 'uint');
    const utf8 = keys.filter((key) => isUtf8(key)).map((key) => Buffer.from(key).toString('utf8'));
    expect(utf8).toHaveLength(5);
    const found = collect(store.fuzzy(), 'a', 2, 0).map((line) => line.split(' ')[0]);
    expect(found.toSorted()).toEqual(utf8.toSorted());
    expect(collect(store.fuzzy(), '\ud800', 0, 0)).toEqual([]);
    expect(store.find(encodeUtf8('a'), 0, 1)).toBe(0);
  });
});
