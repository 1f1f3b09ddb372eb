/**
 * What a rule is: the one model between the formats of the field (`formats`), the matcher, and the pipeline. Its JSON form is
 * the object itself with what has its default left out; `docs/rule-language.md` is its manual.
 */
import type { JsonValue } from '../../../stores/lmdb/values.ts';

/** A rule. All texts of terms are as their author wrote them; they are normalised when the rule is compiled. */
export interface Rule {
  /** Unique in its rule set; 1 to 512 bytes of UTF-8. */
  readonly id: string;
  /** Any one of them fires the rule. None: it never fires; `{ kind: 'always' }` says always. */
  readonly triggers: readonly Trigger[];
  readonly actions: readonly Action[];
  /** Default true. */
  readonly enabled?: boolean;
  /** Windows in which it holds, any one of them. Default: always. */
  readonly validity?: readonly Validity[];
  /** What the request's `context` must hold: for each key one of the values. Default: nothing. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
  /** Lower goes first. Default 0. */
  readonly priority?: number;
  /** Whether no rule after this one fires in the same query. Default false. */
  readonly stop?: boolean;
  /** Properties of the owner's, for `filter`, `sort` and `limitByLevel` of a request. */
  readonly properties?: Readonly<Record<string, JsonValue>>;
  readonly tags?: readonly string[];
  readonly comment?: string;
  /** Where it was read. */
  readonly source?: RuleSource;
}

/** Where a rule stands in the file it came from: a line (counted from 1) or a JSON pointer. */
export interface RuleSource {
  readonly file?: string;
  readonly line?: number;
  readonly pointer?: string;
}

/** From (inclusive) and until (exclusive), milliseconds since 1970; open where absent. */
export interface Validity {
  readonly from?: number;
  readonly until?: number;
}

/** Where in the query a sequence must stand. */
export type Anchor = 'any' | 'start' | 'end' | 'both';

export type Trigger = SequenceTrigger | BooleanTrigger | RegexTrigger | AlwaysTrigger | EmptyTrigger;

/**
 * Terms in a row. `text` is split at white space; `sofa*` is a prefix and `*hemd` a suffix of one term (at most one in a sequence; it
 * stands for one or more letters, or none too where `wildcardMayBeEmpty`), `{brand}` any value, of one or more terms, of the
 * collection `brand`. `\` makes the sign after it a letter.
 */
export interface SequenceTrigger {
  readonly kind: 'sequence';
  readonly text: string;
  /** Default `any`. */
  readonly anchor?: Anchor;
  /** Whether the other number of a noun matches too. Default false. */
  readonly plurals?: boolean;
  /** Default false. */
  readonly wildcardMayBeEmpty?: boolean;
}

/** A condition over sequences: fires where the expression is true of the whole query. */
export interface BooleanTrigger {
  readonly kind: 'boolean';
  readonly expression: Expression;
}

export type Expression =
  | { readonly and: readonly Expression[] }
  | { readonly or: readonly Expression[] }
  | { readonly not: Expression }
  | { readonly sequence: Omit<SequenceTrigger, 'kind'> };

/** A regular expression of RE2's syntax over whole runs of terms, joined by single spaces. At most 500 in a rule set. */
export interface RegexTrigger {
  readonly kind: 'regex';
  readonly pattern: string;
}

/** Fires for every query. */
export interface AlwaysTrigger {
  readonly kind: 'always';
}

/** Fires for the query without a term. */
export interface EmptyTrigger {
  readonly kind: 'empty';
}

/**
 * What a rule does. In texts `$1` is what the wildcard stood for, or a group of a regular expression, and `{brand}` what the
 * placeholder stood for.
 */
export type Action =
  | ReplaceAction
  | DeleteAction
  | SynonymAction
  | BoostAction
  | FilterAction
  | DecorateAction
  | RedirectAction
  | PinAction
  | HideAction
  | ParametersAction;

