/** Longest word whose letters fit the bits of a number. */
const MOST_BITS = 31;
const ASCII = 0x80;

/** What `DistanceFrom.to` says of words that it cannot compare. */
export const NOT_PLAIN = -1;

/**
 * Optimal string alignment distances of many terms from one typed word, by bit vectors (Hyyrö 2003): a column of the table
 * takes a dozen operations on 32 bits.
 *
 * Hot path: two hundred terms a word, read where they lie.
 */
export class DistanceFrom {
  /** By letter: a bit for each place where the typed word has it. */
  readonly #places: Int32Array;
  #length: number;
  #isPlain: boolean;

  constructor() {
    this.#places = new Int32Array(ASCII);
    this.#length = 0;
    this.#isPlain = false;
  }

  /** Begins with another word, `typed[0, length)`. */
  begin(typed: Uint16Array, length: number): void {
    const places = this.#places.fill(0);
    this.#length = length;
    this.#isPlain = length > 0 && length <= MOST_BITS;
    for (let i = 0; i < length && this.#isPlain; i++) {
      const unit = typed[i]!;
      if (unit >= ASCII) this.#isPlain = false;
      else places[unit]! |= 1 << i;
    }
  }

  /**
   * The distance of the term whose UTF-8 is `bytes[start, end)`, or some number above `limit` where it is above; `NOT_PLAIN` when
   * the typed word is longer than 31 letters or either is not ASCII. Allocates nothing.
   */
  to(bytes: Uint8Array, start: number, end: number, limit: number): number {
    if (!this.#isPlain) return NOT_PLAIN;
    const length = this.#length;
    // No term has more letters than bytes.
    if (end - start < length - limit) return limit + 1;
    if (end - start > length + limit) return isAscii(bytes, start, end) ? limit + 1 : NOT_PLAIN;
    const places = this.#places;
    const last = 1 << (length - 1);
    let distance = length;
    let positive = -1;
    let negative = 0;
    let zero = 0;
    let placesBefore = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (byte >= ASCII) return NOT_PLAIN;
      const here = places[byte]!;
      const swapped = ((~zero & here) << 1) & placesBefore;
      zero = (((here & positive) + positive) ^ positive) | here | negative | swapped;
      const up = negative | ~(zero | positive);
      const down = zero & positive;
      if ((up & last) !== 0) distance++;
      else if ((down & last) !== 0) distance--;
      // Each letter that is left can bring it down by one at most.
      if (distance - (end - i - 1) > limit) return isAscii(bytes, i, end) ? limit + 1 : NOT_PLAIN;
      const shifted = (up << 1) | 1;
      positive = (down << 1) | ~(zero | shifted);
      negative = shifted & zero;
      placesBefore = here;
    }
    return distance;
  }
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! >= ASCII) return false;
  return true;
}
