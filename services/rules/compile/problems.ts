/** What is wrong with a rule set: every point of it, each with a code that programs can test. */

import type { ModelProblemCode } from '../model/errors.ts';

/** Stable; docs/rule-language.md lists them. */
export type RuleProblemCode =
  | ModelProblemCode
  | 'unknown-placeholder'
  | 'empty-placeholder'
  | 'too-many-terms'
  | 'no-action'
  | 'unknown-reference'
  | 'unknown-terms'
  | 'needs-terms'
  | 'bad-query';

/** One of them. */
export interface RuleProblem {
  /** JSON pointer into the rule set. */
  readonly pointer: string;
  /** The id of the rule, as far as it has one. */
  readonly rule?: string | undefined;
  readonly code: RuleProblemCode;
  readonly message: string;
}

/** `RULES_INVALID`: a rule set that cannot act. */
export type RuleSetErrorCode = 'RULES_INVALID';

/** Refuses a rule set. `problems` holds all that is wrong with it, in the order of the set. */
export class RuleSetError extends Error {
  readonly code: RuleSetErrorCode = 'RULES_INVALID';
  readonly problems: readonly RuleProblem[];

  constructor(problems: readonly RuleProblem[], what = 'the rule set') {
    const [first] = problems;
    const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
    super(`${what}: ${first?.pointer ?? ''}: ${first?.message ?? 'invalid'}${more}; nothing was changed`);
    this.name = 'RuleSetError';
    this.problems = problems;
  }
}

/** Collects problems while a rule set is walked through. */
export class ProblemList {
  readonly problems: RuleProblem[] = [];
  /** The rule being looked at. */
  rule: string | undefined;

  add(pointer: string, code: RuleProblemCode, message: string): void {
    this.problems.push({ pointer, rule: this.rule, code, message });
  }
}
