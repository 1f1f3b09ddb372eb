import type { Syntax } from '../../stores/text/token.ts';

/** The names of the pipeline's workers, in the order in which they run. */
export const WORKER_NAMES = ['normalise', 'protect', 'rules', 'spell', 'ngram', 'phrases', 'expand'] as const;

export type WorkerName = (typeof WORKER_NAMES)[number];

/**
 * Whether rude words may be put in: `never`, or only those that were `typed` as part of a longer word (`fuckyou` becomes
 * `fuck you`). Those that were typed by themselves are never touched for it.
 */
export const RUDE_SETTINGS = ['never', 'typed'] as const;

export type RudeSetting = (typeof RUDE_SETTINGS)[number];

/** What a request is made in: for each key, of the owner's choosing, a value or several. Rules may ask for them. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** Which of the rules that match may act, by their properties. */
export interface RuleChoice {
  /** JsonPath filters (`property-filter.ts`): all of them must hold of a rule's properties. */
  readonly filter: readonly string[];
  /** `name asc` or `name desc`: rules by this property first, those without it last. Null: by their own order. */
  readonly sort: string | null;
  /** So many rules at most. Null: all. */
  readonly limit: number | null;
  /** Whether rules of one value of `sort` count as one. */
  readonly limitByLevel: boolean;
}

/** All rules, in their own order. */
export const ALL_RULES: RuleChoice = Object.freeze({ filter: [], sort: null, limit: null, limitByLevel: false });

/** What a request may ask of a rewrite, checked where it enters. */
export interface RewriteOptions {
  readonly workers: readonly WorkerName[];
  /** Largest edit distance a replacement may have: 0, 1 or 2; at 2 also what sounds alike or is a known misspelling. */
  readonly maxEdits: number;
  /** How many alternatives to answer: 0..10. */
  readonly alternatives: number;
  readonly explain: boolean;
  /** The text that somebody expected: the trace ends with why it is the answer, or is not. Null: nobody asks. */
  readonly want: string | null;
  /** The language of the query: a tag such as `en`. Null: the dataset's. */
  readonly language: string | null;
  readonly syntax: Syntax;
  /** Which rude words may be put in, at any level. */
  readonly rude: RudeSetting;
  /** Share of queries that are misspelled, 0..1 exclusive: the prior behind every confidence. */
  readonly errorRate: number;
  /** How many missed corrections a wrong change costs: `auto` begins above c / (c + 1). */
  readonly costOfBreaking: number;
  readonly context: RequestContext;
  readonly rules: RuleChoice;
  /** The moment that rules are looked at for, milliseconds since 1970. Null: now. No request over HTTP can set it. */
  readonly at: number | null;
}

/** The contract's defaults. */
export const DEFAULT_OPTIONS: RewriteOptions = Object.freeze({
  workers: WORKER_NAMES,
  maxEdits: 2,
  alternatives: 3,
  explain: false,
  want: null,
  language: null,
  syntax: 'plain',
  rude: 'never',
  errorRate: 0.06,
  costOfBreaking: 9,
  context: Object.freeze({}),
  rules: ALL_RULES,
  at: null,
});
