/** Whether two different strings are one insertion, deletion, substitution or adjacent transposition apart. Linear. */
export function isWithinOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let aEnd = a.length;
  let bEnd = b.length;
  while (aEnd > start && bEnd > start && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd--;
    bEnd--;
  }
  const aRest = aEnd - start;
  const bRest = bEnd - start;
  if (aRest <= 1 && bRest <= 1) return true;
  return aRest === 2 && bRest === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
}
