/** F0.5 and precision of one level, over the rows or over a draw of them. */

import { fHalf } from '../judge/edit-score.ts';
import type { Level, Outcome } from '../judge/outcome.ts';
import { classWeights } from './calibration.ts';

/** What is added up at one level, in flat arrays by row: a draw of the bootstrap goes over all of them. */
export interface LevelTally {
  readonly needsCorrection: Uint8Array;
  readonly changed: Uint8Array;
  readonly fixed: Uint8Array;
  readonly proposed: Uint16Array;
  readonly wanted: Uint16Array;
  readonly right: Uint16Array;
}

export function tallyRows(outcomes: readonly Outcome[], level: Level): LevelTally {
  const unchanged = (outcome: Outcome) => outcome.verdicts[level] === 'missed' || outcome.verdicts[level] === 'kept';
  return {
    needsCorrection: Uint8Array.from(outcomes, ({ needsCorrection }) => (needsCorrection ? 1 : 0)),
    changed: Uint8Array.from(outcomes, (outcome) => (unchanged(outcome) ? 0 : 1)),
    fixed: Uint8Array.from(outcomes, ({ verdicts }) => (verdicts[level] === 'fixed' ? 1 : 0)),
    proposed: Uint16Array.from(outcomes, ({ edits }) => edits[level].proposed),
    wanted: Uint16Array.from(outcomes, ({ edits }) => edits[level].wanted),
    right: Uint16Array.from(outcomes, ({ edits }) => edits[level].right),
  };
}

/**
 * F0.5 of the edits, and precision at the error rate, when row i counts `counts[i]` times (once each for null); null
 * where one is not defined.
 */
export function weighTally(
  rows: LevelTally,
  counts: Uint16Array | null,
  errorRate: number,
): [fHalf: number | null, precision: number | null] {
  let all = 0;
  let needing = 0;
  let changed = 0;
  let changedNeeding = 0;
  let fixed = 0;
  let proposed = 0;
  let wanted = 0;
  let right = 0;
  for (let i = 0; i < rows.changed.length; i++) {
    const times = counts === null ? 1 : (counts[i] ?? 0);
    if (times === 0) continue;
    const needs = rows.needsCorrection[i] ?? 0;
    all += times;
    needing += times * needs;
    wanted += times * (rows.wanted[i] ?? 0);
    if (rows.changed[i] === 0) continue;
    changed += times;
    changedNeeding += times * needs;
    fixed += times * (rows.fixed[i] ?? 0);
    proposed += times * (rows.proposed[i] ?? 0);
    right += times * (rows.right[i] ?? 0);
  }
  const weights = classWeights(needing, all - needing, errorRate);
  const f = fHalf({ proposed, wanted, right });
  if (weights === null || changed === 0) return [f, null];
  const weight = weights.needing * changedNeeding + weights.correct * (changed - changedNeeding);
  return [f, (weights.needing * fixed) / weight];
}
