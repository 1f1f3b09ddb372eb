/**
 * `longest`: from the left the longest match at each place, and all rules of that match together; rules of a higher `priority` get what
 * those before them leave. What is matched in no place of its own (conditions, `always`) is not part of it.
 */
import type { Candidate } from './select.ts';

/** The matches of a round that act, chosen anew for each. */
export class LongestMatches {
  /** By the term where a match begins: its end, 0 for none. */
  #ends = new Int32Array(64);
  #isTaken = new Uint8Array(64);
  readonly #runs: Candidate[] = [];

  /** Chooses among the candidates whose turn it is, of a query of `length` terms. O(candidates x log candidates). */
  choose(candidates: readonly Candidate[], isTurn: (candidate: Candidate) => boolean, length: number): void {
    if (this.#ends.length < length) {
      this.#ends = new Int32Array(2 * length);
      this.#isTaken = new Uint8Array(2 * length);
    }
    this.#ends.fill(0, 0, length);
    this.#isTaken.fill(0, 0, length);
    const runs = this.#runs;
    runs.length = 0;
    for (const candidate of candidates) if (isRun(candidate) && isTurn(candidate)) runs.push(candidate);
    runs.sort((a, b) => a.rule.priority - b.rule.priority || a.from - b.from || b.to - a.to);
    for (const { from, to } of runs) {
      // The same match of another rule was chosen, or part of it is another's.
      if (this.#isTaken.subarray(from, to).includes(1)) continue;
      this.#ends[from] = to;
      this.#isTaken.fill(1, from, to);
    }
  }

  /** Whether a candidate is of a match that was chosen. */
  has(candidate: Candidate): boolean {
    return !isRun(candidate) || this.#ends[candidate.from] === candidate.to;
  }
}

/** Whether it matched terms in a row. */
function isRun({ trigger, from, to }: Candidate): boolean {
  const { kind } = trigger.trigger;
  return to > from && (kind === 'sequence' || kind === 'regex');
}
