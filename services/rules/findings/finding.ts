/** What may be wrong with rules that can all act: nothing of it keeps them from being published. */

export type FindingKind = 'shadowed' | 'dead' | 'duplicate' | 'conflict' | 'cycle';

export interface Finding {
  readonly kind: FindingKind;
  /** The rule that it is about. */
  readonly rule: string;
  /** Other rules that take part. */
  readonly others: readonly string[];
  readonly message: string;
}
