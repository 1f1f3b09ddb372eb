/** Numbers as text. */

/** A share in percent with one decimal, `-` for none. */
export function percent(share: number | null, decimals = 1): string {
  return share === null ? '-' : (100 * share).toFixed(decimals);
}

/** A value in percent with its interval, as in `58.1 [56.4, 59.8]`; `-` for none. */
export function percentWithin(value: number | null, low: number | null, high: number | null, decimals = 1): string {
  if (value === null) return '-';
  return `${percent(value, decimals)} [${percent(low, decimals)}, ${percent(high, decimals)}]`;
}

/** A number with as many decimals as three significant digits ask for; `-` for none. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
