/** Two runs over the same rows: what the second one fixed and what it broke. */

import type { Table } from '../../figures/table.ts';
import type { Level, Outcome, Verdict } from '../judge/outcome.ts';
import type { JudgedSet } from '../judge/rows-file.ts';

/** A row that came out right in one of the runs and not in the other. */
export interface RowChange {
  readonly set: string;
  readonly input: string;
  readonly rights: readonly string[];
  readonly before: string;
  readonly after: string;
  readonly verdictBefore: Verdict;
  readonly verdictAfter: Verdict;
}

/** What differs at one level in one set. */
export interface SetDiff {
  readonly set: string;
  /** Rows that stand in both runs. */
  readonly rows: number;
  /** Rows that stand in only one of them. */
  readonly unmatched: number;
  /** Now right that were not: wrong inputs that are fixed, correct ones that are kept. */
  readonly gained: readonly RowChange[];
  /** Right before and not now. */
  readonly lost: readonly RowChange[];
  readonly fixBefore: number;
  readonly fixAfter: number;
  readonly brokenBefore: number;
  readonly brokenAfter: number;
  /** Two-sided sign test: how likely so uneven a split of gained and lost is when neither run is better. */
  readonly p: number;
}

/** Compares two runs set by set; rows are matched by set, input and right answers. */
export function diffRuns(before: readonly JudgedSet[], after: readonly JudgedSet[], level: Level): SetDiff[] {
  const diffs: SetDiff[] = [];
  for (const { name, outcomes } of after) {
    const old = before.find((set) => set.name === name);
    if (old !== undefined) diffs.push(diffSet(name, old.outcomes, outcomes, level));
  }
  return diffs;
}

/** The figures of a comparison as a table. */
export function diffTable(diffs: readonly SetDiff[], level: Level): Table {
  return {
    title: `Compared at ${level} level`,
    columns: ['set', 'rows', 'fixed before', 'after', 'broken before', 'after', 'gained', 'lost', 'p'],
    rows: diffs.map((diff) => [
      diff.set,
      String(diff.rows),
      String(diff.fixBefore),
      String(diff.fixAfter),
      String(diff.brokenBefore),
      String(diff.brokenAfter),
      String(diff.gained.length),
      String(diff.lost.length),
      diff.p < 0.001 ? '< 0.001' : diff.p.toFixed(3),
    ]),
    note: diffs.some(({ unmatched }) => unmatched > 0) ? 'Rows that stand in only one of the runs are left out.' : '',
  };
}

/** Both lists of a comparison as tables of rows. */
export function changeTables(diffs: readonly SetDiff[]): Table[] {
  const table = (title: string, pick: (diff: SetDiff) => readonly RowChange[]): Table => ({
    title,
    columns: ['set', 'input', 'right', 'before', 'after', 'verdict'],
    rows: diffs.flatMap((diff) =>
      pick(diff).map(({ set, input, rights, before, after, verdictBefore, verdictAfter }) => [
        set,
        input,
        rights.join(' | '),
        before,
        after,
        `${verdictBefore} > ${verdictAfter}`,
      ]),
    ),
    note: '',
  });
  return [
    table('Gained: right now, not before', ({ gained }) => gained),
    table('Lost: right before, not now', ({ lost }) => lost),
  ];
}

function diffSet(name: string, before: readonly Outcome[], after: readonly Outcome[], level: Level): SetDiff {
  const old = new Map<string, Outcome[]>();
  for (const outcome of before) {
    const key = keyOf(outcome);
    const same = old.get(key);
    if (same === undefined) old.set(key, [outcome]);
    else same.push(outcome);
  }
  const gained: RowChange[] = [];
  const lost: RowChange[] = [];
  let rows = 0;
  let unmatched = 0;
  const fixed = { before: 0, after: 0 };
  const broken = { before: 0, after: 0 };
  for (const outcome of after) {
    const was = old.get(keyOf(outcome))?.shift();
    if (was === undefined) {
      unmatched++;
      continue;
    }
    rows++;
    const [from, to] = [was.verdicts[level], outcome.verdicts[level]];
    if (from === 'fixed') fixed.before++;
    if (to === 'fixed') fixed.after++;
    if (from === 'broken') broken.before++;
    if (to === 'broken') broken.after++;
    if (isRight(from) === isRight(to)) continue;
    const change: RowChange = {
      set: name,
      input: outcome.row.input,
      rights: outcome.row.rights,
      before: outputOf(was, level),
      after: outputOf(outcome, level),
      verdictBefore: from,
      verdictAfter: to,
    };
    if (isRight(to)) gained.push(change);
    else lost.push(change);
  }
  for (const left of old.values()) unmatched += left.length;
  return {
    set: name,
    rows,
    unmatched,
    gained,
    lost,
    fixBefore: fixed.before,
    fixAfter: fixed.after,
    brokenBefore: broken.before,
    brokenAfter: broken.after,
    p: signTest(gained.length, lost.length),
  };
}

/** Two-sided p of a binomial test with p = 1/2; 1 when nothing differs. */
export function signTest(gained: number, lost: number): number {
  const n = gained + lost;
  if (n === 0) return 1;
  // Sums the smaller tail from its far end in logarithms: 2^-n underflows from n = 1075.
  let logTerm = -n * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= Math.min(gained, lost); k++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((n - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}

function keyOf({ row }: Outcome): string {
  return `${row.input}\t${row.rights.join('|')}`;
}

function isRight(verdict: Verdict): boolean {
  return verdict === 'fixed' || verdict === 'kept';
}

function outputOf({ row, answer }: Outcome, level: Level): string {
  if (answer.decision === 'none') return row.input;
  return level === 'suggest' ? answer.rewritten : answer.search;
}
