import type { Syntax } from '../../stores/text/token.ts';
import type { Reading } from '../engines/reading.ts';

/**
 * Why there is no answer: it would come too `late`, the rewriter is `stopped` or not there yet, it `failed` on this text, or
 * it has more to do than it can: `busy`.
 */
export type AskFailure = 'late' | 'stopped' | 'failed' | 'busy';

/** What rewrites texts for a proxy, in a process of its own or elsewhere. */
export interface AskedRewriter {
  /** Asks for one text. Settles within the budget, and is never rejected: the request that waits for it goes on. */
  ask(text: string, syntax: Syntax, budgetMs: number): Promise<Reading | AskFailure>;
  /** Whether it would be asked now. */
  isUp(): boolean;
  /** Settles when nothing of it is left. */
  close(): Promise<void>;
}

/** Failures in a row after which it is left alone. */
const MOST_FAILURES = 5;
/** How long; then one request tries it. */
const PAUSE_MS = 1_000;

/**
 * Keeps requests from waiting for what does not answer: after five failures in a row it is left alone for a second, then
 * tried by one request, and so on.
 */
export class Breaker {
  readonly #now: () => number;
  #failures = 0;
  #nextTryMs = 0;

  /** @param now a clock in milliseconds that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether to ask. Who is let through while it is left alone is the one that tries. */
  allows(): boolean {
    if (this.isClosed()) return true;
    if (this.#now() < this.#nextTryMs) return false;
    this.#nextTryMs = this.#now() + PAUSE_MS;
    return true;
  }

  /** Whether requests are let through freely. */
  isClosed(): boolean {
    return this.#failures < MOST_FAILURES;
  }

  answered(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures++;
    if (this.#failures === MOST_FAILURES) this.#nextTryMs = this.#now() + PAUSE_MS;
  }
}
