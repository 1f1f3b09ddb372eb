/**
 * Compares two byte ranges in unsigned byte order, which for UTF-8 is code point order.
 *
 * Hot path: a plain loop; `Buffer.compare` costs a call into C++ that only pays beyond some 50 bytes.
 *
 * @returns a negative number, 0 or a positive number
 */
export function compareBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const aLength = aEnd - aStart;
  const bLength = bEnd - bStart;
  const shared = Math.min(aLength, bLength);
  for (let i = 0; i < shared; i++) {
    const difference = a[aStart + i]! - b[bStart + i]!;
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}

/** How many leading bytes two ranges share. */
export function sharedPrefixLength(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const limit = Math.min(aEnd - aStart, bEnd - bStart);
  let i = 0;
  while (i < limit && a[aStart + i] === b[bStart + i]) i++;
  return i;
}
