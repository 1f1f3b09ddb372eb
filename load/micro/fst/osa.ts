/** Optimal string alignment distance of two words, given up as soon as it passes a limit. */

const ROW = 64;
const rows = [new Int32Array(ROW), new Int32Array(ROW), new Int32Array(ROW)] as const;

/** The distance of `a` and `b`, both shorter than 64, or -1 when it is more than `limit`. */
export function osaWithin(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return -1;
  let [before, last, row] = rows as unknown as [Int32Array, Int32Array, Int32Array];
  for (let j = 0; j <= b.length; j++) last[j] = j;
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    let least = i;
    const code = a.charCodeAt(i - 1);
    for (let j = 1; j <= b.length; j++) {
      const other = b.charCodeAt(j - 1);
      let cost = Math.min(last[j - 1]! + (code === other ? 0 : 1), last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && code === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row[j] = cost;
      least = Math.min(least, cost);
    }
    if (least > limit) return -1;
    [before, last, row] = [last, row, before];
  }
  return last[b.length]! <= limit ? last[b.length]! : -1;
}
