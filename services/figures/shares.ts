/** Shares of counts and how far they can be trusted. */

/** Some of all: `share` is `hits / of` with its 95 % interval; all three are null when there is nothing to divide by. */
export interface Share {
  readonly hits: number;
  readonly of: number;
  readonly share: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** A figure that is no share, with its 95 % interval; null where it is not defined. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export const NO_ESTIMATE: Estimate = Object.freeze({ value: null, low: null, high: null });

/** The 97.5th percentile of the normal distribution: two-sided 95 %. */
const Z = 1.959963984540054;

/**
 * `hits` of `of` with Wilson's score interval (1927), which stays inside [0, 1] and holds for shares near 0, where
 * broken queries are counted and the usual interval would be empty.
 */
export function shareOf(hits: number, of: number): Share {
  if (of === 0) return { hits, of, share: null, low: null, high: null };
  const p = hits / of;
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z / (1 + z2 / of)) * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of * of));
  // At the ends the interval touches them exactly; the rounding of the square root would leave 1e-18.
  return {
    hits,
    of,
    share: p,
    low: hits === 0 ? 0 : Math.max(0, middle - half),
    high: hits === of ? 1 : Math.min(1, middle + half),
  };
}

/**
 * Net gain a query at a share `rate` of misspelled ones: `rate * fix - (1 - rate) * broken`. The interval joins those
 * of the two independent shares by squaring and adding (Newcombe 1998, method 10).
 */
export function netGain(rate: number, fix: Share, broken: Share): Estimate {
  if (fix.share === null || broken.share === null) return NO_ESTIMATE;
  const value = rate * fix.share - (1 - rate) * broken.share;
  const down = Math.hypot(rate * (fix.share - (fix.low ?? 0)), (1 - rate) * ((broken.high ?? 0) - broken.share));
  const up = Math.hypot(rate * ((fix.high ?? 0) - fix.share), (1 - rate) * (broken.share - (broken.low ?? 0)));
  return { value, low: value - down, high: value + up };
}
