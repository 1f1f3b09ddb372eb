/** The report of an evaluation: what is kept as JSON, and the tables made of it. */

import { percent, percentWithin } from '../../figures/numbers.ts';
import type { Table } from '../../figures/table.ts';
import type { RewriteOptions } from '../../rewrite/options.ts';
import type { QueryTimes } from '../judge/measure.ts';
import type { Level } from '../judge/outcome.ts';
import type { JudgedSet } from '../judge/rows-file.ts';
import type { Selection } from '../rows/select.ts';
import { beyondChance } from '../score/by-chance.ts';
import type { LevelFigures, SetFigures } from '../score/figures.ts';

/** Everything but times is the same whenever the same dataset, rules, options and rows are measured. */
export interface Report {
  readonly report: 'emend-eval';
  readonly version: 1;
  readonly dataset: string;
  readonly options: Omit<RewriteOptions, 'alternatives' | 'explain'>;
  /** How rows were drawn, or null when all were measured. */
  readonly sample: Selection['sample'];
  /** Which part of the rows, or null for all. */
  readonly part: Selection['part'];
  /** How many inputs were not to be measured. */
  readonly excluded: number;
  /** The sets in the order given; with several, `all` holds every row of them. */
  readonly sets: readonly SetFigures[];
  readonly all: SetFigures | null;
  /** By set. What a shared machine gives: no figure rests on them. */
  readonly times: Readonly<Record<string, QueryTimes>>;
}

/** What comes of an evaluation. */
export interface Evaluation {
  readonly report: Report;
  readonly judged: readonly JudgedSet[];
}

/** All tables of a report. */
export function reportTables(report: Report): Table[] {
  const sets = report.all === null ? report.sets : [...report.sets, report.all];
  const rate = percent(report.options.errorRate, 0);
  return [
    levelTable(sets, 'suggest', 'Suggest level: what is offered or done counts as the output', rate),
    levelTable(sets, 'auto', 'Auto level: only what is done counts', rate),
    {
      title: 'Ranking: right in first place, among five and eight readings, of the inputs that need correction',
      columns: ['set', 'top-1 %', 'top-5 %', 'reach 8 %'],
      rows: sets.map(({ set, top1, top5, reach }) => [
        set,
        ...[top1, top5, reach].map(({ share, low, high }) => percentWithin(share, low, high)),
      ]),
      note: '',
    },
    {
      title: 'Fix at a limit of broken, by the threshold on the confidence that gives it',
      columns: ['set', ...(sets[0]?.fixAtBroken ?? []).map(({ limit }) => `fix % at <= ${percent(limit)} (threshold)`)],
      rows: sets
        .filter(({ correct }) => correct > 0)
        .map(({ set, fixAtBroken }) => [
          set,
          ...fixAtBroken.map(({ fix, threshold }) => `${percent(fix.share)} (${threshold?.toFixed(3) ?? 'none'})`),
        ]),
      note: 'Sets without correct inputs are left out.',
    },
    {
      title: `Calibration of changed queries, ${rate} % of inputs taken as misspelled`,
      columns: [
        'set',
        'changed',
        'error [95 %]',
        'by chance (95 % below)',
        'beyond chance',
        'precision suggest %',
        'precision auto %',
      ],
      rows: sets
        .filter(({ correct, needCorrection }) => correct > 0 && needCorrection > 0)
        .map(({ set, calibration, suggest, auto }) => [
          set,
          String(calibration.changed),
          ...calibrationCells(calibration),
          ...[suggest, auto].map(({ precisionAtErrorRate: p }) => percentWithin(p.value, p.low, p.high)),
        ]),
      note: 'By chance: what confidences that are all exactly right would show on so many rows. Sets without correct inputs are left out: nothing says how often a correct query would be changed.',
    },
    reliabilityTable(sets.at(-1), rate),
    {
      title: 'By kind of error',
      columns: ['set: kind', 'rows', 'fix suggest %', 'fix auto %', 'top-5 %', 'reach 8 %'],
      rows: sets.flatMap(({ set, slices }) =>
        slices.map(({ slice, suggest, auto, top5, reach }) => [
          `${set}: ${slice}`,
          String(suggest.of),
          percentWithin(suggest.share, suggest.low, suggest.high),
          percent(auto.share),
          percent(top5.share),
          percent(reach.share),
        ]),
      ),
      note: '',
    },
    timesTable(report),
  ];
}

