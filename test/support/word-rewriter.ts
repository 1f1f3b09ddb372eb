import type { Edit, ProtectedSpan, RewriteAnswer } from '../../services/rewrite/answer.ts';
import type { RewriteOptions } from '../../services/rewrite/options.ts';
import { IdentityRewriter } from './identity-rewriter.ts';

/** A rewriter that replaces single words by a table, and protects what has a digit: every part of an answer is there. */
export class WordRewriter extends IdentityRewriter {
  readonly #words: ReadonlyMap<string, string>;

  constructor(words: Readonly<Record<string, string>>) {
    super();
    this.#words = new Map(Object.entries(words));
  }

  override rewrite(query: string, options: RewriteOptions): RewriteAnswer {
    const unchanged = super.rewrite(query, options) as RewriteAnswer;
    const edits: Edit[] = [];
    const held: ProtectedSpan[] = [];
    let rewritten = '';
    let end = 0;
    for (const match of query.matchAll(/\S+/g)) {
      const [word] = match;
      const to = this.#words.get(word);
      if (/\d/.test(word)) held.push({ offset: match.index, length: word.length, why: 'number' });
      if (to === undefined) continue;
      rewritten += query.slice(end, match.index);
      edits.push({
        offset: match.index,
        length: word.length,
        from: word,
        to,
        rewrittenOffset: rewritten.length,
        rewrittenLength: to.length,
        kind: 'replace',
        worker: 'spell',
        decision: 'auto',
        confidence: 0.97,
        evidence: { errorLogP: -2.1, lmDelta: 7.4, toFrequency: 8120 },
      });
      rewritten += to;
      end = match.index + word.length;
    }
    rewritten += query.slice(end);
    if (edits.length === 0) return { ...unchanged, protected: held };
    return {
      ...unchanged,
      rewritten,
      decision: 'auto',
      confidence: 0.95,
      search: rewritten,
      edits,
      protected: held,
      alternatives: [{ query: query.toUpperCase(), confidence: 0.03, edits: [] }],
      otherMass: 0.01,
      reasons: ['typo'],
      trace: [{ worker: 'spell', event: 'candidates', detail: { looked: 12 } }],
    };
  }
}
