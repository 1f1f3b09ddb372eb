/** The account of why a query was not rewritten as wanted: what `emend why` and the request option `want` answer. */
import type { Decision } from '../answer.ts';
import type { FeatureDifference } from '../rank/contributions.ts';

/**
 * How far the wanted text got. `auto`, `suggest`, `none`: it is the answer, with this decision (`none`: the query as typed was wanted);
 * `unsure`: the likeliest change, but too unlikely to be offered; `outranked`: another reading is likelier; `not-decoded`: it can be
 * read, but was not among the readings that were weighed; `rude`: it puts in a rude word; `not-proposed`: no candidates make it;
 * `ruled`: a rule decided.
 */
export type Verdict =
  | 'auto'
  | 'suggest'
  | 'none'
  | 'unsure'
  | 'outranked'
  | 'not-decoded'
  | 'rude'
  | 'not-proposed'
  | 'ruled';

/** The account of one query. */
export interface Why {
  readonly query: string;
  readonly want: string;
  readonly verdict: Verdict;
  readonly answer: { readonly rewritten: string; readonly decision: Decision; readonly confidence: number };
  /** The wanted reading's probability and its place among the readings, from 1; of one that was not decoded, as if it had been. Null where it cannot be read. */
  readonly wanted: { readonly probability: number; readonly place: number } | null;
  /** Above which probability a change is offered, and made. */
  readonly thresholds: { readonly suggest: number; readonly auto: number };
  /** The likeliest reading but for the wanted one. */
  readonly against: { readonly text: string; readonly probability: number } | null;
  /** What each feature adds to the log-odds of the wanted reading against that one, the most first. */
  readonly features: readonly FeatureDifference[];
  readonly obstacles: readonly Obstacle[];
  readonly remedy: Remedy;
}

/**
 * `protected`: nothing may change what was typed; `unknown-word`: the dataset does not have a wanted word, so that nothing proposes it;
 * `blocked`: a rule forbids it; `word-added`, `word-dropped`: Emend puts in no words and leaves none out; `too-far`: more than two letters differ;
 * `not-proposed`: other candidates came first.
 */
export type ObstacleKind =
  | 'protected'
  | 'unknown-word'
  | 'blocked'
  | 'word-added'
  | 'word-dropped'
  | 'too-far'
  | 'not-proposed';

/** A stretch of the query that cannot be read as wanted. */
export interface Obstacle {
  readonly offset: number;
  readonly length: number;
  readonly typed: string;
  readonly wanted: string;
  readonly kind: ObstacleKind;
  /** The words that are unknown, or why it is protected; '' otherwise. */
  readonly detail: string;
}

/** A remedy, as words and, where a command or a setting does it, as that. */
export interface Remedy {
  readonly text: string;
  /** A command line, or ''. */
  readonly command: string;
}