/** Of all sets together where there are several. */
function reliabilityTable(set: SetFigures | undefined, rate: string): Table {
  return {
    title: `Calibration by words and by what was changed${set === undefined ? '' : `: ${set.set}`}, ${rate} % of inputs taken as misspelled`,
    columns: ['group', 'changed', 'confidence %', 'right %', 'off by', 'by chance (one sd)'],
    rows: (set?.reliability ?? []).map(({ group, changed, confidence, right, byChance }) => [
      group,
      String(changed),
      percent(confidence),
      percent(right),
      `${right < confidence ? '' : '+'}${(right - confidence).toFixed(3)}`,
      byChance.toFixed(3),
    ]),
    note: '',
  };
}

/** Error with its interval, the error by chance, and what is beyond it. */
function calibrationCells({ error, byChance }: SetFigures['calibration']): string[] {
  const { value, low, high } = error;
  if (value === null || byChance === null) return ['-', '-', '-'];
  return [
    `${value.toFixed(3)} [${low?.toFixed(3)}, ${high?.toFixed(3)}]`,
    `${byChance.mean.toFixed(3)} (${byChance.high.toFixed(3)})`,
    beyondChance(value, byChance).toFixed(3),
  ];
}

function levelTable(sets: readonly SetFigures[], level: Level, title: string, rate: string): Table {
  const first = sets[0]?.[level];
  return {
    title,
    columns: [
      'set',
      'need',
      'fix %',
      'wrong %',
      'correct',
      'broken %',
      ...(first?.net ?? []).map((net) => `net(${percent(net.rate, 0)} %)`),
      'edit P %',
      'edit R %',
      'F0.5 %',
    ],
    rows: sets.map((set) => {
      const figures: LevelFigures = set[level];
      const { fix, broken, net, edits, verdicts } = figures;
      return [
        set.set,
        String(set.needCorrection),
        percentWithin(fix.share, fix.low, fix.high),
        percent(set.needCorrection === 0 ? null : verdicts.wrong / set.needCorrection),
        String(set.correct),
        percentWithin(broken.share, broken.low, broken.high, 2),
        ...net.map(({ value }) => percent(value, 2)),
        percent(edits.precision.share),
        percent(edits.recall.share),
        percentWithin(edits.fHalf.value, edits.fHalf.low, edits.fHalf.high),
      ];
    }),
    note: level === 'suggest' ? `Calibration and precision below are at ${rate} % misspelled queries.` : '',
  };
}

function timesTable({ times }: Report): Table {
  return {
    title: 'Time a query inside this process, ms (apart: it depends on the machine and what else it does)',
    columns: ['set', 'p50', 'p99', 'max'],
    rows: Object.entries(times).map(([set, { p50Ms, p99Ms, maxMs }]) => [
      set,
      ...[p50Ms, p99Ms, maxMs].map((ms) => ms.toFixed(2)),
    ]),
    note: '',
  };
}

/** One line on what was measured: dataset, options, sample, rows skipped. */
export function reportSummary(report: Report): string {
  const { dataset, options, sample, part, excluded, sets } = report;
  const skipped = sets.reduce((sum, set) => sum + set.skipped, 0);
  const parts = [
    `dataset ${dataset.slice(0, 19)}`,
    `error rate ${options.errorRate}`,
    `cost of breaking ${options.costOfBreaking}`,
    `edits <= ${options.maxEdits}`,
  ];
  if (sample !== null) parts.push(`at most ${sample.size} rows a set, seed ${sample.seed}`);
  if (part !== null) parts.push(`part ${part.index} of ${part.of} by ${part.by}`);
  if (excluded > 0) parts.push(`without ${excluded} inputs`);
  if (skipped > 0) parts.push(`${skipped} rows without input or right answer skipped`);
  return parts.join(' · ');
}
