/** What a judged sheet says: of the changes how many are right, and how many correct queries are broken. */

import { percent, percentWithin } from '../../figures/numbers.ts';
import { type Share, shareOf } from '../../figures/shares.ts';
import type { Table } from '../../figures/table.ts';
import { LEVELS, type Level } from '../judge/outcome.ts';
import type { Judgement, Sheet, SheetRow } from './sheet.ts';

/** The figures of one level, each distinct query counted once; `byCount` weighs it by how often it was asked. */
export interface JudgedFigures {
  readonly level: Level;
  readonly changed: number;
  readonly judged: Readonly<Record<Judgement, number>>;
  readonly unjudged: number;
  /** Right of those judged right, broken or wrong. */
  readonly precision: Share;
  /**
   * Broken of the queries taken to be correct: all but those judged right or wrong. Misspelled queries that were not
   * changed count as correct, so the share is a little low where many are missed.
   */
  readonly broken: Share;
  readonly byCount: { readonly precision: number | null; readonly broken: number | null };
}

/** The figures of a judged sheet at both levels. */
export function judgedFigures(sheet: Sheet): JudgedFigures[] {
  return LEVELS.map((level) => {
    const rows = level === 'suggest' ? sheet.rows : sheet.rows.filter(({ decision }) => decision === 'auto');
    const judged = tally(rows, () => 1);
    const asked = tally(rows, ({ count }) => count);
    // What is misspelled is told by the whole sheet, also where this level leaves it alone.
    const wrongQueries = tally(sheet.rows, () => 1);
    const wrongAsked = tally(sheet.rows, ({ count }) => count);
    const sure = judged.right + judged.broken + judged.wrong;
    const sureAsked = asked.right + asked.broken + asked.wrong;
    const correctAsked = sheet.occurrences - wrongAsked.right - wrongAsked.wrong;
    return {
      level,
      changed: rows.length,
      judged,
      unjudged: rows.filter(({ judgement }) => judgement === null).length,
      precision: shareOf(judged.right, sure),
      broken: shareOf(judged.broken, Math.max(judged.broken, sheet.queries - wrongQueries.right - wrongQueries.wrong)),
      byCount: {
        precision: sureAsked === 0 ? null : asked.right / sureAsked,
        broken: correctAsked <= 0 ? null : asked.broken / correctAsked,
      },
    };
  });
}

/** The figures as a table. */
export function judgedTable(figures: readonly JudgedFigures[]): Table {
  const unjudged = figures[0]?.unjudged ?? 0;
  return {
    title: 'Judged changes, each distinct query once; in brackets the 95 % interval, after the slash weighted by count',
    columns: ['level', 'changed', 'right', 'broken', 'wrong', 'unsure', 'precision %', 'broken %'],
    rows: figures.map(({ level, changed, judged, precision, broken, byCount }) => [
      level,
      String(changed),
      String(judged.right),
      String(judged.broken),
      String(judged.wrong),
      String(judged.unsure),
      `${percentWithin(precision.share, precision.low, precision.high)} / ${percent(byCount.precision)}`,
      `${percentWithin(broken.share, broken.low, broken.high, 2)} / ${percent(byCount.broken, 2)}`,
    ]),
    note: unjudged > 0 ? `${unjudged} changes are not judged yet and count as neither.` : '',
  };
}

function tally(rows: readonly SheetRow[], weight: (row: SheetRow) => number): Record<Judgement, number> {
  const totals: Record<Judgement, number> = { right: 0, broken: 0, wrong: 0, unsure: 0 };
  for (const row of rows) if (row.judgement !== null) totals[row.judgement] += weight(row);
  return totals;
}
