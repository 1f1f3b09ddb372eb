/** All figures of one set of judged rows. README.md says what each means. */
import { bootstrap } from '../../figures/bootstrap.ts';
import { type Estimate, netGain, type Share, shareOf } from '../../figures/shares.ts';
import { isReached, LEVELS, type Level, type Outcome, type Verdict } from '../judge/outcome.ts';
import { SLICES, type Slice } from '../judge/slices.ts';
import { type ChanceError, chanceError } from './by-chance.ts';
import { type CalibrationBin, calibrate, calibrationRows } from './calibration.ts';
import { tallyRows, weighTally } from './level-tally.ts';
import { type Reliability, reliabilities } from './reliability.ts';
import { BROKEN_LIMITS, type FixAtBroken, fixAtBroken, type SweepPoint, staircase, sweepThreshold } from './sweep.ts';

/** The shares of misspelled queries at which net gain is reported. */
export const NET_RATES = [0.03, 0.06, 0.1] as const;

/** How many readings, `rewritten` among them, a right answer may stand in to count as reached. */
export const REACH_READINGS = 8;

/** What is counted at one level. */
export interface LevelFigures {
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Of the inputs that need correction, those that came out right. */
  readonly fix: Share;
  /** Of the correct inputs, those that were changed. */
  readonly broken: Share;
  /** Of the changed inputs of this set, those that came out right; depends on how many of its inputs are wrong. */
  readonly precision: Share;
  /** The same at the error rate of the report; null for a set without correct inputs. */
  readonly precisionAtErrorRate: Estimate;
  readonly net: readonly (Estimate & { readonly rate: number })[];
  readonly edits: { readonly precision: Share; readonly recall: Share; readonly fHalf: Estimate };
}

/** One kind of error. */
export interface SliceFigures {
  readonly slice: Slice;
  readonly suggest: Share;
  readonly auto: Share;
  readonly top5: Share;
  readonly reach: Share;
}

/** All that is measured of one set, times apart. */
export interface SetFigures {
  readonly set: string;
  readonly rows: number;
  /** Rows of the file that could not be measured: no input or no right answer. */
  readonly skipped: number;
  readonly needCorrection: number;
  readonly correct: number;
  readonly suggest: LevelFigures;
  readonly auto: LevelFigures;
  /** Of the inputs that need correction: right in first place, among five readings, among {@link REACH_READINGS}. */
  readonly top1: Share;
  readonly top5: Share;
  readonly reach: Share;
  readonly fixAtBroken: readonly FixAtBroken[];
  /** The most fixed for every number broken, as {@link staircase} gives it. */
  readonly curve: readonly SweepPoint[];
  readonly calibration: {
    readonly error: Estimate;
    /** The error that confidences would show on these rows which are all exactly right; null where there is no error. */
    readonly byChance: ChanceError | null;
    readonly changed: number;
    readonly bins: readonly CalibrationBin[];
  };
  readonly slices: readonly SliceFigures[];
  /** Calibration by number of words and by what was changed. */
  readonly reliability: readonly Reliability[];
}

/**
 * Counts everything over `outcomes`. Some 20 us a row, most of it for the draws behind intervals.
 *
 * @param errorRate the share of misspelled queries at which calibration and precision are reported, 0..1 exclusive
 */
export function figuresOf(set: string, outcomes: readonly Outcome[], skipped: number, errorRate: number): SetFigures {
  const wrongInputs = outcomes.filter(({ needsCorrection }) => needsCorrection);
  const needing = wrongInputs.length;
  const correct = outcomes.length - needing;
  const calibrated = calibrationRows(outcomes);
  const calibration = calibrate(calibrated, null, errorRate);
  const levels = LEVELS.map((level) => tallyRows(outcomes, level));
  const levelEstimates = (counts: Uint16Array | null) => levels.flatMap((rows) => weighTally(rows, counts, errorRate));
  const [error, suggestF, suggestPrecision, autoF, autoPrecision] = bootstrap(
    outcomes.length,
    [calibration?.error ?? null, ...levelEstimates(null)],
    (counts) => [calibrate(calibrated, counts, errorRate)?.error ?? null, ...levelEstimates(counts)],
  ) as [Estimate, Estimate, Estimate, Estimate, Estimate];
  const points = sweepThreshold(outcomes);
  return {
    set,
    rows: outcomes.length,
    skipped,
    needCorrection: needing,
    correct,
    suggest: levelFigures(outcomes, 'suggest', needing, correct, suggestF, suggestPrecision),
    auto: levelFigures(outcomes, 'auto', needing, correct, autoF, autoPrecision),
    top1: shareOf(
      count(wrongInputs, (outcome) => isReached(outcome, 1)),
      needing,
    ),
    top5: shareOf(
      count(wrongInputs, (outcome) => isReached(outcome, 5)),
      needing,
    ),
    reach: shareOf(
      count(wrongInputs, (outcome) => isReached(outcome, REACH_READINGS)),
      needing,
    ),
    fixAtBroken: BROKEN_LIMITS.map((limit) => fixAtBroken(points, limit, needing, correct)),
    curve: staircase(points),
    calibration: {
      error,
      byChance: chanceError(calibrated, errorRate),
      changed: calibrated.changed.length,
      bins: calibration?.bins ?? [],
    },
    slices: SLICES.flatMap((slice) => {
      const rows = wrongInputs.filter((outcome) => outcome.slice === slice);
      return rows.length === 0 ? [] : [sliceFigures(slice, rows)];
    }),
    reliability: reliabilities(outcomes, errorRate),
  };
}

function levelFigures(
  outcomes: readonly Outcome[],
  level: Level,
  needing: number,
  correct: number,
  f: Estimate,
  precisionAtErrorRate: Estimate,
): LevelFigures {
  const verdicts: Record<Verdict, number> = { fixed: 0, wrong: 0, missed: 0, kept: 0, broken: 0 };
  let proposed = 0;
  let wanted = 0;
  let right = 0;
  for (const outcome of outcomes) {
    verdicts[outcome.verdicts[level]]++;
    const edits = outcome.edits[level];
    proposed += edits.proposed;
    wanted += edits.wanted;
    right += edits.right;
  }
  const fix = shareOf(verdicts.fixed, needing);
  const broken = shareOf(verdicts.broken, correct);
  return {
    verdicts,
    fix,
    broken,
    precision: shareOf(verdicts.fixed, verdicts.fixed + verdicts.wrong + verdicts.broken),
    precisionAtErrorRate,
    net: NET_RATES.map((rate) => ({ rate, ...netGain(rate, fix, broken) })),
    edits: { precision: shareOf(right, proposed), recall: shareOf(right, wanted), fHalf: f },
  };
}

function sliceFigures(slice: Slice, rows: readonly Outcome[]): SliceFigures {
  return {
    slice,
    suggest: shareOf(
      count(rows, ({ verdicts }) => verdicts.suggest === 'fixed'),
      rows.length,
    ),
    auto: shareOf(
      count(rows, ({ verdicts }) => verdicts.auto === 'fixed'),
      rows.length,
    ),
    top5: shareOf(
      count(rows, (outcome) => isReached(outcome, 5)),
      rows.length,
    ),
    reach: shareOf(
      count(rows, (outcome) => isReached(outcome, REACH_READINGS)),
      rows.length,
    ),
  };
}

function count(outcomes: readonly Outcome[], test: (outcome: Outcome) => boolean): number {
  let hits = 0;
  for (const outcome of outcomes) if (test(outcome)) hits++;
  return hits;
}
