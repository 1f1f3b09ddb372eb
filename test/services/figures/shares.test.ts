import fc from 'fast-check';
import { netGain, shareOf } from '../../../services/figures/shares.ts';

describe('shareOf', () => {
  // Wilson without continuity correction; 15 of 20 as in Newcombe 1998 style tables: 0.531, 0.888.
  it.each([
    [15, 20, 0.75, 0.5313, 0.8881],
    [0, 10, 0, 0, 0.2775],
    [10, 10, 1, 0.7225, 1],
    [81, 263, 0.308, 0.2553, 0.3662],
  ])('%i of %i is %d within %d and %d', (hits, of, share, low, high) => {
    const found = shareOf(hits, of);
    expect(found.share).toBeCloseTo(share, 4);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });

  it('has no share of nothing', () => {
    expect(shareOf(0, 0)).toEqual({ hits: 0, of: 0, share: null, low: null, high: null });
  });

  it('keeps the share inside its interval and the interval inside 0..1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, part) => {
        const { share, low, high } = shareOf(Math.round(part * of), of);
        expect(0 <= (low ?? -1) && (low ?? 2) <= (share ?? -1)).toBe(true);
        expect((share ?? 2) <= (high ?? -1) && (high ?? 2) <= 1).toBe(true);
      }),
    );
  });
});

describe('netGain', () => {
  it('weighs fixed against broken at the rate of misspelled queries', () => {
    // 0.1 * 0.5 - 0.9 * 0.07 = -0.013: half fixed and 7 % broken is worse than nothing.
    expect(netGain(0.1, shareOf(50, 100), shareOf(7, 100)).value).toBeCloseTo(-0.013, 12);
  });

  it('is not defined without both kinds of input', () => {
    expect(netGain(0.1, shareOf(5, 10), shareOf(0, 0)).value).toBeNull();
  });

  it('lies inside its interval', () => {
    const { value, low, high } = netGain(0.06, shareOf(580, 1000), shareOf(22, 1000));
    expect(low).toBeLessThan(value ?? 0);
    expect(high).toBeGreaterThan(value ?? 0);
  });
});
