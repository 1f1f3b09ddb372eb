import type { Syntax } from '../../stores/text/token.ts';

/** The names of the pipeline's workers, in the order in which they run. */
export const WORKER_NAMES = ['normalise', 'protect', 'rules', 'spell', 'ngram', 'phrases', 'expand'] as const;

export type WorkerName = (typeof WORKER_NAMES)[number];

/** What a request may ask of a rewrite, checked where it enters. */
export interface RewriteOptions {
  readonly workers: readonly WorkerName[];
  /** Largest edit distance a replacement may have: 0, 1 or 2; at 2 also what sounds alike or is a known misspelling. */
  readonly maxEdits: number;
  /** How many alternatives to answer: 0..10. */
  readonly alternatives: number;
  readonly explain: boolean;
  /** The language of the query: a tag such as `en`. Null: the dataset's. */
  readonly language: string | null;
  readonly syntax: Syntax;
  /** Share of queries that are misspelled, 0..1 exclusive: the prior behind every confidence. */
  readonly errorRate: number;
  /** How many missed corrections a wrong change costs: `auto` begins above c / (c + 1). */
  readonly costOfBreaking: number;
}

/** The contract's defaults. */
export const DEFAULT_OPTIONS: RewriteOptions = Object.freeze({
  workers: WORKER_NAMES,
  maxEdits: 2,
  alternatives: 3,
  explain: false,
  language: null,
  syntax: 'plain',
  errorRate: 0.06,
  costOfBreaking: 9,
});
