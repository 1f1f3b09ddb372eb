/** How far the candidates reach: where a right answer gets lost before the ranking, and what it costs to look so far. */

import { percentWithin } from '../../figures/numbers.ts';
import { type Share, shareOf } from '../../figures/shares.ts';
import type { Table } from '../../figures/table.ts';
import type { RewriteOptions } from '../../rewrite/options.ts';
import type { Exploration, Pipeline } from '../../rewrite/pipeline.ts';
import { type QueryTimes, summariseTimes } from '../judge/measure.ts';
import { comparable } from '../rows/comparable.ts';
import type { EvalSet } from '../rows/eval-rows.ts';

/** Readings among which a right answer must stand to count as among the best. */
export const BEST_READINGS = 8;

/** Work a query, on average over a set. */
export type MeanWork = Readonly<Record<keyof Exploration['work'], number>>;

/** What is measured of one set. */
export interface ReachFigures {
  readonly set: string;
  readonly needCorrection: number;
  /** Of the inputs that need correction, those with a right answer among the paths of the lattice. */
  readonly candidates: Share;
  /** Among the readings that the decoder handed to the ranker. */
  readonly decoded: Share;
  /** Among the {@link BEST_READINGS} that the ranker put first. */
  readonly best: Share;
  /** Over all rows, also those that need no correction. */
  readonly work: MeanWork;
  readonly times: QueryTimes;
  /** The rows whose right answer is not among the candidates, or not among the best. */
  readonly missed: readonly MissedRow[];
}

/** A row whose right answer got lost, and where. */
export interface MissedRow {
  readonly input: string;
  readonly rights: readonly string[];
  readonly lost: 'candidates' | 'decoder' | 'ranker';
}

/** Explores every row of a set in order. */
export function measureReach(
  explore: Pipeline['explore'],
  { name, rows }: EvalSet,
  options: RewriteOptions,
  onRow: () => void = () => {},
): ReachFigures {
  const counts = { needing: 0, candidates: 0, decoded: 0, best: 0 };
  const sums: Record<string, number> = {};
  const tookMs: number[] = [];
  const missed: MissedRow[] = [];
  for (const { input, rights } of rows) {
    const start = performance.now();
    const exploration = explore(input, options);
    tookMs.push(performance.now() - start);
    for (const [unit, amount] of Object.entries(exploration.work)) sums[unit] = (sums[unit] ?? 0) + amount;
    onRow();
    const wanted = rights.map(comparable);
    if (wanted.includes(comparable(input))) continue;
    counts.needing++;
    const place = exploration.readings.findIndex((text) => wanted.includes(comparable(text)));
    const isCandidate = place >= 0 || exploration.reads(wanted, comparable);
    if (isCandidate) counts.candidates++;
    if (place >= 0) counts.decoded++;
    if (place >= 0 && place < BEST_READINGS) counts.best++;
    else missed.push({ input, rights, lost: !isCandidate ? 'candidates' : place < 0 ? 'decoder' : 'ranker' });
  }
  const work = Object.fromEntries(
    Object.entries(sums).map(([unit, sum]) => [unit, sum / Math.max(1, rows.length)]),
  ) as MeanWork;
  return {
    set: name,
    needCorrection: counts.needing,
    candidates: shareOf(counts.candidates, counts.needing),
    decoded: shareOf(counts.decoded, counts.needing),
    best: shareOf(counts.best, counts.needing),
    work,
    times: summariseTimes(tookMs),
    missed,
  };
}

/** The figures as tables. */
export function reachTables(figures: readonly ReachFigures[]): Table[] {
  return [
    {
      title: 'Reach: of the inputs that need correction, those whose right answer is still there',
      columns: ['set', 'need', 'among the candidates %', 'among those decoded %', `among the ${BEST_READINGS} best %`],
      rows: figures.map(({ set, needCorrection, candidates, decoded, best }) => [
        set,
        String(needCorrection),
        ...[candidates, decoded, best].map(({ share, low, high }) => percentWithin(share, low, high)),
      ]),
      note: '',
    },
    {
      title: 'Work a query, on average, and its time in ms (apart: it depends on the machine)',
      columns: ['set', 'arcs', 'deletion probes', 'verified', 'lists cut', 'n-gram look-ups', 'p50', 'p99'],
      rows: figures.map(({ set, work, times }) => [
        set,
        ...[work.arcs, work.probes, work.verified, work.cutPostings, work.lookups].map((amount) => amount.toFixed(1)),
        ...[times.p50Ms, times.p99Ms].map((ms) => ms.toFixed(2)),
      ]),
      note: '',
    },
  ];
}

/** The missed rows as TSV: set, where the right answer got lost, input, right answers. */
export function encodeMissed(figures: readonly ReachFigures[]): string {
  const lines = figures.flatMap(({ set, missed }) =>
    missed.map(({ input, rights, lost }) => [set, lost, input, rights.join('|')].join('\t')),
  );
  return lines.map((line) => `${line}\n`).join('');
}
