/** What a draft of rules would do: over a query log, and to the rules themselves. */
import type { RewriteOptions } from '../rewrite/options.ts';
import type { Rewriter } from '../rewrite/rewriter.ts';
import type { Finding } from '../rules/findings/finding.ts';
import { findingsOf, newFindings } from '../rules/findings/findings.ts';
import type { RuleSet } from '../rules/model/rule.ts';
import { type CountedQuery, compareStates } from './compare.ts';
import { lostTerms, type Outcome, outcomeOf, sameOutcome } from './outcome.ts';

/** Changed queries of a report; all are counted. */
export const REPORTED_QUERIES = 1000;

/** A query that the draft changes. */
export interface ReportedChange extends CountedQuery {
  readonly before: Outcome;
  readonly after: Outcome;
  /** Terms that are searched for no more. */
  readonly lost: readonly string[];
}

export interface ReportedFinding extends Finding {
  /** Whether the live rules have it not. */
  readonly isNew: boolean;
}

/** The report. */
export interface RuleReport {
  /** Rules of both. */
  readonly rules: { readonly live: number; readonly draft: number };
  /** Null where no log was given. */
  readonly log: {
    readonly queries: number;
    readonly occurrences: number;
    readonly changedQueries: number;
    readonly changedOccurrences: number;
    /** Share of what was asked that the draft changes, 0..1. */
    readonly touched: number;
    /** Queries that lose terms. */
    readonly losing: number;
    /** The most frequent first, {@link REPORTED_QUERIES} at most, those that lose terms before all others. */
    readonly changed: readonly ReportedChange[];
  } | null;
  readonly findings: readonly ReportedFinding[];
}

/** Both states of the rules, and rewriters by each. */
export interface BothStates {
  readonly live: RuleSet;
  readonly draft: RuleSet;
  readonly rewriters: { readonly live: Rewriter; readonly draft: Rewriter } | null;
}

/** Makes the report. @param nowMs windows of rules that ended before it do not count */
export async function ruleReport(
  { live, draft, rewriters }: BothStates,
  queries: readonly CountedQuery[],
  options: RewriteOptions,
  nowMs: number,
  onQuery: () => void = () => {},
): Promise<RuleReport> {
  const findings = findingsOf(draft, nowMs);
  const fresh = new Set(newFindings(findings, findingsOf(live, nowMs)));
  const log = rewriters === null ? null : await compareLog(rewriters, queries, options, onQuery);
  return {
    rules: { live: live.rules.length, draft: draft.rules.length },
    log,
    findings: findings.map((finding) => ({ ...finding, isNew: fresh.has(finding) })),
  };
}

/** Whether there is something that the draft brings and that should be looked at. */
export function hasNewFaults({ log, findings }: RuleReport): boolean {
  return findings.some(({ isNew }) => isNew) || (log?.losing ?? 0) > 0;
}

async function compareLog(
  rewriters: { readonly live: Rewriter; readonly draft: Rewriter },
  queries: readonly CountedQuery[],
  options: RewriteOptions,
  onQuery: () => void,
): Promise<NonNullable<RuleReport['log']>> {
  const outcome = (rewriter: Rewriter) => (query: string) => {
    const answer = rewriter.rewrite(query, options);
    return answer instanceof Promise ? answer.then(outcomeOf) : outcomeOf(answer);
  };
  const sides = { before: outcome(rewriters.live), after: outcome(rewriters.draft), same: sameOutcome };
  const { occurrences, changedOccurrences, changed, ...counts } = await compareStates(queries, sides, onQuery);
  const all = changed.map((one): ReportedChange => ({ ...one, lost: lostTerms(one.before, one.after) }));
  const losing = all.filter(({ lost }) => lost.length > 0);
  const others = all.filter(({ lost }) => lost.length === 0);
  return {
    queries: counts.queries,
    occurrences,
    changedQueries: changed.length,
    changedOccurrences,
    touched: occurrences === 0 ? 0 : changedOccurrences / occurrences,
    losing: losing.length,
    changed: [...losing, ...others].slice(0, REPORTED_QUERIES),
  };
}
