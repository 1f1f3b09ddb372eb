import fc from 'fast-check';
import { BUCKETS, bucketOf, fitMultipliers, type Observation } from '../../../builders/assemble/mixture.ts';

const SOURCES = 2;
const neutral = new Float64Array(SOURCES * BUCKETS).fill(1);

/** What one source and another say, of contexts that they counted 100 times. */
function observation(count: number, first: number, second: number, lower = 0.01): Observation {
  return {
    count,
    lower,
    buckets: Int32Array.of(bucketOf(0, 100), second < 0 ? -1 : bucketOf(1, 100)),
    strengths: Float64Array.of(5, 5),
    said: Float64Array.of(first, Math.max(0, second)),
  };
}

function logLikelihood(observations: readonly Observation[], multipliers: Float64Array): number {
  let sum = 0;
  for (const { count, lower, buckets, strengths, said } of observations) {
    let [top, bottom] = [lower, 1];
    buckets.forEach((bucket, s) => {
      if (bucket < 0) return;
      const weight = (multipliers[bucket] ?? 0) * (strengths[s] ?? 0);
      top += weight * (said[s] ?? 0);
      bottom += weight;
    });
    sum += count * Math.log(top / bottom);
  }
  return sum;
}

describe('fitMultipliers', () => {
  it('believes the source that was right, and leaves buckets alone that were not met', () => {
    const fitted = fitMultipliers([observation(5000, 0.3, 0.001)], neutral);
    expect(fitted[bucketOf(0, 100)]).toBeGreaterThan(2);
    expect(fitted[bucketOf(1, 100)]).toBeLessThan(0.1);
    expect(fitted[bucketOf(0, 1e6)]).toBe(1);
    expect(fitMultipliers([], neutral)).toEqual(neutral);
  });

  it('holds to what it began with until there is much to say otherwise', () => {
    const of = (count: number) => fitMultipliers([observation(count, 0.3, -1)], neutral)[bucketOf(0, 100)] ?? 0;
    expect(of(1)).toBeLessThan(1.1);
    expect(of(10)).toBeLessThan(of(100));
    expect(of(100)).toBeLessThan(of(10_000));
  });

  it('makes what was observed likelier', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const one = fc
      .tuple(fc.integer({ min: 200, max: 2000 }), share, fc.oneof(fc.constant(-1), share))
      .map(([count, first, second]) => observation(count, first, second));
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 20 }), (observations) => {
        const fitted = fitMultipliers(observations, neutral);
        expect(fitted.every((multiplier) => multiplier > 0 && Number.isFinite(multiplier))).toBe(true);
        // The prior's pull is worth some nats for each multiplier, never more.
        expect(logLikelihood(observations, fitted)).toBeGreaterThanOrEqual(logLikelihood(observations, neutral) - 1e-6);
      }),
    );
  });
});

describe('bucketOf', () => {
  it('keeps sources apart and grows with the count', () => {
    expect([bucketOf(0, 0.5), bucketOf(0, 1), bucketOf(0, 4), bucketOf(0, 1e300)]).toEqual([0, 0, 1, BUCKETS - 1]);
    expect(bucketOf(1, 1)).toBe(BUCKETS);
  });
});
