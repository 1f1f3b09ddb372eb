/** Whether confidences are probabilities: of the changes made at 0.9, are nine in ten right? */
import type { Outcome } from '../judge/outcome.ts';

/** How many bins a calibration error has. */
export const BIN_COUNT = 10;

/** One bin of changed queries; rows on its edge belong to two bins in part. */
export interface CalibrationBin {
  /** Weighted number of rows: all bins hold the same number unweighted. */
  readonly weight: number;
  /** Weighted mean confidence. */
  readonly confidence: number;
  /** Weighted share of rows whose `rewritten` is right. */
  readonly right: number;
}

/** The bins in ascending order of confidence, and the weighted mean of |confidence - right| over them. */
export interface Calibration {
  readonly error: number;
  readonly changed: number;
  readonly bins: readonly CalibrationBin[];
}

/**
 * Weights that make inputs needing correction a share `errorRate` of all; null when there are none of a kind, as in a
 * set of words, where no weight can do it.
 */
export function classWeights(
  needing: number,
  correct: number,
  errorRate: number,
): { needing: number; correct: number } | null {
  if (needing === 0 || correct === 0) return null;
  const all = needing + correct;
  return { needing: (errorRate * all) / needing, correct: ((1 - errorRate) * all) / correct };
}

/** Judged rows in flat arrays, by row: {@link calibrate} goes over them hundreds of times for an interval. */
export interface CalibrationRows {
  readonly needsCorrection: Uint8Array;
  readonly confidence: Float64Array;
  /** Whether the row was changed, at suggest level, into a right answer. */
  readonly right: Uint8Array;
  /** The rows changed at suggest level, in ascending order of confidence. */
  readonly changed: Uint32Array;
}

export function calibrationRows(outcomes: readonly Outcome[]): CalibrationRows {
  const confidence = Float64Array.from(outcomes, ({ answer }) => answer.confidence);
  const changed: number[] = [];
  for (const [i, { verdicts }] of outcomes.entries()) {
    if (verdicts.suggest !== 'missed' && verdicts.suggest !== 'kept') changed.push(i);
  }
  return {
    needsCorrection: Uint8Array.from(outcomes, (outcome) => (outcome.needsCorrection ? 1 : 0)),
    confidence,
    right: Uint8Array.from(outcomes, ({ verdicts }) => (verdicts.suggest === 'fixed' ? 1 : 0)),
    changed: Uint32Array.from(changed.sort((a, b) => (confidence[a] ?? 0) - (confidence[b] ?? 0))),
  };
}

/**
 * The calibration error over {@link BIN_COUNT} bins of equally many changed queries, each row weighted by its class so
 * that the classes stand as they would in a log with `errorRate` misspelled queries.
 *
 * Rows of equal confidence are shared out evenly over the bins that they fall in, so their order does not matter.
 *
 * @param counts how often each row counts; null for once each (the bootstrap draws rows several times or not at all)
 * @returns null when nothing was changed, or when weights cannot make the stated error rate
 */
export function calibrate(
  rows: CalibrationRows,
  counts: Uint16Array | Uint32Array | null,
  errorRate: number,
): Calibration | null {
  const { needsCorrection, confidence: confidences, right: rights, changed: order } = rows;
  let needing = 0;
  let all = 0;
  for (let i = 0; i < needsCorrection.length; i++) {
    const times = counts === null ? 1 : (counts[i] ?? 0);
    all += times;
    needing += times * (needsCorrection[i] ?? 0);
  }
  const weights = classWeights(needing, all - needing, errorRate);
  let changed = 0;
  for (let k = 0; k < order.length; k++) changed += counts === null ? 1 : (counts[order[k] ?? 0] ?? 0);
  if (weights === null || changed === 0) return null;

  const bins = Array.from({ length: BIN_COUNT }, () => ({ weight: 0, confidence: 0, right: 0 }));
  const capacity = changed / BIN_COUNT;
  let bin = 0;
  let room = capacity;
  for (let from = 0; from < order.length; ) {
    // One group of equal confidence: its rows, their weight, and the weight of those that are right.
    const confidence = confidences[order[from] ?? 0] ?? 0;
    let grouped = 0;
    let weight = 0;
    let right = 0;
    let to = from;
    do {
      const row = order[to++] ?? 0;
      const times = counts === null ? 1 : (counts[row] ?? 0);
      grouped += times;
      weight += times * (needsCorrection[row] === 1 ? weights.needing : weights.correct);
      if (rights[row] === 1) right += times * weights.needing;
    } while (to < order.length && confidences[order[to] ?? 0] === confidence);
    from = to;
    for (let left = grouped; left > 0; ) {
      const part = Math.min(left, room);
      const into = bins[bin];
      if (into === undefined) break;
      into.weight += (weight * part) / grouped;
      into.confidence += (weight * part * confidence) / grouped;
      into.right += (right * part) / grouped;
      left -= part;
      room -= part;
      // Parts of rows add up to a bin only within rounding; the last bin takes what is left.
      if (room < 1e-9 && bin < BIN_COUNT - 1) {
        bin++;
        room = capacity;
      } else if (bin === BIN_COUNT - 1) room = Math.max(room, left);
    }
  }

  let total = 0;
  let gap = 0;
  for (const { weight, confidence, right } of bins) {
    total += weight;
    gap += Math.abs(confidence - right);
  }
  return {
    error: gap / total,
    changed,
    bins: bins
      .filter(({ weight }) => weight > 0)
      .map(({ weight, confidence, right }) => ({ weight, confidence: confidence / weight, right: right / weight })),
  };
}
