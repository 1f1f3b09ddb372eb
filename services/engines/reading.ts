import type { Decision, RewriteAnswer } from '../rewrite/answer.ts';

/** An edit of {@link Reading}; offsets are UTF-16 code units. */
export interface ReadingEdit {
  readonly offset: number;
  readonly length: number;
  readonly from: string;
  readonly to: string;
  /** Where `to` stands in `rewritten`. */
  readonly rewrittenOffset: number;
  readonly rewrittenLength: number;
  readonly confidence: number;
  /** How often both were seen, as far as it is known. */
  readonly fromFrequency: number | null;
  readonly toFrequency: number | null;
}

/** What an engine's answer needs of a rewrite: the members of an answer by the same names. */
export interface Reading {
  readonly query: string;
  readonly rewritten: string;
  readonly decision: Decision;
  readonly confidence: number;
  readonly search: string;
  readonly suggestion: string | null;
  readonly edits: readonly ReadingEdit[];
  readonly alternatives: readonly { readonly query: string; readonly confidence: number }[];
  readonly queryId: string;
}

/** What of an answer is told on; `answer` may have come from another process as JSON. */
export function readingOf(answer: RewriteAnswer): Reading {
  const { query, rewritten, decision, confidence, search, suggestion, queryId } = answer;
  const edits = answer.edits.map((edit) => ({
    offset: edit.offset,
    length: edit.length,
    from: edit.from,
    to: edit.to,
    rewrittenOffset: edit.rewrittenOffset,
    rewrittenLength: edit.rewrittenLength,
    confidence: edit.confidence,
    fromFrequency: count(edit.evidence['fromFrequency']),
    toFrequency: count(edit.evidence['toFrequency']),
  }));
  const alternatives = answer.alternatives.map((other) => ({ query: other.query, confidence: other.confidence }));
  return { query, rewritten, decision, confidence, search, suggestion, edits, alternatives, queryId };
}

function count(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
