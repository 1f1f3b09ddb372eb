import { InvalidLine } from '../errors.ts';
import { ExternalSorter } from '../sort/external-sorter.ts';
import type { RecordCursor } from '../sort/record.ts';
import { checkTermLength, MAX_TERM_BYTES } from '../term-length.ts';
import { type CountedFile, type SourceDescription, writeCounted } from './counted-file.ts';
import { NUMBER, SENTENCE_END, SENTENCE_START } from './counted-source.ts';
import { GramTable, MAX_WORDS } from './gram-table.ts';
import { GramCursor, WordCursor } from './table-cursors.ts';
import { WordTable } from './word-table.ts';

/** Ids of the marks: the first words of every table, so that they stay the same whatever is written out. */
export const NUMBER_ID = 0;
export const START_ID = 1;
export const END_ID = 2;

/** How an {@link NgramCounter} works. */
export interface CounterOptions {
  /** Folder for what does not fit in memory, and for the result. */
  readonly scratchFolder: string;
  /** Bytes of tables held before they are written out. */
  readonly memoryBytes: number;
}

/**
 * Counts the 1- to 3-grams of runs of terms. A run is given term by term and then closed:
 *
 *     counter.word('usb'); counter.number(); counter.word('hub');
 *     counter.closeSentence(true, true, 1);
 *
 * Memory is bounded: tables that reach the budget are written out in order and merged in the end. What comes out does
 * not depend on the budget.
 */
export class NgramCounter {
  readonly #options: CounterOptions;
  readonly #words: WordTable;
  readonly #pairs: GramTable;
  readonly #triples: GramTable;
  /** One for each order, once something was written out. */
  #sorters: readonly ExternalSorter[];
  /** The terms of the open run, with room for a mark at either end: the first term stands at 1. */
  #run: Uint32Array;
  #runEnd: number;
  #tokenCount: number;
  /** Sums of the counts of listed n-grams by order. */
  readonly #listed: number[];
  #gramCount: number;

  constructor(options: CounterOptions) {
    this.#options = options;
    this.#words = new WordTable();
    this.#pairs = new GramTable(2);
    this.#triples = new GramTable(3);
    this.#sorters = [];
    this.#run = new Uint32Array(1 << 10);
    this.#runEnd = 1;
    this.#tokenCount = 0;
    this.#listed = [0, 0, 0];
    this.#gramCount = 0;
    this.#addMarks();
  }

