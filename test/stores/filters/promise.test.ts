import bloomFilters from 'bloom-filters';
import { bloomShape } from '../../../builders/filters/bloom-builder.ts';
import { buildFilter, chooseFilter, hashListFor } from '../../../builders/filters/build-filter.ts';
import { BloomFilter } from '../../../stores/filters/bloom.ts';
import type { Filter, FilterKind } from '../../../stores/filters/filter.ts';
import { openFilter } from '../../../stores/filters/open.ts';

/** Key i of a family: six bytes like those of bigrams, or a word. */
const FAMILIES: Readonly<Record<string, (i: number) => Uint8Array>> = {
  bigrams: (i) => {
    const first = Math.floor(i / 37);
    return Uint8Array.of(first >> 16, first >> 8, first, 0, (i * 7) >> 8, i * 7);
  },
  words: (i) => Buffer.from(`w${i.toString(36)}`),
};

const KINDS: readonly FilterKind[] = ['split-block', 'fuse8', 'fuse16', 'bloom'];

/** Fuse filters have one rate. */
const OWN_RATE: Partial<Record<FilterKind, number>> = { fuse8: 1 / 256, fuse16: 1 / 65536 };

async function filterOf(
  kind: FilterKind,
  keyOf: (i: number) => Uint8Array,
  count: number,
  rate: number,
): Promise<Filter> {
  const hashes = hashListFor(kind);
  for (let i = 0; i < count; i++) hashes.add(keyOf(2 * i), 0, keyOf(2 * i).length);
  const filter = openFilter(kind, buildFilter(kind, hashes, rate));
  if (filter === undefined) throw new Error('not opened');
  if (filter instanceof BloomFilter) await filter.ready;
  return filter;
}

describe.each(KINDS)('a %s filter', (kind) => {
  for (const family of Object.keys(FAMILIES)) {
    const keyOf = FAMILIES[family]!;

    it(`knows every key it was given (${family})`, async () => {
      for (const count of [0, 1, 2, 10, 100, 1_000, 10_000]) {
        const filter = await filterOf(kind, keyOf, count, 0.01);
        let unknown = 0;
        for (let i = 0; i < count; i++) {
          const key = keyOf(2 * i);
          if (!filter.mayContain(key, 0, key.length)) unknown++;
        }
        expect(unknown).toBe(0);
      }
    });

    it(`lets through no more other keys than promised (${family})`, async () => {
      const own = OWN_RATE[kind];
      for (const rate of own === undefined ? [0.1, 0.01, 0.002] : [own]) {
        for (const count of [100, 3_000]) {
          const filter = await filterOf(kind, keyOf, count, rate);
          const probes = 10_000;
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

describe('a bloom filter', () => {
  it("is the package's own, bit for bit", async () => {
    const keyOf = FAMILIES['words']!;
    const filter = await filterOf('bloom', keyOf, 500, 0.01);
    if (!(filter instanceof BloomFilter)) throw new Error('another kind');
    const { bitCount, hashCount, seed, bits } = filter;
    const theirs = new bloomFilters.BloomFilter(bitCount, hashCount);
    theirs.seed = seed;
    theirs._filter.array = bits;
    for (let i = 0; i < 2000; i++) {
      const key = keyOf(i);
      expect(filter.mayContain(key, 0, key.length)).toBe(theirs.has(Buffer.from(key)));
    }
    const made = new bloomFilters.BloomFilter(bitCount, hashCount);
    made.seed = seed;
    for (let i = 0; i < 500; i++) made.add(Buffer.from(keyOf(2 * i)));
    expect(made.equals(theirs)).toBe(true);
    const created = bloomFilters.BloomFilter.create(500, 0.01);
    expect(bloomShape(500, 0.01)).toEqual({ bitCount: created.size, hashCount: created._nbHashes });
  });

  it('lets everything through until its hash is compiled', async () => {
    const fresh = openFilter(
      'bloom',
      Buffer.concat([Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0), Buffer.alloc(1)]),
    );
    expect(fresh?.mayContain(Buffer.from('x'), 0, 1)).toBe(true);
    await (fresh as BloomFilter).ready;
    expect(fresh?.mayContain(Buffer.from('x'), 0, 1)).toBe(false);
  });
});

describe('the choice of a filter', () => {
  it('is the one with the fewest bits that keeps the rate', () => {
    expect(chooseFilter('auto', 0.1)).toBe('split-block');
    expect(chooseFilter('auto', 0.01)).toBe('fuse8');
    expect(chooseFilter('auto', 0.004)).toBe('fuse8');
    expect(chooseFilter('auto', 0.002)).toBe('split-block');
    expect(chooseFilter('auto', 0.0001)).toBe('fuse16');
    expect(chooseFilter('none', 0.0001)).toBe('none');
  });
});
