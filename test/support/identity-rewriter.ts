import { NO_OUTCOME, type RewriteAnswer } from '../../services/rewrite/answer.ts';
import type { RewriteOptions } from '../../services/rewrite/options.ts';
import type { Rewriter } from '../../services/rewrite/rewriter.ts';

/** A rewriter that leaves every query as it is, and remembers what it was asked. */
export class IdentityRewriter implements Rewriter {
  readonly dataset = `sha256:${'0'.repeat(64)}`;
  readonly asked: { query: string; options: RewriteOptions }[] = [];

  rewrite(query: string, options: RewriteOptions): RewriteAnswer | Promise<RewriteAnswer> {
    this.asked.push({ query, options });
    return {
      query,
      rewritten: query,
      decision: 'none',
      confidence: 1,
      search: query,
      suggestion: null,
      normalized: query.toLowerCase(),
      highlighted: query.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`),
      edits: [],
      protected: [],
      alternatives: [],
      otherMass: 0,
      phrases: [],
      quantities: [],
      ...NO_OUTCOME,
      forSuggestion: null,
      rules: null,
      reasons: [],
      trace: options.explain ? [{ worker: 'normalise', event: 'identity' }] : [],
      dataset: this.dataset,
      queryId: 'q',
      tookMs: 0,
    };
  }
}
