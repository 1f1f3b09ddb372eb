/**
 * The terms of a rule set: their code units one after the other, and an open-addressing table of their numbers. A part of the compiled
 * form (FORMAT.md), searched as it lies.
 */

const FREE = -1;

/** Terms by their number, as columns. */
export interface TermTable {
  /** Where each term begins in `units`; one more than there are terms. */
  readonly offsets: Int32Array;
  readonly units: Uint16Array;
  /** Numbers of terms by hash, -1 where free; a power of two of places. */
  readonly places: Int32Array;
}

/** The table of different terms, numbered as they stand. */
export function encodeTermTable(terms: readonly string[]): TermTable {
  const offsets = new Int32Array(terms.length + 1);
  for (let i = 0; i < terms.length; i++) offsets[i + 1] = offsets[i]! + terms[i]!.length;
  const units = new Uint16Array(offsets[terms.length]!);
  let count = 2;
  while (count < 2 * terms.length) count *= 2;
  const places = new Int32Array(count).fill(FREE);
  for (let i = 0; i < terms.length; i++) {
    const term = terms[i]!;
    for (let k = 0; k < term.length; k++) units[offsets[i]! + k] = term.charCodeAt(k);
    let place = hashOf(term) & (count - 1);
    while (places[place] !== FREE) place = (place + 1) & (count - 1);
    places[place] = i;
  }
  return { offsets, units, places };
}

/** The number of a term, or -1. Hot path: no string is made. */
export function findTerm(table: TermTable, term: string): number {
  const { offsets, units, places } = table;
  const mask = places.length - 1;
  let place = hashOf(term) & mask;
  const { length } = term;
  for (;;) {
    const number = places[place]!;
    if (number === FREE) return -1;
    const start = offsets[number]!;
    if (offsets[number + 1]! - start === length) {
      let k = 0;
      while (k < length && units[start + k] === term.charCodeAt(k)) k++;
      if (k === length) return number;
    }
    place = (place + 1) & mask;
  }
}

/** FNV-1a over code units. */
function hashOf(term: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < term.length; i++) hash = Math.imul(hash ^ term.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
