/** Intervals for figures that are no plain shares, by drawing the rows again and again. */

import { percentile } from './quantiles.ts';
import { seededRandom } from './random.ts';
import { type Estimate, NO_ESTIMATE } from './shares.ts';

/** Draws per interval: the 2.5th and 97.5th of 100 then rest on some ten draws each, at a second for 100,000 rows. */
export const DRAWS = 400;

/**
 * 95 % percentile intervals (Efron 1979) of several figures at once. Each draw takes as many rows as there are, with
 * repetition. Seeded: the same rows give the same intervals.
 *
 * @param rows how many rows there are
 * @param figures the figures when row i counts `counts[i]` times; null where one is not defined
 * @param values the figures over the rows themselves
 */
export function bootstrap(
  rows: number,
  values: readonly (number | null)[],
  figures: (counts: Uint16Array) => readonly (number | null)[],
): Estimate[] {
  if (rows === 0 || values.every((value) => value === null)) return values.map(() => NO_ESTIMATE);
  const random = seededRandom(0x9e3779b9);
  const drawn: number[][] = values.map(() => []);
  const counts = new Uint16Array(rows);
  for (let draw = 0; draw < DRAWS; draw++) {
    counts.fill(0);
    for (let i = 0; i < rows; i++) {
      const index = Math.floor(random() * rows);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    for (const [f, figure] of figures(counts).entries()) if (figure !== null) drawn[f]?.push(figure);
  }
  return values.map((value, f) => {
    const sorted = (drawn[f] ?? []).sort((a, b) => a - b);
    if (value === null || sorted.length === 0) return NO_ESTIMATE;
    return { value, low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) };
  });
}