  /**
   * Sum of the counts of terms so far. What a list of n-grams was counted in had at least as many terms as its n-grams
   * of any one order add up to.
   */
  get tokenCount(): number {
    return Math.max(this.#tokenCount, ...this.#listed);
  }

  /** N-grams counted so far, each occurrence once. */
  get gramCount(): number {
    return this.#gramCount;
  }

  /** How often the tables were written out. */
  get spillCount(): number {
    return this.#sorters[0]?.runCount ?? 0;
  }

  /** How many terms the open run has. */
  get length(): number {
    return this.#runEnd - 1;
  }

  /**
   * Appends a word to the open run.
   *
   * @returns false, leaving the run alone, for a text that is no term: empty, or with a space or control character,
   *   which would break the order of the keys
   * @throws {InvalidLine} for a term longer than a store's keys may be; the run is dropped then
   */
  word(text: string): boolean {
    const id = this.numberOf(text);
    if (id < 0) return false;
    this.#push(id);
    return true;
  }

  /** A number for `text` among the words, or -1 for a text that is no term; it holds until {@link spillCount} rises. */
  numberOf(text: string): number {
    // A unit takes three bytes at most.
    if (text.length > MAX_TERM_BYTES / 3) {
      try {
        checkTermLength(text);
      } catch (error) {
        this.#runEnd = 1;
        throw error;
      }
    }
    return this.#words.intern(text);
  }

  /** Appends the word that has this number: spares looking for it again. */
  numbered(id: number): void {
    this.#push(id);
  }

  /** Appends the term that stands for numbers. */
  number(): void {
    this.#push(NUMBER_ID);
  }

  /**
   * Counts the open run's n-grams `count` times and closes it; a mark joins either end that is one of a sentence.
   *
   * @throws {InvalidLine} when all terms together would pass 2^53-1; the run is dropped then
   */
  closeSentence(isStart: boolean, isEnd: boolean, count: number): void {
    if (this.#runEnd === 1) return;
    this.#tokenCount = this.#sum(this.#tokenCount, this.length, count);
    const run = this.#run;
    const first = isStart ? 0 : 1;
    if (isStart) run[0] = START_ID;
    if (isEnd) run[this.#runEnd++] = END_ID;
    const end = this.#runEnd;
    const { counts } = this.#words;
    for (let i = first; i < end; i++) counts[run[i]!]! += count;
    for (let i = first + 1; i < end; i++) this.#pairs.add(run[i - 1]!, run[i]!, 0, count);
    for (let i = first + 2; i < end; i++) this.#triples.add(run[i - 2]!, run[i - 1]!, run[i]!, count);
    const length = end - first;
    this.#gramCount += length + Math.max(0, length - 1) + Math.max(0, length - 2);
    this.#runEnd = 1;
    this.#keepWithinBudget();
  }

  /**
   * Counts the open run itself as one n-gram, not its parts, and closes it; runs over three terms count nothing.
   *
   * @throws {InvalidLine} when all n-grams of its order together would pass 2^53-1; the run is dropped then
   */
  closeGram(count: number): void {
    const [, a = 0, b = 0, c = 0] = this.#run;
    if (this.length >= 1 && this.length <= 3) {
      this.#listed[this.length - 1] = this.#sum(this.#listed[this.length - 1]!, 1, count);
    }
    if (this.length === 1) {
      this.#words.counts[a]! += count;
    } else if (this.length === 2) {
      this.#pairs.add(a, b, 0, count);
    } else if (this.length === 3) {
      this.#triples.add(a, b, c, count);
    }
    if (this.length > 0) this.#gramCount++;
    this.#runEnd = 1;
    this.#keepWithinBudget();
  }

  /** Drops the open run. */
  drop(): void {
    this.#runEnd = 1;
  }

  /**
   * Ends the input: sorts, merges, prunes and writes what remains to scratch space. The caller closes the result.
   *
   * @param minCounts the thresholds of orders 1, 2 and 3
   * @throws {BuildError} `BUILD_VALUE` when a count passes 2^53-1, `BUILD_OUTPUT` when scratch space runs out
   */
  finish(description: SourceDescription, minCounts: readonly number[]): CountedFile {
    try {
      if (this.#sorters.length > 0) this.#spill();
      const sorted = this.#sorters.length > 0 ? this.#sorters.map((sorter) => sorter.finish()) : this.#tables();
      return writeCounted(description, this.tokenCount, sorted, minCounts, this.#options.scratchFolder);
    } finally {
      this.close();
    }
  }

  /** Gives scratch space back. Safe at any time. */
  close(): void {
    for (const sorter of this.#sorters) sorter.close();
  }

  /** `sum + terms x count`, if that is exact, because a manifest contains it. */
  #sum(sum: number, terms: number, count: number): number {
    const total = sum + terms * count;
    if (total <= Number.MAX_SAFE_INTEGER) return total;
    this.#runEnd = 1;
    throw new InvalidLine(
      `expected counts that add up to at most 2^53-1 terms in a file, found ${terms} x ${count} more after ${sum}; divide the counts`,
    );
  }

  #push(id: number): void {
    // One more place is kept for the mark at the end.
    if (this.#runEnd + 1 >= this.#run.length) {
      const grown = new Uint32Array(this.#run.length * 2);
      grown.set(this.#run);
      this.#run = grown;
    }
    this.#run[this.#runEnd++] = id;
  }

  #addMarks(): void {
    this.#words.addMark(NUMBER);
    this.#words.addMark(SENTENCE_START);
    this.#words.addMark(SENTENCE_END);
  }

  /** Writes the tables out when one is about to double and that would pass the budget. */
  #keepWithinBudget(): void {
    const words = this.#words.isNearlyFull;
    const pairs = this.#pairs.isNearlyFull;
    const triples = this.#triples.isNearlyFull;
    if (!words && !pairs && !triples) return;
    const bytes =
      this.#words.capacityBytes * (words ? 2 : 1) +
      this.#pairs.capacityBytes * (pairs ? 2 : 1) +
      this.#triples.capacityBytes * (triples ? 2 : 1);
    if (bytes > this.#options.memoryBytes || this.#words.count > MAX_WORDS / 2) this.#spill();
  }

  #spill(): void {
    if (this.#sorters.length === 0) {
      const { scratchFolder, memoryBytes } = this.#options;
      // The three are merged one after another, each with read buffers of its own.
      const options = { scratchFolder, memoryBytes: Math.floor(memoryBytes / 2), duplicates: 'sum' as const };
      this.#sorters = [1, 2, 3].map(() => new ExternalSorter(options));
    }
    this.#tables().forEach((cursor, i) => {
      this.#sorters[i]!.addSorted(cursor);
    });
    this.#words.clear();
    this.#pairs.clear();
    this.#triples.clear();
    this.#addMarks();
  }

  /** Cursors over what the tables hold, for orders 1, 2 and 3. */
  #tables(): RecordCursor[] {
    const sortedIds = this.#words.words.sortedIds();
    const ranks = new Uint32Array(sortedIds.length);
    for (let rank = 0; rank < sortedIds.length; rank++) ranks[sortedIds[rank]!] = rank;
    return [
      new WordCursor(this.#words, sortedIds),
      new GramCursor(this.#pairs, this.#words, sortedIds, ranks),
      new GramCursor(this.#triples, this.#words, sortedIds, ranks),
    ];
  }
}
