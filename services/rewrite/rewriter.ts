import type { RudeWords } from '../../stores/profile/rude-words.ts';
import type { RewriteAnswer } from './answer.ts';
import type { RewriteOptions } from './options.ts';
import type { RuleEngine } from './rule-engine.ts';

/** Rewrites queries with one dataset version and the live rules. Never throws for anything a person can type. */
export interface Rewriter {
  /** Id of the dataset version: `sha256:` and 64 hexadecimal digits. */
  readonly dataset: string;

  /**
   * Rewrites one well-formed query (no lone surrogates: refuse them before). Answers at once, unless the stores are
   * configured to read without blocking and something has to come from disk: then a promise.
   */
  rewrite(query: string, options: RewriteOptions): RewriteAnswer | Promise<RewriteAnswer>;
}

/** People's decisions as the pipeline asks for them; `services/rules` answers from LMDB. All text is normalised. */
export interface RuleLookup {
  /** Whether the term, or the phrase of terms joined by single spaces, may never be changed. */
  isProtected(terms: string): boolean;
  /** The largest number of terms in a protected phrase: how far the pipeline need look. 0 when there are none. */
  readonly longestProtected: number;
  /** Whether it is forbidden that `from` becomes `to` (terms joined by single spaces), as a whole or by any run of terms in it. */
  isBlocked(from: string, to: string): boolean;
  /** The largest number of terms on one side of a blocked rule: how far around a change one can reach. 0 when there are none. */
  readonly longestBlocked: number;
  /** What the whole query is to become, as the rule's author wrote it, or undefined. */
  override(query: string): string | undefined;
  /** Words that are rude, or polite, beside those of the language: another object whenever they are others. None if left out. */
  readonly rudeWords?: RudeWords | undefined;
  /** The rule set in force: none if left out. */
  readonly engine?: RuleEngine | undefined;
  /** Names the state of all rules: another whenever any is another. */
  readonly revision?: string | undefined;
}
