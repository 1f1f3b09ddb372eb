/**
 * Tables of (a, b) -> c over 32-bit integers, as open addressing in one array: `a, b, c` for each place, `a` -1 where it is free.
 * They are a part of the compiled form (FORMAT.md) and are searched as they lie.
 */

const FREE = -1;
/** Places for each entry, at least. */
const ROOM = 2;

/** The table of `entries`: `a, b, c` one after the other, no pair twice. At least two places. */
export function encodePairTable(entries: readonly number[]): Int32Array {
  const count = entries.length / 3;
  let places = 2;
  while (places < ROOM * count) places *= 2;
  const table = new Int32Array(3 * places).fill(FREE);
  for (let i = 0; i < entries.length; i += 3) {
    let place = placeOf(entries[i]!, entries[i + 1]!, places);
    while (table[3 * place] !== FREE) place = (place + 1) & (places - 1);
    table[3 * place] = entries[i]!;
    table[3 * place + 1] = entries[i + 1]!;
    table[3 * place + 2] = entries[i + 2]!;
  }
  return table;
}

/** `c` of a pair, or -1. Hot path: one or two places of a table are looked at. */
export function findPair(table: Int32Array, a: number, b: number): number {
  const places = (table.length / 3) | 0;
  let place = placeOf(a, b, places);
  for (;;) {
    const at = 3 * place;
    const found = table[at]!;
    if (found === FREE) return -1;
    if (found === a && table[at + 1] === b) return table[at + 2]!;
    place = (place + 1) & (places - 1);
  }
}

function placeOf(a: number, b: number, places: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  hash ^= hash >>> 15;
  return (Math.imul(hash, 0x2c1b3c6d) >>> 8) & (places - 1);
}
