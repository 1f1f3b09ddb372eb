/** A whole evaluation: sets in, report and judged rows out. */
import type { RewriteOptions } from '../rewrite/options.ts';
import type { Rewriter } from '../rewrite/rewriter.ts';
import type { EvalSet } from './eval-rows.ts';
import { figuresOf } from './figures.ts';
import { measure, type QueryTimes, summariseTimes } from './measure.ts';
import { sample } from './random.ts';
import type { Report } from './report.ts';
import type { JudgedSet } from './rows-file.ts';

/** How many rows of each set are measured, and which. */
export interface SampleSize {
  readonly size: number;
  readonly seed: number;
}

/** What comes of an evaluation. */
export interface Evaluation {
  readonly report: Report;
  readonly judged: readonly JudgedSet[];
}

/** The rows of each set that a sample keeps; all for null. */
export function sampleSets(sets: readonly EvalSet[], size: SampleSize | null): EvalSet[] {
  return sets.map((set) => (size === null ? set : { ...set, rows: sample(set.rows, size.size, size.seed) }));
}

/**
 * Measures every row of every set, already sampled, one query after the other.
 *
 * @param onRow told after each row, for progress
 */
export async function evaluateSets(
  rewriter: Rewriter,
  sets: readonly EvalSet[],
  options: RewriteOptions,
  sampled: SampleSize | null,
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
    sample: sampled,
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
