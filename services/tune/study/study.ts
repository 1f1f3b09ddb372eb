/** What tuning rests on: how weights do on a set that was left out, and without one group of features. */
import { figuresOf, type SetFigures } from '../../evaluate/score/figures.ts';
import { FEATURE_NAMES } from '../../rewrite/rank/features.ts';
import { chooseSuggestAbove, fitCalibration, type ScoredRow } from '../fit/calibrate.ts';
import { crossFit } from '../fit/cross-fit.ts';
import { type Asked, judgeRow } from '../readings/answers.ts';
import type { ReadingTable, TableRow } from '../readings/reading-table.ts';
import type { LabelledSet } from '../rows/labelled.ts';
import { MOST_BROKEN } from '../tune.ts';
import { type Ranking, type Tuned, UNFITTED } from '../tuned.ts';

/** What a study is made over: from nothing, with one strength, so that its fits can be compared. */
export interface StudyOptions extends Asked {
  readonly table: ReadingTable;
  readonly sets: readonly LabelledSet[];
  readonly current: Tuned;
  readonly onFit?: () => void;
}

const STRENGTH = 0.3;

/** Every set judged by weights, maps and a threshold from the other sets alone. Empty for a single set. */
export function leaveOneSetOut(options: StudyOptions): SetFigures[] {
  const { table, sets } = options;
  if (sets.length < 2) return [];
  return sets.map((set, left) => {
    const tuned = fitOn(
      options,
      table.rows.filter((row) => row.set !== left),
    );
    return judged(
      options,
      set.name,
      table.rows.filter((row) => row.set === left),
      () => tuned,
    );
  });
}

/** A group of features left out, and what comes of it on held-out rows. */
export interface Ablation {
  /** The group's name; '' for all features in. */
  readonly without: string;
  readonly heldOutLoss: number;
  readonly figures: SetFigures;
}

/** Features by what they speak of. Names begin alike; what begins otherwise tells what kind of edit it was. */
const GROUPS: readonly (readonly [name: string, begins: RegExp])[] = [
  ['language model', /^(languageCost|unigramCost|pairsSeen|triple|pair)/],
  ['word vectors', /^vector/],
  ['what was kept', /^kept/],
  ['what stood there', /^from/],
  ['what takes its place', /^to[A-Z]/],
  ['spaces', /^(split|furtherSplit|merge|movedSpace)/],
];
const LETTERS = 'letters';

/** The group of a feature. */
export function groupOf(feature: string): string {
  return GROUPS.find(([, begins]) => begins.test(feature))?.[0] ?? LETTERS;
}

/** Cross-fitted figures with all features, and without each group; `changed` stays in always. */
export function ablations(options: StudyOptions): Ablation[] {
  const { table, sets, current } = options;
  return ['', ...GROUPS.map(([name]) => name), LETTERS].map((without) => {
    const free = Float64Array.from(FEATURE_NAMES, (name) => (name !== 'changed' && groupOf(name) === without ? 0 : 1));
    const fit = crossFit({
      table,
      sets,
      rows: table.rows,
      centre: UNFITTED,
      fitsNetwork: true,
      trainedErrorRate: current.trainedErrorRate,
      strengths: [STRENGTH],
      free,
      ...(options.onFit === undefined ? {} : { onFit: options.onFit }),
    });
    const tuned = withMaps(options, table.rows, fit.ranking, fit.byFold);
    const figures = judged(options, 'all', table.rows, ({ fold }) => ({ ...tuned, ...fit.byFold[fold]! }));
    return { without, heldOutLoss: fit.heldOutLoss, figures };
  });
}

function fitOn(options: StudyOptions, rows: readonly TableRow[]): Tuned {
  const fit = crossFit({
    table: options.table,
    sets: options.sets,
    rows,
    centre: UNFITTED,
    fitsNetwork: true,
    trainedErrorRate: options.current.trainedErrorRate,
    strengths: [STRENGTH],
    ...(options.onFit === undefined ? {} : { onFit: options.onFit }),
  });
  return withMaps(options, rows, fit.ranking, fit.byFold);
}

/** Maps and threshold for held-out scores of some rows. */
function withMaps(
  { table, sets, current, errorRate }: StudyOptions,
  rows: readonly TableRow[],
  ranking: Ranking,
  byFold: readonly Ranking[],
): Tuned {
  const scored = rows.map((row): ScoredRow => ({ row, scores: table.scoresOf(row, byFold[row.fold]!) }));
  const fitted = fitCalibration(scored, table, sets, current.trainedErrorRate, errorRate);
  const tuned: Tuned = { ...current, ...ranking, calibration: fitted ?? current.calibration };
  return { ...tuned, suggestAbove: chooseSuggestAbove(scored, () => tuned, sets, errorRate, MOST_BROKEN) };
}

function judged(
  { table, errorRate, costOfBreaking }: StudyOptions,
  name: string,
  rows: readonly TableRow[],
  tunedFor: (row: TableRow) => Tuned,
): SetFigures {
  const outcomes = rows
    .filter(({ rights }) => rights.length > 0)
    .map((row) => {
      const tuned = tunedFor(row);
      return judgeRow(row, table.scoresOf(row, tuned), tuned, { errorRate, costOfBreaking });
    });
  return figuresOf(name, outcomes, 0, errorRate);
}
