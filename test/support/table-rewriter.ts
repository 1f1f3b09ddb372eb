import type { Decision, RewriteAnswer } from '../../services/rewrite/answer.ts';
import type { RewriteOptions } from '../../services/rewrite/options.ts';
import { IdentityRewriter } from './identity-rewriter.ts';

/** What a {@link TableRewriter} answers to one query. */
export interface TableEntry {
  readonly rewritten?: string;
  readonly decision?: Decision;
  readonly confidence?: number;
  readonly alternatives?: readonly (readonly [query: string, confidence: number])[];
}

/** A real, small rewriter: it looks whole queries up in a table and leaves alone what does not stand there. */
export class TableRewriter extends IdentityRewriter {
  readonly #table: ReadonlyMap<string, TableEntry>;
  readonly #waits: boolean;

  /** With `waits` every second answer is a promise, as when stores are read without blocking. */
  constructor(table: Readonly<Record<string, TableEntry>>, waits = false) {
    super();
    this.#table = new Map(Object.entries(table));
    this.#waits = waits;
  }

  override rewrite(query: string, options: RewriteOptions): RewriteAnswer | Promise<RewriteAnswer> {
    const unchanged = super.rewrite(query, options) as RewriteAnswer;
    const answer = { ...unchanged, ...this.#changes(query, options) };
    if (!this.#waits || this.asked.length % 2 === 0) return answer;
    return new Promise((done) => setTimeout(() => done(answer), this.asked.length % 3));
  }

  #changes(query: string, options: RewriteOptions): Partial<RewriteAnswer> {
    const entry = this.#table.get(query) ?? {};
    const rewritten = entry.rewritten ?? query;
    const decision = entry.decision ?? (rewritten === query ? 'none' : 'auto');
    return {
      rewritten,
      decision,
      confidence: entry.confidence ?? 0.99,
      search: decision === 'auto' ? rewritten : query,
      suggestion: decision === 'suggest' ? rewritten : null,
      highlighted: rewritten,
      alternatives: (entry.alternatives ?? [])
        .slice(0, options.alternatives)
        .map(([other, confidence]) => ({ query: other, confidence, edits: [] })),
      trace: [],
    };
  }
}