/** Puts `to` where the trigger matched; where `from` is given, for these terms of it; where `whole`, for the whole query. */
export interface ReplaceAction {
  readonly do: 'replace';
  readonly to: string;
  readonly from?: string;
  /** Default false. */
  readonly whole?: boolean;
  /** Whether people are to be told of the change. Default false. */
  readonly announce?: boolean;
}

/** Takes the matched terms out of `search`, or these of them, each singly. It never leaves `search` empty. */
export interface DeleteAction {
  readonly do: 'delete';
  readonly terms?: string;
  /** Whether people are to be told of the change. Default false. */
  readonly announce?: boolean;
}

/** `to` as well as what matched (or these `from` terms of it), or instead of it. */
export interface SynonymAction {
  readonly do: 'synonym';
  readonly to: string;
  readonly from?: string;
  /** At least 0. Default 1. */
  readonly weight?: number;
  /** Whether what was typed stays. Default true. */
  readonly keepOriginal?: boolean;
}

/** A query of the engine's own syntax (`raw`), or of terms with `+`, `-` and phrases. */
export interface QueryPart {
  readonly query: string;
  /** Whether `query` is handed through as it is. Default false. */
  readonly raw?: boolean;
}

/** Ranks what matches the query higher (factor over 0) or, with `demote`, lower. */
export interface BoostAction extends QueryPart {
  readonly do: 'boost';
  /** Default 1. */
  readonly factor?: number;
  /** Default false. */
  readonly demote?: boolean;
}

export interface FilterAction extends QueryPart {
  readonly do: 'filter';
}

export interface DecorateAction {
  readonly do: 'decorate';
  readonly value: JsonValue;
  readonly key?: string;
}

export interface RedirectAction {
  readonly do: 'redirect';
  readonly to: string;
}

/** Handed through: `documents` is what the tool of origin says. */
export interface PinAction {
  readonly do: 'pin';
  readonly documents: JsonValue;
}

export interface HideAction {
  readonly do: 'hide';
  readonly documents: JsonValue;
}

/** Anything else that the engine is to be told, handed through. */
export interface ParametersAction {
  readonly do: 'parameters';
  readonly parameters: JsonValue;
}

/** Which of the rules that match act. */
export type Selection = 'all' | 'first' | 'exclusive' | 'longest';

/** A rule set: what is published as one, and what an import makes. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** Values of placeholders: for each name, the values. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** What numbers with a unit do, as in Querqy's number-unit configuration. */
  readonly quantities?: readonly QuantityRule[];
  /** Terms and phrases that spelling leaves alone, as those of the collection `protected`. */
  readonly protectedTerms?: readonly string[];
  readonly settings?: RuleSetSettings;
}

/** A number with one of these units becomes a filter on, and a boost by, these fields of documents. */
export interface QuantityRule {
  /** The number times `multiplier` is the value in the fields. At least one. */
  readonly units: readonly { readonly term: string; readonly multiplier: number }[];
  /** `scale`: decimals that are kept. At least one. */
  readonly fields: readonly { readonly name: string; readonly scale: number }[];
  readonly filter: QuantityRange;
  readonly boost: QuantityBoost;
  readonly source?: RuleSource;
}

/** How far below and above the value still counts, percent of the value. */
export interface QuantityRange {
  readonly below: number;
  readonly above: number;
}

/** Scores fall in a line from the value to the ends of the range. */
export interface QuantityBoost extends QuantityRange {
  readonly scoreBelow: number;
  readonly scoreAbove: number;
  readonly scoreAtValue: number;
  /** Added within `exact` of the value. */
  readonly scoreExact: number;
  readonly exact: QuantityRange;
}

export interface RuleSetSettings {
  /**
   * `all` (Querqy); `first` (Typesense stops at the first); `exclusive`: a match that overlaps a better one is dropped (Algolia);
   * `longest`: from the left, the longest match at each place, all rules of that match together (synonyms of Solr and
   * Elasticsearch, Querqy's replace rules). Default `all`.
   */
  readonly selection?: Selection;
  /** Order among rules of equal priority: as they stand in the set, or by Algolia's documented order. Default `listed`. */
  readonly order?: 'listed' | 'specific';
}
