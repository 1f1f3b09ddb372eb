import { LRUMap } from '../../../stores/lru.ts';
import type { Resources } from '../worker.ts';
import { CutTable, LONGEST_PART } from './cut-table.ts';

/** A way to cut a run of letters into words. */
export interface Segmentation {
  readonly ids: readonly number[];
  readonly words: readonly string[];
  /** Language-model cost of the words in a row, in nats, with what doubtful parts add. */
  readonly cost: number;
}

/** Words whose cuts are remembered: some 3 MB of objects. */
const REMEMBERED_WORDS = 1 << 12;

/**
 * The ways to cut the words met last. They depend on the word alone and not on its query.
 *
 * Hot path: cutting a word takes up to some hundred look-ups, and words recur.
 */
export class Segmenter {
  readonly #entries: LRUMap<string, Remembered>;
  /** Keys set since `noteRecent`, where they are noted. */
  #recent: string[] | undefined;
  /** Look-ups for the words asked for, remembered or not: their share in the measure of a query's work. */
  work: number;

  /** @param remembered words remembered */
  constructor(remembered = REMEMBERED_WORDS) {
    this.#entries = new LRUMap(remembered);
    this.#recent = undefined;
    this.work = 0;
  }

  /** As {@link segment}. */
  segment(text: string, maxParts: number, count: number, resources: Resources): readonly Segmentation[] {
    const bounds = `${maxParts},${count},`;
    const key = bounds + text;
    let found = this.#entries.get(key);
    if (found === undefined || found === FORGOTTEN) {
      // Parts of the key, not of the query's string, which they would keep in memory.
      const ways = segment(key.slice(bounds.length), maxParts, count, resources);
      found = { ways, work: text.length > maxParts * LONGEST_PART ? 0 : cuts.lookups };
      this.#entries.set(key, found);
      this.#recent?.push(key);
    }
    this.work += found.work;
    return found.ways;
  }

  /** How many words are remembered. */
  get size(): number {
    return this.#entries.size;
  }

  /** From now on notes what is found, until it is kept or forgotten. */
  noteRecent(): void {
    this.#recent = [];
  }

  /** What was noted stays: every look-up behind it was answered in full. */
  keepRecent(): void {
    this.#recent = undefined;
  }

  /** What was noted is forgotten: look-ups behind it were answered `MISS` for want of a read. */
  forgetRecent(): void {
    for (const key of this.#recent ?? []) if (this.#entries.has(key)) this.#entries.set(key, FORGOTTEN);
    this.#recent = undefined;
  }
}

/** What is remembered of a word. */
interface Remembered {
  readonly ways: readonly Segmentation[];
  /** The look-ups that it took. */
  readonly work: number;
}

const FORGOTTEN: Remembered = { ways: [], work: 0 };

const cuts = new CutTable();

/**
 * The `count` cheapest ways to cut `text` into 2 to `maxParts` known words, by dynamic programming over places with
 * pairs of words scored by the language model.
 *
 * Work: at most length x 22 term look-ups and 6 times as many pair look-ups.
 */
export function segment(text: string, maxParts: number, count: number, resources: Resources): Segmentation[] {
  return text.length > maxParts * LONGEST_PART ? [] : cuts.cut(text, maxParts, count, resources);
}
