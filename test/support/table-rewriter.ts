import type { Decision, RewriteAnswer } from '../../services/rewrite/answer.ts';
import type { RewriteOptions } from '../../services/rewrite/options.ts';
import type { Rewriter } from '../../services/rewrite/rewriter.ts';

/** What a {@link TableRewriter} answers to one query. */
export interface TableEntry {
  readonly rewritten?: string;
  readonly decision?: Decision;
  readonly confidence?: number;
  readonly alternatives?: readonly (readonly [query: string, confidence: number])[];
}

/** A real, small rewriter: it looks whole queries up in a table and leaves alone what does not stand there. */
export class TableRewriter implements Rewriter {
  readonly dataset = `sha256:${'0'.repeat(64)}`;
  readonly asked: { query: string; options: RewriteOptions }[] = [];
  readonly #table: ReadonlyMap<string, TableEntry>;
  readonly #waits: boolean;

  /** With `waits` every second answer is a promise, as when stores are read without blocking. */
  constructor(table: Readonly<Record<string, TableEntry>>, waits = false) {
    this.#table = new Map(Object.entries(table));
    this.#waits = waits;
  }

  rewrite(query: string, options: RewriteOptions): RewriteAnswer | Promise<RewriteAnswer> {
    this.asked.push({ query, options });
    const answer = this.#answer(query, options);
    if (!this.#waits || this.asked.length % 2 === 0) return answer;
    return new Promise((done) => setTimeout(() => done(answer), this.asked.length % 3));
  }

  #answer(query: string, options: RewriteOptions): RewriteAnswer {
    const entry = this.#table.get(query) ?? {};
    const rewritten = entry.rewritten ?? query;
    const decision = entry.decision ?? (rewritten === query ? 'none' : 'auto');
    return {
      query,
      rewritten,
      decision,
      confidence: entry.confidence ?? 0.99,
      search: decision === 'auto' ? rewritten : query,
      suggestion: decision === 'suggest' ? rewritten : null,
      normalized: query.toLowerCase(),
      highlighted: rewritten,
      edits: [],
      protected: [],
      alternatives: (entry.alternatives ?? [])
        .slice(0, options.alternatives)
        .map(([other, confidence]) => ({ query: other, confidence, edits: [] })),
      otherMass: 0,
      phrases: [],
      quantities: [],
      expansions: [],
      filters: [],
      boosts: [],
      decorations: [],
      reasons: [],
      trace: [],
      dataset: this.dataset,
      queryId: 'q',
      tookMs: 0,
    };
  }
}
