import { randomUUID } from 'node:crypto';
import { normalise } from '../../stores/text/normalise.ts';
import { NO_OUTCOME, type RewriteAnswer } from './answer.ts';
import { escapeHtml } from './decide/highlight.ts';
import type { RewriteOptions } from './options.ts';

/**
 * The answer to a query that nobody looked at: as it was typed, with nothing known of it but the share of queries that are misspelled.
 *
 * @param reason a short stable word on why
 * @param dataset id of the dataset version that would have answered
 */
export function asTyped(query: string, options: RewriteOptions, reason: string, dataset: string): RewriteAnswer {
  return {
    query,
    rewritten: query,
    decision: 'none',
    confidence: 1 - options.errorRate,
    search: query,
    suggestion: null,
    highlighted: escapeHtml(query),
    edits: [],
    alternatives: [],
    otherMass: options.errorRate,
    normalized: normalise(query),
    protected: [],
    phrases: [],
    quantities: [],
    ...NO_OUTCOME,
    forSuggestion: null,
    rules: null,
    reasons: [reason],
    trace: [],
    dataset,
    queryId: randomUUID(),
    tookMs: 0,
  };
}
