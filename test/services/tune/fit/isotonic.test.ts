import fc from 'fast-check';
import { calibrated } from '../../../../services/rewrite/decide/calibration.ts';
import { fitMap, type Point, poolAdjacentViolators } from '../../../../services/tune/fit/isotonic.ts';

const at = (x: number, y: number, weight = 1): Point => ({ x, y, weight });

describe('poolAdjacentViolators', () => {
  it('leaves rising points alone', () => {
    expect(poolAdjacentViolators([at(1, 0), at(2, 0.5), at(3, 1)])).toEqual([at(1, 0), at(2, 0.5), at(3, 1)]);
  });

  it('puts together what falls, by weighted means', () => {
    // 1 (weight 1) above 0 (weight 3): 0.25 at x = (1 + 3 * 2) / 4. The third then rises again.
    expect(poolAdjacentViolators([at(1, 1), at(2, 0, 3), at(3, 0.5)])).toEqual([at(1.75, 0.25, 4), at(3, 0.5)]);
  });

  it('goes back as far as it must', () => {
    expect(poolAdjacentViolators([at(1, 0.5), at(2, 0.75), at(3, 0.25)])).toEqual([at(2, 0.5, 3)]);
  });

  it('rises strictly, keeps weight and mean, and is no worse than any constant', () => {
    const points = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 1 }), fc.integer({ min: 1, max: 9 })), {
        minLength: 1,
      })
      .map((list) => list.sort((a, b) => a[0] - b[0]).map(([x, y, weight]) => at(x, y, weight)));
    fc.assert(
      fc.property(points, (list) => {
        const blocks = poolAdjacentViolators(list);
        for (let i = 1; i < blocks.length; i++) expect(blocks[i]?.y).toBeGreaterThan(blocks[i - 1]?.y ?? 2);
        const sum = (some: readonly Point[], of: (point: Point) => number) =>
          some.reduce((total, point) => total + of(point), 0);
        expect(sum(blocks, ({ weight }) => weight)).toBe(sum(list, ({ weight }) => weight));
        expect(sum(blocks, ({ y, weight }) => y * weight)).toBeCloseTo(
          sum(list, ({ y, weight }) => y * weight),
          9,
        );
      }),
    );
  });
});

describe('fitMap', () => {
  it('has nothing to say of a handful of points', () => {
    expect(fitMap([at(0.1, 0), at(0.9, 1)])).toBeNull();
  });

  it('finds that what was said to be 0.9 came true half the time', () => {
    const points = Array.from({ length: 4000 }, (_, i) =>
      at(i % 2 === 0 ? 0.9 : 0.2, i % 4 === 0 || i % 20 === 1 ? 1 : 0),
    );
    const map = fitMap(points);
    expect(map === null ? 0 : calibrated(map, 0.9)).toBeCloseTo(0.5, 2);
    expect(map === null ? 0 : calibrated(map, 0.2)).toBeCloseTo(0.1, 2);
  });

  it('rises, has knots that a model file takes, and claims no certainty', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { minLength: 80, maxLength: 400 }),
        (list) => {
          const map = fitMap(list.map(([x, isRight]) => at(x, isRight ? 1 : 0)));
          if (map === null) throw new Error('no map');
          expect(map.x.length).toBe(map.y.length);
          for (let i = 1; i < map.x.length; i++) {
            expect(map.x[i]).toBeGreaterThan(map.x[i - 1] ?? 0);
            expect(map.y[i]).toBeGreaterThanOrEqual(map.y[i - 1] ?? 0);
          }
        },
      ),
    );
    const sure = fitMap(Array.from({ length: 200 }, (_, i) => at(0.5 + i / 1000, 1)));
    expect(sure === null ? 1 : calibrated(sure, 0.6)).toBeLessThan(0.999);
  });
});
