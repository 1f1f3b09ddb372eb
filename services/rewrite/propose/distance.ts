/**
 * Optimal string alignment distance between two strings of code units, or `limit + 1` as soon as it must exceed `limit`
 * (0..2). Adjacent transposition counts one.
 *
 * Hot path: a thousand candidates a word are verified by it; rows live in typed arrays of the module's own, only the
 * diagonal band of width 2 `limit` + 1 is filled, and shared ends are cut off first (most candidates differ in one place).
 */
export function boundedDistance(
  a: Uint16Array,
  aLength: number,
  b: Uint16Array,
  bLength: number,
  limit: number,
): number {
  const over = limit + 1;
  const difference = aLength - bLength;
  if (difference > limit || -difference > limit) return over;
  let start = 0;
  while (start < aLength && start < bLength && a[start] === b[start]) start++;
  let aEnd = aLength;
  let bEnd = bLength;
  while (aEnd > start && bEnd > start && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd--;
    bEnd--;
  }
  const rows = aEnd - start;
  const columns = bEnd - start;
  if (rows === 0 || columns === 0) return rows + columns;
  if (columns >= MAX_COLUMNS) return over;

  let before = rowA;
  let previous = rowB;
  let current = rowC;
  for (let j = 0; j <= columns; j++) previous[j] = j;
  for (let i = 1; i <= rows; i++) {
    const low = Math.max(1, i - limit);
    const high = Math.min(columns, i + limit);
    current[low - 1] = low === 1 ? i : over;
    let least = current[low - 1]!;
    const unit = a[start + i - 1];
    for (let j = low; j <= high; j++) {
      let cost = previous[j - 1]!;
      if (unit !== b[start + j - 1]) {
        const above = j < i + limit ? previous[j]! : over;
        const left = current[j - 1]!;
        if (above < cost) cost = above;
        if (left < cost) cost = left;
        cost++;
        if (
          i > 1 &&
          j > 1 &&
          unit === b[start + j - 2] &&
          a[start + i - 2] === b[start + j - 1] &&
          before[j - 2]! + 1 < cost
        ) {
          cost = before[j - 2]! + 1;
        }
      }
      current[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > limit) return over;
    const spare = before;
    before = previous;
    previous = current;
    current = spare;
  }
  const distance = previous[columns]!;
  return distance > limit ? over : distance;
}

/** Terms are at most 40 units long (`MAX_INDEXED_LENGTH`). */
const MAX_COLUMNS = 64;
const rowA = new Uint8Array(MAX_COLUMNS + 1);
const rowB = new Uint8Array(MAX_COLUMNS + 1);
const rowC = new Uint8Array(MAX_COLUMNS + 1);

const unitsOfA = new Uint16Array(MAX_COLUMNS);
const unitsOfB = new Uint16Array(MAX_COLUMNS);

/** The distance of two texts as `boundedDistance` gives it; of texts longer than terms are, `limit + 1`. */
export function distanceBetween(a: string, b: string, limit: number): number {
  if (a.length >= MAX_COLUMNS || b.length >= MAX_COLUMNS) return limit + 1;
  for (let i = 0; i < a.length; i++) unitsOfA[i] = a.charCodeAt(i);
  for (let i = 0; i < b.length; i++) unitsOfB[i] = b.charCodeAt(i);
  return boundedDistance(unitsOfA, a.length, unitsOfB, b.length, limit);
}
