import { buildFilter } from '../../../builders/filters/build-filter.ts';
import { HashList } from '../../../builders/filters/hash-list.ts';
import { type Filter, type FilterKind, openFilter } from '../../../stores/filters/filter.ts';

/** Key i of a family: six bytes like those of bigrams, or a word. */
const FAMILIES: Readonly<Record<string, (i: number) => Uint8Array>> = {
  bigrams: (i) => {
    const first = Math.floor(i / 37);
    return Uint8Array.of(first >> 16, first >> 8, first, 0, (i * 7) >> 8, i * 7);
  },
  words: (i) => Buffer.from(`w${i.toString(36)}`),
};

const KINDS: readonly FilterKind[] = ['split-block'];

function filterOf(kind: FilterKind, keyOf: (i: number) => Uint8Array, count: number, rate: number): Filter {
  const hashes = new HashList();
  for (let i = 0; i < count; i++) hashes.add(keyOf(2 * i), 0, keyOf(2 * i).length);
  const filter = openFilter(kind, buildFilter(kind, hashes, rate));
  if (filter === undefined) throw new Error('not opened');
  return filter;
}

describe.each(KINDS)('a %s filter', (kind) => {
  for (const family of Object.keys(FAMILIES)) {
    const keyOf = FAMILIES[family]!;

    it(`knows every key it was given (${family})`, () => {
      for (const count of [0, 1, 2, 10, 100, 1_000, 30_000]) {
        const filter = filterOf(kind, keyOf, count, 0.01);
        let unknown = 0;
        for (let i = 0; i < count; i++) {
          const key = keyOf(2 * i);
          if (!filter.mayContain(key, 0, key.length)) unknown++;
        }
        expect(unknown).toBe(0);
      }
    });

    it(`lets through no more other keys than promised (${family})`, () => {
      for (const rate of [0.1, 0.01, 0.002]) {
        for (const count of [100, 1_000, 20_000]) {
          const filter = filterOf(kind, keyOf, count, rate);
          const probes = 50_000;
          let passed = 0;
          for (let i = 0; i < probes; i++) {
            const key = keyOf(2 * i + 1);
            if (filter.mayContain(key, 0, key.length)) passed++;
          }
          // Four standard deviations over the promise; small filters vary more, for their blocks are few.
          const slack = 4 * Math.sqrt((rate * (1 - rate)) / probes) + rate * (2 / Math.sqrt(count));
          expect(passed / probes).toBeLessThan(rate + slack);
        }
      }
    });
  }
});

describe('no filter', () => {
  it('lets everything through and refuses stored bytes', () => {
    expect(openFilter('none', new Uint8Array(0))?.mayContain(new Uint8Array(0), 0, 0)).toBe(true);
    expect(openFilter('none', new Uint8Array(32))).toBeUndefined();
  });
});
