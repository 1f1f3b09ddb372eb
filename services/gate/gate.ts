/** Two dataset versions over a query log: what changes, what of it is better and worse, and what it costs. */
import { type CountedQuery, compareStates } from '../compare/compare.ts';
import { type Outcome, outcomeOf, sameOutcome } from '../compare/outcome.ts';
import { comparable } from '../evaluate/rows/comparable.ts';
import { bootstrap } from '../figures/bootstrap.ts';
import { percentile } from '../figures/quantiles.ts';
import { type Estimate, NO_ESTIMATE } from '../figures/shares.ts';
import type { RewriteAnswer } from '../rewrite/answer.ts';
import type { RewriteOptions } from '../rewrite/options.ts';
import type { Rewriter } from '../rewrite/rewriter.ts';
import type { Judged, JudgedQuery } from './judged.ts';

/** Changed queries of a report; all are counted. */
export const REPORTED_CHANGES = 1000;
/** Queries that both versions answer before any is timed: the first ones pay for the program, not for the data. */
const WARM_UP = 200;

/** Both versions. */
export interface Versions {
  readonly old: Rewriter;
  readonly new: Rewriter;
}

/** What is searched for at once, or also what is only offered. */
export const GATE_LEVELS = ['auto', 'suggest'] as const;

export type GateLevel = (typeof GATE_LEVELS)[number];

/** Judged queries that one version answers rightly and the other does not. */
export interface GateJudgement {
  readonly level: GateLevel;
  readonly judged: number;
  readonly fixes: number;
  readonly breaks: number;
  /** Fixes minus breaks of a judged query, -1..1, with its 95 % interval. */
  readonly net: Estimate;
  readonly broken: readonly string[];
}

/** Time of one rewrite, milliseconds. */
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A query that comes out otherwise. */
export interface GateChange extends CountedQuery {
  readonly before: Outcome;
  readonly after: Outcome;
}

/** What the gate found. */
export interface GateReport {
  readonly old: string;
  readonly new: string;
  readonly queries: number;
  readonly searches: number;
  readonly changedQueries: number;
  readonly changedSearches: number;
  /** Share of searches, 0..1; 0 where there are none. */
  readonly changed: number;
  /** The most frequent first, {@link REPORTED_CHANGES} at most. */
  readonly changes: readonly GateChange[];
  /** Null where nothing is judged. */
  readonly judgements: readonly GateJudgement[] | null;
  readonly undecided: number;
  readonly latency: { readonly old: Latency; readonly new: Latency };
  /** Why the new version may not pass; empty where it may. */
  readonly failures: readonly string[];
}

/** What a new version may not do. */
export interface GateLimits {
  /** Largest share of searches that may change, 0..1; null for any. */
  readonly maxChanged: number | null;
  /** How many times as long the 99th percentile may be; null for any. */
  readonly maxSlower: number | null;
}

/** Asks both versions about every query, one after another. */
export async function gateVersions(
  versions: Versions,
  queries: readonly CountedQuery[],
  judged: Judged,
  options: RewriteOptions,
  limits: GateLimits,
  onQuery: () => void = () => {},
): Promise<GateReport> {
  const asked = queries.filter(({ query }) => query.isWellFormed());
  for (const { query } of asked.slice(0, WARM_UP)) {
    await versions.old.rewrite(query, options);
    await versions.new.rewrite(query, options);
  }
  const times = { old: [] as number[], new: [] as number[] };
  const timed = (side: 'old' | 'new') => async (query: string) => {
    const start = performance.now();
    const answered = versions[side].rewrite(query, options);
    const answer = answered instanceof Promise ? await answered : answered;
    times[side].push(performance.now() - start);
    return outcomeOf(answer);
  };
  const sides = { before: timed('old'), after: timed('new'), same: sameOutcome };
  const { occurrences, changedOccurrences, changed } = await compareStates(asked, sides, onQuery);
  const judgements = judged.queries.length === 0 ? null : await judge(versions, judged.queries, options);
  const report = {
    old: versions.old.dataset,
    new: versions.new.dataset,
    queries: asked.length,
    searches: occurrences,
    changedQueries: changed.length,
    changedSearches: changedOccurrences,
    changed: occurrences === 0 ? 0 : changedOccurrences / occurrences,
    changes: changed.slice(0, REPORTED_CHANGES),
    judgements,
    undecided: judged.undecided,
    latency: { old: latencyOf(times.old), new: latencyOf(times.new) },
  };
  return { ...report, failures: failuresOf(report, limits) };
}

async function judge(
  versions: Versions,
  queries: readonly JudgedQuery[],
  options: RewriteOptions,
): Promise<GateJudgement[]> {
  const answers: { readonly judged: JudgedQuery; readonly old: RewriteAnswer; readonly new: RewriteAnswer }[] = [];
  for (const judged of queries) {
    if (!judged.query.isWellFormed()) continue;
    const old = await versions.old.rewrite(judged.query, options);
    answers.push({ judged, old, new: await versions.new.rewrite(judged.query, options) });
  }
  return GATE_LEVELS.map((level) => {
    const isRight = (answer: RewriteAnswer, { rights }: JudgedQuery) => rights.has(comparable(textOf(answer, level)));
    const gains = answers.map(
      ({ judged, old, new: newer }) => Number(isRight(newer, judged)) - Number(isRight(old, judged)),
    );
    const mean = (counts: ArrayLike<number>) =>
      gains.reduce((sum, gain, i) => sum + gain * (counts[i] ?? 0), 0) / gains.length;
    const ones = new Uint16Array(gains.length).fill(1);
    const [net = NO_ESTIMATE] =
      gains.length === 0 ? [] : bootstrap(gains.length, [mean(ones)], (counts) => [mean(counts)]);
    return {
      level,
      judged: gains.length,
      fixes: gains.filter((gain) => gain > 0).length,
      breaks: gains.filter((gain) => gain < 0).length,
      net,
      broken: answers.filter((_, i) => (gains[i] ?? 0) < 0).map(({ judged }) => judged.query),
    };
  });
}

/** What a user ends up with: what is searched for, or what is offered where the user takes every offer. */
function textOf(answer: RewriteAnswer, level: GateLevel): string {
  return level === 'auto' ? answer.search : (answer.suggestion ?? answer.search);
}

function latencyOf(times: readonly number[]): Latency {
  const sorted = [...times].sort((a, b) => a - b);
  if (sorted.length === 0) return { p50Ms: 0, p99Ms: 0 };
  return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) };
}

function failuresOf(report: Omit<GateReport, 'failures'>, { maxChanged, maxSlower }: GateLimits): string[] {
  const failures: string[] = [];
  for (const { level, fixes, breaks, net } of report.judgements ?? []) {
    if (net.high === null || net.high >= 0) continue;
    failures.push(`${level}: fixes ${fixes}, breaks ${breaks}: the whole interval of the difference is below 0`);
  }
  if (maxChanged !== null && report.changed > maxChanged) {
    failures.push(
      `${(100 * report.changed).toFixed(2)} % of searches change, more than the ${100 * maxChanged} % allowed`,
    );
  }
  const { old, new: newer } = report.latency;
  if (maxSlower !== null && newer.p99Ms > maxSlower * old.p99Ms) {
    failures.push(
      `p99 is ${newer.p99Ms.toFixed(2)} ms, more than ${maxSlower} times the ${old.p99Ms.toFixed(2)} ms of the old version`,
    );
  }
  return failures;
}
