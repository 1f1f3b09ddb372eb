/** How good a peer's outputs are, by the rules that `emend eval` judges by. */

import { judge } from '../../services/evaluate/judge/outcome.ts';
import type { EvalRow } from '../../services/evaluate/rows/eval-rows.ts';
import { type Estimate, netGain, type Share, shareOf } from '../../services/figures/shares.ts';

/** The share of misspelled queries at which net gain is told. */
export const ERROR_RATE = 0.06;

/** The figures of one set. */
export interface Judged {
  /** Of the inputs that need correction, those that came out right. */
  readonly fix: Share;
  /** Of the inputs that need correction, those that were changed into something else. */
  readonly wrong: Share;
  /** Of the correct inputs, those that were changed. */
  readonly broken: Share;
  /** Queries put right less queries broken, of a thousand with {@link ERROR_RATE} of them misspelled. */
  readonly netPerThousand: Estimate;
}

/** Judges the output of each row, in the rows' order. */
export function judgeOutputs(rows: readonly EvalRow[], outputs: readonly string[]): Judged {
  const counts = { fixed: 0, wrong: 0, missed: 0, kept: 0, broken: 0 };
  rows.forEach((row, i) => {
    const rewritten = outputs[i] ?? row.input;
    counts[
      judge(row, { rewritten, decision: 'auto', search: rewritten, confidence: 1, alternatives: [] }).verdicts.auto
    ]++;
  });
  const needing = counts.fixed + counts.wrong + counts.missed;
  const fix = shareOf(counts.fixed, needing);
  const broken = shareOf(counts.broken, counts.kept + counts.broken);
  const net = netGain(ERROR_RATE, fix, broken);
  return { fix, wrong: shareOf(counts.wrong, needing), broken, netPerThousand: perThousand(net) };
}

function perThousand({ value, low, high }: Estimate): Estimate {
  const times = (x: number | null) => (x === null ? null : 1000 * x);
  return { value: times(value), low: times(low), high: times(high) };
}
