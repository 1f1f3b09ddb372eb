import fc from 'fast-check';
import { bootstrap } from '../../../services/figures/bootstrap.ts';
import { sample, seededRandom } from '../../../services/figures/random.ts';

describe('sample', () => {
  const items = Array.from({ length: 100 }, (_, i) => i);

  it('draws so many, without repetition, in their order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.nat(), (size, seed) => {
        const drawn = sample(items, size, seed);
        expect(drawn).toHaveLength(Math.min(size, 100));
        expect([...drawn].sort((a, b) => a - b)).toEqual(drawn);
        expect(new Set(drawn).size).toBe(drawn.length);
      }),
    );
  });

  it('draws the same for the same seed and others for another', () => {
    expect(sample(items, 10, 7)).toEqual(sample(items, 10, 7));
    expect(sample(items, 10, 7)).not.toEqual(sample(items, 10, 8));
  });

  it('draws every item about equally often', () => {
    const hits = new Array<number>(20).fill(0);
    for (let seed = 0; seed < 2000; seed++)
      for (const i of sample(items.slice(0, 20), 5, seed)) hits[i] = (hits[i] ?? 0) + 1;
    // 500 each expected; the standard deviation is 19.4.
    for (const count of hits) expect(Math.abs(count - 500)).toBeLessThan(100);
  });
});

describe('bootstrap', () => {
  it('comes near the known interval of a mean', () => {
    // 400 throws of a fair coin: 0.5 +- 1.96 * sqrt(0.25 / 400) = 0.5 +- 0.049.
    const rows = Array.from({ length: 400 }, (_, i) => i % 2);
    const mean = (counts: Uint16Array) => [rows.reduce((sum, value, i) => sum + value * (counts[i] ?? 0), 0) / 400];
    const [found] = bootstrap(400, [0.5], mean);
    expect(found?.value).toBe(0.5);
    expect(found?.low).toBeCloseTo(0.451, 1);
    expect(found?.high).toBeCloseTo(0.549, 1);
    expect(bootstrap(400, [0.5], mean)).toEqual([found]);
  });

  it('draws as many rows as there are', () => {
    bootstrap(7, [1], (counts) => {
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(7);
      return [1];
    });
  });

  it('has no interval for what is not defined', () => {
    expect(bootstrap(3, [null], () => [null])).toEqual([{ value: null, low: null, high: null }]);
    expect(bootstrap(0, [1], () => [1])[0]?.value).toBeNull();
  });
});

describe('seededRandom', () => {
  it('stays in [0, 1)', () => {
    const random = seededRandom(1);
    for (let i = 0; i < 1000; i++) {
      const value = random();
      expect(value >= 0 && value < 1).toBe(true);
    }
  });
});
