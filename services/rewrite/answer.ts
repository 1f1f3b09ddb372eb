/**
 * What a rewrite answers. Offsets and lengths are UTF-16 code units: of the raw query, or of `rewritten` where the name
 * says so. `http/openapi.yaml` describes the same shapes to callers.
 */

/** What the caller should do: nothing, offer it ("did you mean"), or search for it ("showing results for"). */
export type Decision = 'none' | 'suggest' | 'auto';

export type EditKind = 'replace' | 'split' | 'merge' | 'override';

/** One stretch of the raw query and what takes its place. */
export interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly from: string;
  readonly to: string;
  readonly rewrittenOffset: number;
  readonly rewrittenLength: number;
  readonly kind: EditKind;
  readonly worker: string;
  readonly decision: Decision;
  /** P(this edit is what was meant), 0..1. */
  readonly confidence: number;
  /** Why: numbers and short words by name. */
  readonly evidence: Readonly<Record<string, number | string | boolean>>;
}

/** A stretch of the raw query that nothing may change; no edit of the answer touches it. */
export interface ProtectedSpan {
  readonly offset: number;
  readonly length: number;
  readonly why: string;
}

export interface Alternative {
  readonly query: string;
  readonly confidence: number;
  readonly edits: readonly Edit[];
}

export interface TraceEntry {
  readonly worker: string;
  readonly event: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** The answer to one query. Applying `edits` from right to left to `query` gives `rewritten`. */
export interface RewriteAnswer {
  readonly query: string;
  readonly rewritten: string;
  readonly decision: Decision;
  readonly confidence: number;
  readonly search: string;
  readonly suggestion: string | null;
  readonly normalized: string;
  readonly highlighted: string;
  readonly edits: readonly Edit[];
  readonly protected: readonly ProtectedSpan[];
  readonly alternatives: readonly Alternative[];
  readonly otherMass: number;
  readonly phrases: readonly unknown[];
  readonly quantities: readonly unknown[];
  readonly expansions: readonly unknown[];
  readonly filters: readonly unknown[];
  readonly boosts: readonly unknown[];
  readonly decorations: readonly unknown[];
  /** Short stable words on why the answer is as it is, for example `unsupported-script`. */
  readonly reasons: readonly string[];
  /** Filled when `explain` is asked for. */
  readonly trace: readonly TraceEntry[];
  readonly dataset: string;
  readonly queryId: string;
  readonly tookMs: number;
}
