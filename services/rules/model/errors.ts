/** What may be wrong with a rule set in JSON; docs/rule-language.md lists them. */
export type ModelProblemCode =
  | 'bad-shape'
  | 'unknown-member'
  | 'bad-id'
  | 'duplicate-id'
  | 'empty-trigger'
  | 'two-wildcards'
  | 'bad-wildcard'
  | 'bad-placeholder'
  | 'empty-expression'
  | 'bad-regex'
  | 'too-many-regexes'
  | 'empty-text'
  | 'bad-number'
  | 'bad-window';

/** What is wrong at one place of a JSON document. */
export interface PointerProblem {
  readonly code: ModelProblemCode;
  /** RFC 6901; the empty text is the whole document. */
  readonly pointer: string;
  readonly message: string;
}

/**
 * | code | when |
 * | --- | --- |
 * | `RULES_JSON` | the text is not JSON |
 * | `RULES_MODEL` | values that no rule set has |
 */
export type ModelErrorCode = 'RULES_JSON' | 'RULES_MODEL';

/** A rule set in JSON that is none; `problems` has all that is wrong. */
export class ModelError extends Error {
  readonly code: ModelErrorCode;
  readonly problems: readonly PointerProblem[];

  constructor(code: ModelErrorCode, name: string, problems: readonly PointerProblem[]) {
    const [first] = problems;
    const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
    super(`${name}${first?.pointer ? `#${first.pointer}` : ''}: ${first?.message ?? 'not a rule set'}${more}`);
    this.name = 'ModelError';
    this.code = code;
    this.problems = problems;
  }
}
