import { LRUMap } from '../../stores/lru.ts';
import { tokenise } from '../../stores/text/tokenise.ts';
import { editsBetween } from '../channel/train.ts';
import { isWithinOneEdit } from '../deletes/one-edit.ts';
import type { QueryVisit } from './queries.ts';
import { TextHash } from './text-hash.ts';

/** A word that people typed and then, within minutes, replaced by another much like it, which found more. */
export interface Reformulation {
  readonly typed: string;
  /** One word, or several where spaces had been left out. */
  readonly meant: readonly string[];
  /** In how many sessions. */
  readonly count: number;
}

/** Later a query of the same session is another errand. */
const WITHIN_MS = 5 * 60_000;
/** Sessions whose last query is remembered: those of an hour of a very large log, in order of time. */
const OPEN_SESSIONS = 1 << 17;
/** Different reformulations held; beyond, only those already met are counted. */
const MOST_PAIRS = 1 << 20;
/** Sessions of reformulations kept in all; further ones are not counted, because they might be known already. */
const MOST_SESSIONS = 1 << 22;
/** Shorter words are replaced by others, not put right. */
const MIN_LENGTH = 4;
/** Two edits in shorter words make another word. */
const TWO_EDITS_MIN_LENGTH = 6;

interface LastQuery {
  readonly words: readonly string[];
  readonly timeMs: number;
  readonly hits: number;
  readonly clicks: number;
}

/** In which sessions a reformulation was met, by their hashes, and what their inputs weigh together. */
interface Sessions {
  readonly hashes: Set<number>;
  weight: number;
}

/**
 * Finds in a query log, of one file or many, how people put their own queries right. Where the log names sessions: two queries of one session one
 * after the other, at most five minutes apart where it tells the time, alike but for one word that differs by an edit or two
 * or by spaces, the later one with more results or more clicks. Rows of a session are taken to be in order.
 *
 * A session counts once for each reformulation, however often it repeats it.
 *
 * Memory: the last query of 131,072 sessions, and at most a million different pairs in four million sessions.
 */
export class Reformulations {
  readonly #last: LRUMap<string, LastQuery>;
  readonly #sessions: Map<string, Sessions>;
  readonly #hash: TextHash;
  #sessionCount: number;

  constructor() {
    this.#last = new LRUMap(OPEN_SESSIONS);
    this.#sessions = new Map();
    this.#hash = new TextHash();
    this.#sessionCount = 0;
  }

  /**
   * Adds one row of the log; `hits` is -1 if unknown. Rows without a session are ignored.
   *
   * @param weight what the row's input weighs
   */
  add(query: string, hits: number, { session, timeMs, clicks }: QueryVisit, weight = 1): void {
    if (session === '') return;
    const words = wordsOf(query);
    const before = this.#last.get(session);
    this.#last.set(session, { words, timeMs, hits, clicks });
    if (before === undefined || words.length === 0 || before.words.length === 0) return;
    // An unknown time compares as neither.
    if (timeMs - before.timeMs > WITHIN_MS || timeMs < before.timeMs) return;
    if (!isBetter(hits, clicks, before)) return;
    const pair = putRight(before.words, words);
    if (pair === undefined) return;
    this.#count(pair, session, weight);
  }

  #count(pair: string, session: string, weight: number): void {
    if (this.#sessionCount >= MOST_SESSIONS) return;
    let sessions = this.#sessions.get(pair);
    if (sessions === undefined) {
      if (this.#sessions.size >= MOST_PAIRS) return;
      sessions = { hashes: new Set(), weight: 0 };
      this.#sessions.set(pair, sessions);
    }
    const hash = this.#hash.of(session);
    if (sessions.hashes.has(hash)) return;
    sessions.hashes.add(hash);
    sessions.weight += weight;
    this.#sessionCount++;
  }

  /** What was found, the most frequent first; of those equally frequent in order of their text. */
  found(): Reformulation[] {
    const counts = [...this.#sessions].map(([pair, { hashes }]) => [pair, hashes.size] as const);
    counts.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return counts.map(([pair, count]) => {
      const [typed = '', meant = ''] = pair.split('\t');
      return { typed, meant: meant.split(' '), count };
    });
  }

  /** What the inputs in which a reformulation was met weigh, on average. */
  weightOf({ typed, meant, count }: Reformulation): number {
    return (this.#sessions.get(`${typed}\t${meant.join(' ')}`)?.weight ?? 0) / count;
  }
}

/** The words of a query; none where it has anything else in it that could make the difference. */
function wordsOf(query: string): string[] {
  return tokenise(query, { syntax: 'plain' }).map((token) => token.text);
}

/** Whether a query was better answered than the one before, as far as the log tells; without any sign it was not. */
function isBetter(hits: number, clicks: number, before: LastQuery): boolean {
  const moreHits = hits < 0 || before.hits < 0 ? 0 : Math.sign(hits - before.hits);
  const moreClicks = clicks < 0 || before.clicks < 0 ? 0 : Math.sign(clicks - before.clicks);
  return moreHits >= 0 && moreClicks >= 0 && moreHits + moreClicks > 0;
}

/** `typed<TAB>meant` of the one word by which two queries differ, where the later one is it put right. */
function putRight(before: readonly string[], after: readonly string[]): string | undefined {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++;
  }
  const typed = before.slice(start, before.length - end);
  const meant = after.slice(start, after.length - end);
  if (typed.length !== 1 || meant.length === 0 || typed[0]!.length < MIN_LENGTH || !WORDS.test(typed[0]!)) return;
  const right = meant.join(' ');
  if (!WORDS.test(right)) return;
  if (meant.length > 1) return meant.join('') === typed[0] ? `${typed[0]}\t${right}` : undefined;
  return isSlip(typed[0]!, right) ? `${typed[0]}\t${right}` : undefined;
}

/** Letters, apostrophes and hyphens: numbers are other numbers, not slips. */
const WORDS = /^[\p{L}\p{M}' -]+$/u;

function isSlip(typed: string, meant: string): boolean {
  // Another form of the word is another wish: one boot, or boots. No form ends in a double s.
  const longer = typed.length > meant.length ? typed : meant;
  if (!longer.endsWith('ss') && (typed === `${meant}s` || meant === `${typed}s`)) return false;
  if (isWithinOneEdit(typed, meant)) return true;
  return Math.min(typed.length, meant.length) >= TWO_EDITS_MIN_LENGTH && editsBetween(typed, meant) <= 2;
}
