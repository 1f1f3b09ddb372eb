/**
 * Shares the one thread of a process among its requests. A request is worked on as it arrives while the event loop has had a turn
 * lately; after that, requests wait in line and are worked on between turns of the loop, so that connections are read, answers
 * leave and timers run whatever the work.
 */

/** Work between two turns of the event loop: half of the time that one request should take. */
export const TURN_MS = 5;

/**
 * Between two pieces of work the event loop goes round at least so often, and as long as it has more to do than nothing, up to a
 * time: node accepts one connection each time, and none must wait long for that.
 */
const LEAST_ROUNDS = 4;
const MOST_REST_MS = 4;
/** A round in which nothing happens takes some 20 us. */
const EMPTY_ROUND_MS = 0.05;

/** Requests of up to so many words go before the others: what people type. All others share what is left, a step each. */
const FEW_WORDS = 16;

/**
 * A piece of work that waits for its turn.
 *
 * @param untilMs when to make way for others, on the clock of `performance.now()`
 * @returns whether it goes on in a later microtask, so that nobody else may be let in before the next turn
 */
type Waiting = (untilMs: number) => boolean;

export class Turns {
  readonly #small: Line = new Line();
  readonly #large: Line = new Line();
  /** Work done since the event loop had a turn, as far as is known. */
  #spentMs = 0;
  #isScheduled = false;
  /** Rounds since the last piece of work, when that was, and when the last of them ended. */
  #rounds = 0;
  #restedSinceMs = 0;
  #roundMs = 0;
  readonly #turn = () => this.#takeTurn();

  /** Whether a request that arrives now may be worked on at once. */
  get isFree(): boolean {
    return !this.#isScheduled;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#small.length + this.#large.length;
  }

  /** Tells of work that was done without waiting. */
  spent(ms: number): void {
    this.#spentMs += ms;
    if (this.#spentMs > TURN_MS) this.#schedule();
  }

  /** Has `work` done in its turn, whole. */
  later(words: number, work: () => void): void {
    this.#lineFor(words).push(() => {
      work();
      return false;
    });
    this.#schedule();
  }

  /**
   * Settles when it is the caller's turn, with the time until which it may work; it then calls {@link spent}. At once where nobody
   * waits.
   */
  next(words: number): Promise<number> {
    if (this.isFree) return Promise.resolve(performance.now() + TURN_MS);
    return new Promise((resolve) => {
      this.#lineFor(words).push((untilMs) => {
        resolve(untilMs);
        return true;
      });
      this.#schedule();
    });
  }

  #lineFor(words: number): Line {
    return words <= FEW_WORDS ? this.#small : this.#large;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#rounds = 0;
    this.#restedSinceMs = performance.now();
    this.#roundMs = this.#restedSinceMs;
    setImmediate(this.#turn);
  }

  #isResting(): boolean {
    const nowMs = performance.now();
    const tookMs = nowMs - this.#roundMs;
    this.#roundMs = nowMs;
    if (++this.#rounds <= LEAST_ROUNDS) return true;
    return tookMs > EMPTY_ROUND_MS && nowMs - this.#restedSinceMs < MOST_REST_MS;
  }

  #takeTurn(): void {
    // With nobody waiting, whoever comes first is worked on at once.
    if (this.waiting > 0 && this.#isResting()) {
      setImmediate(this.#turn);
      return;
    }
    this.#isScheduled = false;
    this.#spentMs = 0;
    const untilMs = performance.now() + TURN_MS;
    let isHandedOn = false;
    while (this.#small.length > 0 && !isHandedOn && performance.now() < untilMs)
      isHandedOn = this.#small.shift()(untilMs);
    // One step of the long work in each turn, however many short ones wait.
    if (!isHandedOn && this.#large.length > 0) isHandedOn = this.#large.shift()(performance.now() + TURN_MS);
    if (isHandedOn || this.waiting > 0) this.#schedule();
  }
}

/** Those that wait, first come first served. */
class Line {
  #items: Waiting[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(work: Waiting): void {
    this.#items.push(work);
  }

  /** The next one; there must be one. */
  shift(): Waiting {
    const work = this.#items[this.#head++]!;
    if (this.#head === this.#items.length || this.#head > 1024) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return work;
  }
}
