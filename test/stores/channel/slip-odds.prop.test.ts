import fc from 'fast-check';
import { type Slip, slipOdds } from '../../../stores/channel/slip-odds.ts';

describe('log-odds of a slip', () => {
  const slip = fc.record<Slip>({
    gain: fc.double({ min: -20, max: 20, noNaN: true }),
    groupCost: fc.double({ min: 0, max: 40, noNaN: true }),
    isFar: fc.boolean(),
    length: fc.integer({ min: 1, max: 40 }),
    isName: fc.boolean(),
    meantCost: fc.double({ min: 0, max: 25, noNaN: true }),
  });
  const more = fc.double({ min: 0, max: 10, noNaN: true });

  it('rise with the gain and the length, fall with the cost of the slip and of the word meant, and for names', () => {
    fc.assert(
      fc.property(slip, more, (one, by) => {
        const odds = slipOdds(one);
        expect(Number.isFinite(odds)).toBe(true);
        expect(slipOdds({ ...one, gain: one.gain + by })).toBeGreaterThanOrEqual(odds);
        expect(slipOdds({ ...one, length: one.length + 1 })).toBeGreaterThanOrEqual(odds);
        expect(slipOdds({ ...one, groupCost: one.groupCost + by })).toBeLessThanOrEqual(odds);
        expect(slipOdds({ ...one, meantCost: one.meantCost + by })).toBeLessThanOrEqual(odds);
        expect(slipOdds({ ...one, isName: true })).toBeLessThan(slipOdds({ ...one, isName: false }));
      }),
    );
  });
});
