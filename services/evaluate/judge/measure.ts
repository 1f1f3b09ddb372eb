/** Runs the rewriter over labelled rows: one query after the other, as a caller would. */
import { performance } from 'node:perf_hooks';
import { percentile } from '../../figures/quantiles.ts';
import type { RewriteOptions } from '../../rewrite/options.ts';
import type { Rewriter } from '../../rewrite/rewriter.ts';
import type { EvalRow } from '../rows/eval-rows.ts';
import { judge, type Outcome } from './outcome.ts';

/** How many other readings an evaluation asks for: all that a caller can have, so that reach can be told. */
export const ASKED_ALTERNATIVES = 10;

/** Time a query inside the process, in milliseconds. On a shared machine it says little: no figure rests on it. */
export interface QueryTimes {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Judged rows and how long each query took, in milliseconds. */
export interface Measured {
  readonly outcomes: readonly Outcome[];
  readonly tookMs: readonly number[];
}

/**
 * Rewrites and judges every row in order. Memory: the answers' readings of all rows, about 1 KB a row.
 *
 * @param onRow told after each row, for progress
 */
export async function measure(
  rewriter: Rewriter,
  rows: readonly EvalRow[],
  options: RewriteOptions,
  onRow: () => void = () => {},
): Promise<Measured> {
  const asked = { ...options, alternatives: ASKED_ALTERNATIVES };
  const outcomes: Outcome[] = [];
  const tookMs: number[] = [];
  for (const row of rows) {
    const start = performance.now();
    const pending = rewriter.rewrite(row.input, asked);
    const answer = pending instanceof Promise ? await pending : pending;
    tookMs.push(performance.now() - start);
    outcomes.push(
      judge(row, {
        rewritten: answer.rewritten,
        decision: answer.decision,
        search: answer.search,
        confidence: answer.confidence,
        // Without their edits and evidence: thousands of rows are kept.
        alternatives: answer.alternatives.map(({ query, confidence }) => ({ query, confidence })),
      }),
    );
    onRow();
  }
  return { outcomes, tookMs };
}

/** Summary of the times of some queries; zeros for none. */
export function summariseTimes(tookMs: readonly number[]): QueryTimes {
  const sorted = [...tookMs].sort((a, b) => a - b);
  return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99), maxMs: sorted.at(-1) ?? 0 };
}
