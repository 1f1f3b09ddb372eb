/**
 * What a rewrite answers. Offsets and lengths are UTF-16 code units: of the raw query, or of `rewritten` where the name
 * says so. `http/openapi.yaml` describes the same shapes to callers.
 */
import type { Json, NumberRange } from './rule-engine.ts';

/** What the caller should do: nothing, offer it ("did you mean"), or search for it ("showing results for"). */
export type Decision = 'none' | 'suggest' | 'auto';

export type EditKind = 'replace' | 'split' | 'merge' | 'override' | 'delete';

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
  /** Of an edit that a rule makes: whether people are to be told of it. Left out of all others. */
  readonly announce?: boolean;
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

/** A stretch of a text, in UTF-16 code units. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** What a rule did, and for what. */
export interface RuleMatch {
  /** Id of the rule. */
  readonly rule: string;
  /** Where in the raw query it matched. */
  readonly matched: Span;
  /** Where that stands in `rewritten`; left out where it is the same. */
  readonly matchedRewritten?: Span;
  /** P(the words that it matched were meant): 1 for what was typed. */
  readonly confidence: number;
}

/** Other terms for those matched. */
export interface Expansion extends RuleMatch {
  readonly terms: readonly string[];
  readonly weight: number;
  /** Whether what was matched is searched for too. */
  readonly keepOriginal: boolean;
}

/** A query of terms, phrases, `+` and `-`, or, where `raw`, of the engine's own syntax. */
export interface QueryFilter extends RuleMatch {
  readonly query: string;
  readonly raw: boolean;
}

export interface QueryBoost extends QueryFilter {
  readonly factor: number;
  readonly demote: boolean;
}

/** A range of a field, of a number with a unit: both ends inclusive. Of one `matched` any one of these holds. */
export interface RangeFilter extends RuleMatch {
  readonly field: string;
  readonly range: NumberRange;
}

/** A score that falls in a line from `factor` at `value` to `factorFrom` and `factorTo` at the ends of the range. */
export interface RangeBoost extends RangeFilter {
  readonly value: number;
  readonly factor: number;
  readonly factorFrom: number;
  readonly factorTo: number;
}

export type RuleFilter = QueryFilter | RangeFilter;
export type RuleBoost = QueryBoost | RangeBoost;

export interface Decoration extends RuleMatch {
  readonly key: string | null;
  readonly value: Json;
}

export interface Redirect extends RuleMatch {
  readonly url: string;
}

/** Documents to put first or to leave out, as the rule's author says it. */
export interface DocumentsAction extends RuleMatch {
  readonly documents: Json;
}

export interface ParametersAction extends RuleMatch {
  readonly parameters: Json;
}

/** Words that belong together. */
export interface Phrase extends Span {
  readonly terms: readonly string[];
  readonly confidence: number;
}

/** A number with a unit. */
export interface Quantity extends Span {
  readonly value: number;
  readonly unit: string;
  /** The same in the unit of its kind. */
  readonly normal: { readonly value: number; readonly unit: string };
  readonly confidence: number;
}

/** What rules add to a text that is searched for. */
export interface RuleOutcome {
  readonly expansions: readonly Expansion[];
  readonly filters: readonly RuleFilter[];
  readonly boosts: readonly RuleBoost[];
  readonly decorations: readonly Decoration[];
  readonly redirect: Redirect | null;
  readonly pins: readonly DocumentsAction[];
  readonly hides: readonly DocumentsAction[];
  readonly parameters: readonly ParametersAction[];
}

/** Of no rule. */
export const NO_OUTCOME: RuleOutcome = Object.freeze({
  expansions: [],
  filters: [],
  boosts: [],
  decorations: [],
  redirect: null,
  pins: [],
  hides: [],
  parameters: [],
});

/** The answer to one query. Applying `edits` from right to left to `query` gives `rewritten`. */
export interface RewriteAnswer extends RuleOutcome {
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
  readonly phrases: readonly Phrase[];
  readonly quantities: readonly Quantity[];
  /** What rules add to `suggestion`; null without one, or without rules. */
  readonly forSuggestion: RuleOutcome | null;
  /** The state of the rules that answered; null where none were asked. */
  readonly rules: string | null;
  /** Short stable words on why the answer is as it is, for example `unsupported-script`. */
  readonly reasons: readonly string[];
  /** Filled when `explain` is asked for. */
  readonly trace: readonly TraceEntry[];
  readonly dataset: string;
  readonly queryId: string;
  readonly tookMs: number;
}
