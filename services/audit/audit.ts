/** Rewrites a search log and says what would come of it. */
import { comparable } from '../evaluate/rows/comparable.ts';
import { shareOf } from '../figures/shares.ts';
import type { Edit, RewriteAnswer } from '../rewrite/answer.ts';
import { autoThreshold } from '../rewrite/decide/confidence.ts';
import type { RewriteOptions } from '../rewrite/options.ts';
import type { Rewriter } from '../rewrite/rewriter.ts';
import type { AuditLevel, AuditReport, AuditRow, AuditVocabulary, ShownEdit, Threshold, Weighed } from './report.ts';
import type { AskedQuery, SearchLog } from './search-log.ts';

/** Rows that the page shows of each level. */
export const SHOWN_ROWS = 100;
/** Steps of the slider, in percent. */
const THRESHOLDS = Array.from({ length: 50 }, (_, i) => 50 + i);

/** A changed query, with what decides about it at another threshold. */
interface Change {
  readonly asked: AskedQuery;
  readonly answer: RewriteAnswer;
}

/**
 * Rewrites the distinct queries of a log, the most frequent first.
 *
 * @param limit distinct queries that are rewritten; the others are told as not looked at
 * @param made the moment that the report names
 */
export async function auditLog(
  rewriter: Rewriter,
  log: SearchLog,
  options: RewriteOptions,
  { limit, made, vocabulary }: { limit: number; made: Date; vocabulary: AuditVocabulary | null },
  onQuery: () => void = () => {},
): Promise<AuditReport> {
  const queries = log.frequent(limit);
  const found = new Set<string>();
  for (const { query, good } of queries) if (good > 0) found.add(comparable(query));
  const changes: Change[] = [];
  for (const asked of queries) {
    if (asked.query.isWellFormed()) {
      const answered = rewriter.rewrite(asked.query, options);
      const answer = answered instanceof Promise ? await answered : answered;
      const isChange = answer.decision !== 'none' && comparable(answer.rewritten) !== comparable(asked.query);
      // Only what the page needs of an answer: a log may have hundreds of thousands of changes.
      if (isChange) changes.push({ asked, answer: { ...answer, trace: [], alternatives: [], phrases: [] } });
    }
    onQuery();
  }
  const autoAbove = autoThreshold(options.costOfBreaking);
  const known = { zero: queries.filter(isZero).length, good: queries.filter(isGood).length };
  const level = (decision: 'auto' | 'suggest') =>
    levelOf(
      changes.filter(({ answer }) => answer.decision === decision),
      known,
      found,
    );
  return {
    dataset: rewriter.dataset,
    made: made.toISOString(),
    settings: { errorRate: options.errorRate, costOfBreaking: options.costOfBreaking, autoAbove },
    log: {
      rows: log.rows,
      queries: log.distinct,
      searches: log.searches,
      looked: weigh(queries),
      zeroSearches: sum(queries, ({ zero }) => zero),
      goodSearches: sum(queries, ({ good }) => good),
    },
    auto: level('auto'),
    suggest: level('suggest'),
    thresholds: thresholdsOf(changes, autoAbove),
    vocabulary,
  };
}

/** A query known to find nothing more often than something; and the reverse. Each is one of the two, or unknown. */
function isZero({ zero, good }: AskedQuery): boolean {
  return zero > good;
}

function isGood({ zero, good }: AskedQuery): boolean {
  return good > 0 && good >= zero;
}

function levelOf(
  changes: readonly Change[],
  known: { readonly zero: number; readonly good: number },
  found: ReadonlySet<string>,
): AuditLevel {
  const asked = changes.map((change) => change.asked);
  const zero = changes.filter((change) => isZero(change.asked));
  const confirmed = zero.filter(({ answer }) => found.has(comparable(answer.rewritten)));
  return {
    changed: weigh(asked),
    zeroChanged: shareOf(zero.length, known.zero),
    zeroConfirmed: shareOf(confirmed.length, known.zero),
    zeroSearches: sum(asked, (one) => one.zero),
    goodChanged: shareOf(asked.filter(isGood).length, known.good),
    goodSearches: sum(asked, (one) => one.good),
    rows: changes.slice(0, SHOWN_ROWS).map((change) => rowOf(change, found)),
  };
}

function rowOf({ asked, answer }: Change, found: ReadonlySet<string>): AuditRow {
  const { query, count, zero, good } = asked;
  const { rewritten, decision, confidence, edits } = answer;
  const isConfirmed = found.has(comparable(rewritten));
  return { query, rewritten, decision, confidence, count, zero, good, isConfirmed, edits: edits.map(shownEdit) };
}

function shownEdit(edit: Edit): ShownEdit {
  const { from, to, kind, confidence, evidence, offset, length, rewrittenOffset, rewrittenLength } = edit;
  return { from, to, kind, confidence, evidence, offset, length, rewrittenOffset, rewrittenLength };
}

/**
 * What would be made without asking at each threshold. Where a change is only offered although it is likely enough, or
 * replaces a known word, no threshold makes it.
 */
function thresholdsOf(changes: readonly Change[], autoAbove: number): Threshold[] {
  const open = changes.filter(({ answer: { decision, confidence, edits } }) => {
    if (decision === 'auto') return true;
    return confidence <= autoAbove && !edits.some(({ evidence }) => evidence['fromKnown'] === true);
  });
  return THRESHOLDS.map((percent) => {
    const above = percent / 100;
    const made = open.filter(({ answer }) => answer.confidence > above).map(({ asked }) => asked);
    const [zeroSearches, goodSearches] = [sum(made, ({ zero }) => zero), sum(made, ({ good }) => good)];
    return { above, ...weigh(made), zeroSearches, goodSearches };
  });
}

function weigh(asked: readonly AskedQuery[]): Weighed {
  return { queries: asked.length, searches: sum(asked, ({ count }) => count) };
}

function sum<T>(list: readonly T[], value: (one: T) => number): number {
  return list.reduce((total, one) => total + value(one), 0);
}
