/**
 * | code | when |
 * | --- | --- |
 * | `RULES_SYNTAX` | lines of a rules file that cannot be understood; `problems` has them all |
 * | `RULES_TEXT_VERSION` | rules whose terms were normalised by another version of `stores/text` |
 */
export type RuleErrorCode = 'RULES_SYNTAX' | 'RULES_TEXT_VERSION';

/** What is wrong with one line of a rules file. */
export interface LineProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** An error in the rules: the message says what was expected, what was found and what to do. */
export class RuleError extends Error {
  readonly code: RuleErrorCode;
  /** For `RULES_SYNTAX` every line that is wrong, in order; else empty. */
  readonly problems: readonly LineProblem[];

  constructor(code: RuleErrorCode, message: string, problems: readonly LineProblem[] = []) {
    super(message);
    this.name = 'RuleError';
    this.code = code;
    this.problems = problems;
  }
}
