import { LRUMap } from '../../stores/lru.ts';
import type { CountedFile } from '../count/counted-file.ts';
import { END_ID, NgramCounter, NUMBER_ID, START_ID } from '../count/ngram-counter.ts';
import { TextHash } from '../sources/text-hash.ts';
import { countQuery, type TermSink } from './extract.ts';

/** Sessions whose n-grams are remembered: those of an hour of a very large log, in order of time. */
const OPEN_SESSIONS = 1 << 17;

const MARKS: readonly string[] = ['\u0001', '\u0002', '\u0003'];

/**
 * Counts how much of a log's counts is of sessions that had typed the n-gram before: what remains of the counts is in how many
 * sessions each was typed. A session that is met again after 131,072 others counts as another.
 *
 * Memory: the hashes of the n-grams of those sessions, and `memoryBytes`.
 */
export class SessionRepeats implements TermSink {
  readonly #open: LRUMap<string, Set<number>>;
  readonly #hash: TextHash;
  readonly #makeCounter: () => NgramCounter;
  #counter: NgramCounter | undefined;
  /** Where the query under way is counted. */
  #target: NgramCounter | undefined;
  /** The terms of the open run, and the runs before it in the query. */
  #run: string[];
  #runs: string[][];

  /** Whether any row has a session. */
  hasSessions: boolean;

  constructor(scratchFolder: string, memoryBytes: number) {
    this.#open = new LRUMap(OPEN_SESSIONS);
    this.#hash = new TextHash();
    this.#makeCounter = () => new NgramCounter({ scratchFolder, memoryBytes });
    this.#run = [];
    this.#runs = [];
    this.hasSessions = false;
  }

  /** Counts a query in `counter`, and its repeats here. Without a session each occurrence counts as a session. */
  countQuery(counter: NgramCounter, query: string, count: number, session: string): void {
    this.#target = counter;
    this.#run = [];
    this.#runs = [];
    countQuery(this, query, count);
    if (session === '') {
      if (hasRepeat(this.#runs)) this.#countRuns(new Set(), count, 0);
      return;
    }
    this.hasSessions = true;
    let seen = this.#open.get(session);
    if (seen === undefined) {
      seen = new Set();
      this.#open.set(session, seen);
    }
    this.#countRuns(seen, count, count - 1);
  }

  word(text: string): boolean {
    if (this.#target?.word(text) !== true) return false;
    this.#run.push(text);
    return true;
  }

  number(): void {
    this.#target?.number();
    this.#run.push(MARKS[NUMBER_ID]!);
  }

  closeSentence(isStart: boolean, isEnd: boolean, count: number): void {
    this.#target?.closeSentence(isStart, isEnd, count);
    if (this.#run.length > 0) {
      if (isStart) this.#run.unshift(MARKS[START_ID]!);
      if (isEnd) this.#run.push(MARKS[END_ID]!);
      this.#runs.push(this.#run);
    }
    this.#run = [];
  }

  /** The repeats of all rows; undefined if there are none. The caller closes the result. */
  finish(): CountedFile | undefined {
    const description = { name: 'repeats', role: 'queries', wordClass: 'queries', weight: 0 } as const;
    return this.#counter?.finish(description, [1, 1, 1]);
  }

  /** Gives scratch space back. Safe at any time. */
  close(): void {
    this.#counter?.close();
  }

  /**
   * @param again how much of an n-gram's count is repeated when the session has had it
   * @param first and when it has not
   */
  #countRuns(seen: Set<number>, again: number, first: number): void {
    for (const run of this.#runs) {
      for (let i = 0; i < run.length; i++) {
        for (let end = i + 1; end <= Math.min(i + 3, run.length); end++) {
          const terms = run.slice(i, end);
          const hash = this.#hash.of(terms.join(' '));
          const repeats = seen.has(hash) ? again : first;
          seen.add(hash);
          if (repeats > 0) this.#count(terms, repeats);
        }
      }
    }
  }

  #count(terms: readonly string[], repeats: number): void {
    this.#counter ??= this.#makeCounter();
    for (const term of terms) {
      const mark = MARKS.indexOf(term);
      if (mark >= 0) this.#counter.numbered(mark);
      else this.#counter.word(term);
    }
    this.#counter.closeGram(repeats);
  }
}

/** Whether a query contains a term twice; only then can it contain an n-gram twice. */
function hasRepeat(runs: readonly (readonly string[])[]): boolean {
  const terms = runs.flat();
  if (terms.length > 16) return new Set(terms).size < terms.length;
  return terms.some((term, i) => terms.indexOf(term) < i);
}
