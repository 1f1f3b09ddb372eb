import { type Calibration, calibrated } from './calibration.ts';
import { type EvidentEdit, evidenceLogOdds, evidenceVector } from './evidence.ts';
import { fromLogOdds, logOdds } from './log-odds.ts';

/** What of the parameters confidence rests on. */
export interface ConfidenceParameters {
  /** The share of misspelled queries that the ranker's scores stand for. */
  readonly trainedErrorRate: number;
  readonly calibration: Calibration;
}

/** A stretch of the query and what takes its place. */
export interface EditSpan extends EvidentEdit {
  /** Whether it is never made unasked, however sure it is; not when left out. */
  readonly asksFirst?: boolean;
  readonly offset: number;
  readonly length: number;
}

/** A reading as far as its probability is concerned: its text, and the edits that make it. */
export interface Readable {
  readonly text: string;
  /** By offset; none overlaps another. */
  readonly edits: readonly EditSpan[];
}

/** A reading with its probability. */
export interface Weighed<R extends Readable> {
  readonly reading: R;
  readonly probability: number;
}

/** All readings of a query with their probabilities; with `otherMass` they sum to 1. */
export interface Weighing<R extends Readable> {
  /** By falling probability. */
  readonly weighed: readonly Weighed<R>[];
  readonly keep: Weighed<R>;
  /** The likeliest of the changed readings, if there is one. */
  readonly best: Weighed<R> | undefined;
  /** P(what was meant is none of the readings). */
  readonly otherMass: number;
}

/** The softmax leaves this much to what is not among the readings, so that no single reading has all. */
const LEAST_OTHER_MASS = 0.005;

/**
 * Turns the scores of the readings into probabilities, in three steps. A softmax, with the odds of any change moved from the
 * error rate that the scores stand for to the one of the calibration. The calibration: first of the best changed reading,
 * then of the unchanged query within what that leaves, then of the others within the rest, so that all still sum to 1. Last
 * the odds of the unchanged query are moved to the error rate asked for.
 *
 * @param readings distinct texts; the unchanged query among them
 * @param scores ln P(reading) but for a constant, in the order of the readings
 */
export function weigh<R extends Readable>(
  query: string,
  readings: readonly R[],
  scores: ArrayLike<number>,
  parameters: ConfidenceParameters,
  errorRate: number,
): Weighing<R> {
  const { calibration, trainedErrorRate } = parameters;
  const raw = softmax(query, readings, scores, logOdds(calibration.errorRate) - logOdds(trainedErrorRate));
  const keepAt = readings.findIndex((reading) => reading.text === query);
  const bestAt = greatestBut(raw, keepAt);

  const bestRaw = bestAt < 0 ? 0 : raw[bestAt]!;
  const keepRaw = raw[keepAt]!;
  const { evidence } = calibration;
  const believed =
    evidence === null || bestAt < 0
      ? bestRaw
      : fromLogOdds(evidenceLogOdds(evidence, evidenceVector(bestRaw, readings[bestAt]!.edits)));
  const best = bestAt < 0 ? 0 : calibrated(calibration.best, believed, TAIL_SLOPE);
  const keep = (1 - best) * calibrated(calibration.keep, keepRaw / (1 - bestRaw), TAIL_SLOPE);
  let others = 0;
  for (let i = 0; i < raw.length; i++) if (i !== keepAt && i !== bestAt) others += raw[i]!;
  const toOthers = others > 0 ? (calibration.others * (1 - best - keep)) / others : 0;

  // P(keep) moves from the calibration's error rate to the one asked for; all else moves together.
  const shift = Math.exp(logOdds(errorRate) - logOdds(calibration.errorRate));
  const changedFactor = shift / (keep + shift * (1 - keep));
  const keepFactor = 1 / (keep + shift * (1 - keep));
  const weighed: Weighed<R>[] = [];
  let sum = 0;
  for (let i = 0; i < readings.length; i++) {
    let probability: number;
    if (i === keepAt) probability = keep * keepFactor;
    // Rarely the others may come out above the best, when it is likely wrong: it stays the best.
    else probability = changedFactor * (i === bestAt ? best : Math.min(best, raw[i]! * toOthers));
    weighed.push({ reading: readings[i]!, probability });
    sum += probability;
  }
  const keepWeighed = weighed[keepAt]!;
  const bestWeighed = weighed[bestAt];
  weighed.sort((a, b) => b.probability - a.probability);
  return { weighed, keep: keepWeighed, best: bestWeighed, otherMass: Math.max(0, 1 - sum) };
}

