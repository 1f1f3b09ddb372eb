/** Synonyms of one query, seen together. */
import type { FiredAction, FiredRule } from '../../rewrite/rule-engine.ts';

/**
 * Leaves out synonyms that say what was matched, and keeps the original wherever one synonym of the same terms keeps it, or is
 * it: a list `a, b, c` is one rule, whose terms are all triggers and all synonyms.
 */
export function settledSynonyms(fired: readonly FiredRule[], terms: readonly string[]): readonly FiredRule[] {
  const kept = new Set<string>();
  let isSettled = true;
  for (const { actions } of fired) {
    for (const action of actions) {
      if (action.do !== 'synonym') continue;
      const isSame = isOriginal(action, terms);
      if (isSame || !action.keepOriginal) isSettled = false;
      if (isSame || action.keepOriginal) kept.add(`${action.from} ${action.to}`);
    }
  }
  if (isSettled) return fired;
  return fired.map((one) => ({
    ...one,
    actions: one.actions.flatMap((action): FiredAction[] => {
      if (action.do !== 'synonym') return [action];
      if (isOriginal(action, terms)) return [];
      return [{ ...action, keepOriginal: action.keepOriginal || kept.has(`${action.from} ${action.to}`) }];
    }),
  }));
}

function isOriginal(
  { terms: put, from, to }: Extract<FiredAction, { do: 'synonym' }>,
  terms: readonly string[],
): boolean {
  return put.length === to - from && put.every((term, i) => term === terms[from + i]);
}
