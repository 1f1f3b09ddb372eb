import { LRUMap } from '../../../stores/lru.ts';
import { Recent } from '../reads/recent.ts';
import { type CutSources, CutTable, LONGEST_PART, type Segmentation } from './cut-table.ts';

/** Longer strings are not cut: looking up their parts would take more of a query's work than all else. */
const LONGEST_CUT = 10 * LONGEST_PART;

/** Words whose cuts are remembered: some 3 MB of objects. */
const REMEMBERED_WORDS = 1 << 12;

/**
 * The `count` cheapest ways to cut a word into 2 to `maxParts` known words, by dynamic programming over places with pairs of
 * words scored by the language model. They depend on the word alone and not on its query: those of the words met last are
 * remembered.
 *
 * Hot path: cutting a word takes up to some hundred look-ups, and words recur. At most length x 22 term look-ups and 6 times
 * as many pair look-ups.
 */
export class Segmenter {
  readonly #cuts: CutTable;
  readonly #entries: LRUMap<string, Remembered>;
  /** The keys set last. */
  readonly recent: Recent<string>;
  /** Look-ups for the words asked for, remembered or not: their share in the measure of a query's work. */
  work: number;

  /** @param remembered words remembered */
  constructor(sources: CutSources, remembered = REMEMBERED_WORDS) {
    this.#cuts = new CutTable(sources);
    this.#entries = new LRUMap(remembered);
    this.recent = new Recent((key) => {
      if (this.#entries.has(key)) this.#entries.set(key, FORGOTTEN);
    });
    this.work = 0;
  }

  /** The ways to cut `text`, cheapest first; none for a word of more than `maxParts` x 22 code units, or of more than 220. */
  segment(text: string, maxParts: number, count: number): readonly Segmentation[] {
    const bounds = `${maxParts},${count},`;
    const key = bounds + text;
    let found = this.#entries.get(key);
    if (found === undefined || found === FORGOTTEN) {
      // Parts of the key, not of the query's string, which they would keep in memory.
      found = this.#cut(key.slice(bounds.length), maxParts, count);
      this.#entries.set(key, found);
      this.recent.note(key);
    }
    this.work += found.work;
    return found.ways;
  }

  /** How many words are remembered. */
  get size(): number {
    return this.#entries.size;
  }

  #cut(text: string, maxParts: number, count: number): Remembered {
    if (text.length > Math.min(LONGEST_CUT, maxParts * LONGEST_PART)) return { ways: [], work: 0 };
    const ways = this.#cuts.cut(text, maxParts, count);
    return { ways, work: this.#cuts.lookups };
  }
}

/** What is remembered of a word. */
interface Remembered {
  readonly ways: readonly Segmentation[];
  /** The look-ups that it took. */
  readonly work: number;
}

const FORGOTTEN: Remembered = { ways: [], work: 0 };