/** The place of the greatest but for one place; -1 for none. */
export function greatestBut(values: readonly number[], but: number): number {
  let greatest = -1;
  for (let i = 0; i < values.length; i++) {
    if (i !== but && (greatest < 0 || values[i]! > values[greatest]!)) greatest = i;
  }
  return greatest;
}

/** Beyond the outermost knots confidence follows the ranker this much only. */
const TAIL_SLOPE = 0.25;

/** The ranker's own probabilities of the readings, at its error rate moved by `shift` in log-odds of any change. */
export function softmax(
  query: string,
  readings: readonly Readable[],
  scores: ArrayLike<number>,
  shift: number,
): number[] {
  const weights: number[] = [];
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < readings.length; i++) {
    const shifted = scores[i]! + (readings[i]!.text === query ? 0 : shift);
    weights.push(shifted);
    if (shifted > greatest) greatest = shifted;
  }
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    weights[i] = Math.exp(weights[i]! - greatest);
    total += weights[i]!;
  }
  for (let i = 0; i < weights.length; i++) weights[i] = ((1 - LEAST_OTHER_MASS) * weights[i]!) / total;
  return weights;
}

/** The probability of all readings that make an edit. */
export function massOf<R extends Readable>(edit: EditSpan, weighed: readonly Weighed<R>[]): number {
  let mass = 0;
  for (const { reading, probability } of weighed) if (makes(reading, edit)) mass += probability;
  return Math.min(1, mass);
}

/** Whether a reading makes an edit. Its edits are in order and never overlap: a long query has over a hundred. */
function makes(reading: Readable, edit: EditSpan): boolean {
  const { edits } = reading;
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edits[middle]!.offset < edit.offset) low = middle + 1;
    else high = middle;
  }
  const other = edits[low];
  return other !== undefined && other.offset === edit.offset && other.length === edit.length && other.to === edit.to;
}

/**
 * P(an edit is right): one number, whichever reading makes it. It is calibrated from the mass of the readings that make it, at most
 * that mass, and at least the probability of the likeliest of them: if a reading is right, so are all its edits.
 */
export function editConfidence<R extends Readable>(
  edit: EditSpan,
  weighed: readonly Weighed<R>[],
  calibration: Calibration,
): number {
  let mass = 0;
  let most = 0;
  for (const { reading, probability } of weighed) {
    if (!makes(reading, edit)) continue;
    mass += probability;
    if (probability > most) most = probability;
  }
  return Math.min(1, mass, Math.max(most, calibrated(calibration.edit, mass, TAIL_SLOPE)));
}

/**
 * Which edits of the best reading are made without asking: those above `threshold` that replace no known word. All of them only if
 * the reading is above it too; otherwise the least sure one is only suggested.
 */
export function sureEdits<R extends Readable>(
  best: Weighed<R>,
  weighed: readonly Weighed<R>[],
  calibration: Calibration,
  threshold: number,
): boolean[] {
  const { edits } = best.reading;
  const confidences = edits.map((edit) => editConfidence(edit, weighed, calibration));
  const isSure = edits.map(
    ({ isKnown, asksFirst = false }, i) => confidences[i]! > threshold && !isKnown && !asksFirst,
  );
  if (best.probability <= threshold && isSure.every(Boolean)) {
    isSure[confidences.indexOf(Math.min(...confidences))] = false;
  }
  return isSure;
}

/** P above which a change is worth making without asking, when breaking costs `costOfBreaking` times what a fix gains. */
export function autoThreshold(costOfBreaking: number): number {
  return costOfBreaking / (costOfBreaking + 1);
}
