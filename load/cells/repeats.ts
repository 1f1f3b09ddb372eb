import type { Verdict } from './verdict.ts';

/** Whatever was judged. */
interface Judged {
  readonly verdict: Verdict;
  /** Why it says nothing of the server, where the driver or the machine was disturbed. */
  readonly disturbance: string | undefined;
}

/** Tries of one measurement, at most. */
const MOST_TRIES = 3;

/** How many measurements of a run may be made again because they were disturbed: so its length stays bounded. */
export class RepeatBudget {
  #left: number;

  constructor(repeats: number) {
    this.#left = repeats;
  }

  /** Takes one, if there is one left. */
  take(): boolean {
    if (this.#left <= 0) return false;
    this.#left--;
    return true;
  }
}

/**
 * Measures, and measures again what was disturbed, whether it would have been a PASS or a FAIL: three tries at most, and as
 * many repeats as the budget has.
 *
 * @returns all tries in their order: the last is the one that counts
 */
export async function untilUndisturbed<T extends Judged>(
  measure: () => Promise<T>,
  budget: RepeatBudget,
): Promise<[T, ...T[]]> {
  const tries: [T, ...T[]] = [await measure()];
  while (tries.at(-1)?.disturbance !== undefined && tries.length < MOST_TRIES && budget.take()) {
    tries.push(await measure());
  }
  return tries;
}

/** The place of the one in the middle by `value` among the undisturbed, or among all where none is; of two the larger. */
export function middleOf<T extends Judged>(measured: readonly T[], value: (one: T) => number): number {
  const undisturbed = measured.filter(({ disturbance }) => disturbance === undefined);
  const counted = undisturbed.length > 0 ? undisturbed : measured;
  const sorted = [...counted].sort((a, b) => value(a) - value(b));
  const middle = sorted[Math.floor(sorted.length / 2)];
  return middle === undefined ? -1 : measured.indexOf(middle);
}
