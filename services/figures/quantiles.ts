/** The middle of some numbers, and other places in their order. */

/** The value below which a share `p` of the ascending values lies, by linear interpolation; 0 for none. */
export function percentile(sorted: readonly number[], p: number): number {
  const position = p * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}

/** The least of the values that at least a share `q` of them does not exceed; NaN for none. */
export function quantile(values: Iterable<number>, q: number): number {
  const sorted = ascending(values);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** The value in the middle, of an even number the larger of the two; NaN for none. One that was measured, so no mean. */
export function median(values: Iterable<number>): number {
  const sorted = ascending(values);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** The value that a quarter of the others do not reach, NaN for none: of stretches of time, one that was hardly disturbed. */
export function firstQuartile(values: Iterable<number>): number {
  const sorted = ascending(values);
  return sorted[sorted.length >> 2] ?? Number.NaN;
}

function ascending(values: Iterable<number>): number[] {
  return [...values].sort((a, b) => a - b);
}
