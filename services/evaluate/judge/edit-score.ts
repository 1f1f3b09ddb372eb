/** Edit-level figures: of the changes made to a text, how many were wanted, and of the wanted, how many were made. */
import { alignWords, type Change } from './align.ts';

/** Changes of one row, or of many added up. */
export interface EditCounts {
  /** Changes from the input to the output. */
  readonly proposed: number;
  /** Changes from the input to the right answer. */
  readonly wanted: number;
  /** Changes in both: the same words replaced by the same words. */
  readonly right: number;
}

export const NO_EDITS: EditCounts = Object.freeze({ proposed: 0, wanted: 0, right: 0 });

/**
 * Compares what was done to `input` with what was wanted. Of several right answers the one counts that is best for the
 * output: the highest F0.5, then the fewest wanted changes, then the first. All texts in comparable form.
 */
export function countEdits(input: string, output: string, rights: readonly string[]): EditCounts {
  const proposed = alignWords(input, output);
  let best: EditCounts | null = null;
  for (const right of rights) {
    const wanted = alignWords(input, right);
    const counts = {
      proposed: proposed.length,
      wanted: wanted.length,
      right: right === output ? wanted.length : shared(proposed, wanted),
    };
    if (best === null || better(counts, best)) best = counts;
  }
  return best ?? NO_EDITS;
}

/** F0.5 of precision and recall, which weighs precision twice; null when nothing was proposed and nothing wanted. */
export function fHalf(counts: EditCounts): number | null {
  // (1 + b^2) PR / (b^2 P + R) with b = 0.5, in counts: it holds where P or R has no denominator.
  const below = counts.proposed + 0.25 * counts.wanted;
  return below === 0 ? null : (1.25 * counts.right) / below;
}

function better(a: EditCounts, b: EditCounts): boolean {
  const fa = fHalf(a) ?? 1;
  const fb = fHalf(b) ?? 1;
  return fa > fb || (fa === fb && a.wanted < b.wanted);
}

function shared(a: readonly Change[], b: readonly Change[]): number {
  let count = 0;
  for (const x of a) if (b.some((y) => y.start === x.start && y.end === x.end && y.to === x.to)) count++;
  return count;
}
