/** A whole evaluation: sets in, report and judged rows out. */
import type { RewriteOptions } from '../rewrite/options.ts';
import type { Rewriter } from '../rewrite/rewriter.ts';
import { measure, type QueryTimes, summariseTimes } from './judge/measure.ts';
import type { JudgedSet } from './judge/rows-file.ts';
import type { Evaluation, Report } from './report/report.ts';
import type { EvalSet } from './rows/eval-rows.ts';
import type { Selection } from './rows/select.ts';
import { figuresOf } from './score/figures.ts';

/**
 * Measures every row of every set, already selected, one query after the other.
 *
 * @param selection how they were selected, for the report
 * @param onRow told after each row, for progress
 */
export async function evaluateSets(
  rewriter: Rewriter,
  sets: readonly EvalSet[],
  options: RewriteOptions,
  selection: Selection,
  onRow: () => void = () => {},
): Promise<Evaluation> {
  const judged: JudgedSet[] = [];
  const times: Record<string, QueryTimes> = {};
  for (const { name, rows } of sets) {
    const { outcomes, tookMs } = await measure(rewriter, rows, options, onRow);
    judged.push({ name, outcomes });
    times[name] = summariseTimes(tookMs);
  }
  const skipped = sets.map((set) => set.skipped);
  const { alternatives: _, explain: __, ...stated } = options;
  const report: Report = {
    report: 'emend-eval',
    version: 1,
    dataset: rewriter.dataset,
    options: stated,
    sample: selection.sample,
    part: selection.part,
    excluded: selection.excluded?.size ?? 0,
    sets: judged.map(({ name, outcomes }, i) => figuresOf(name, outcomes, skipped[i] ?? 0, options.errorRate)),
    all:
      judged.length < 2
        ? null
        : figuresOf(
            'all',
            judged.flatMap(({ outcomes }) => outcomes),
            skipped.reduce((sum, count) => sum + count, 0),
            options.errorRate,
          ),
    times,
  };
  return { report, judged };
}
