/** The pieces of titles: what somebody might type who looks for a thing by its name. */

/** Words of the longest piece. */
export const LONGEST_PIECE = 3;

/**
 * Hands every row of one to three words of a title to `take`, as it is written in it: words are what spaces divide.
 *
 * @param take the piece, and its number of words
 */
export function piecesOf(title: string, take: (piece: string, words: number) => void): void {
  const words = [...title.matchAll(/\S+/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  for (let first = 0; first < words.length; first++) {
    for (let last = first; last < Math.min(words.length, first + LONGEST_PIECE); last++) {
      take(title.slice(words[first]!.start, words[last]!.end), last - first + 1);
    }
  }
}

/**
 * Tells texts that were met from others, in a fixed amount of memory: 64 bits of each are kept until another takes its place. One of
 * millions may so count as new again; none is ever taken for another but by chance in 2^64.
 */
export class Met {
  readonly #low: Uint32Array;
  readonly #high: Uint32Array;

  /** @param room texts kept at most: a power of two; 8 bytes each */
  constructor(room = 1 << 22) {
    this.#low = new Uint32Array(room);
    this.#high = new Uint32Array(room);
  }

  /** Whether the text was met; it is from now on. */
  test(text: string): boolean {
    let low = 0x811c9dc5;
    let high = 0x9747b28c;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      low = Math.imul(low ^ unit, 0x01000193);
      high = Math.imul(high ^ unit, 0x85ebca6b);
      high ^= high >>> 13;
    }
    low = (low ^ (high >>> 7)) >>> 0;
    high = (high | 1) >>> 0;
    const at = (Math.imul(low ^ (low >>> 15), 0x2c1b3c6d) ^ high) & (this.#low.length - 1);
    if (this.#low[at] === low && this.#high[at] === high) return true;
    this.#low[at] = low;
    this.#high[at] = high;
    return false;
  }
}
