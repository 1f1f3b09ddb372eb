/** Rules that change what a list protects, or make a correction that a list blocks: they win, and whoever keeps the lists should know. */
import type { RuleLookup } from '../rewrite/rewriter.ts';
import { parseSequence, queryTerms } from './compile/sequence.ts';
import type { RuleSet } from './model/rule.ts';

/** One such rule. */
export interface GuardedPair {
  readonly rule: string;
  /** The terms that the list has, or that are replaced. */
  readonly from: string;
  /** What is put in; left out of deletions. */
  readonly to?: string;
  readonly list: 'protected' | 'blocked';
}

/** All of them, in the order of the rules; for sequences of terms alone. */
export function guardedPairs(
  set: RuleSet,
  lists: Pick<RuleLookup, 'isProtected' | 'longestProtected' | 'isBlocked'>,
): GuardedPair[] {
  const pairs: GuardedPair[] = [];
  const rows = (set.protectedTerms ?? []).map((text) => queryTerms(text));
  const texts = new Set(rows.map((row) => row.join(' ')));
  const own = {
    isProtected: (text: string) => texts.has(text),
    longestProtected: rows.reduce((longest, row) => Math.max(longest, row.length), 0),
  };
  for (const rule of set.rules) {
    const changes = rule.actions.flatMap((action): { from: string[] | undefined; to: string | undefined }[] => {
      if (action.do === 'replace') {
        return [{ from: action.from === undefined ? undefined : queryTerms(action.from), to: action.to }];
      }
      if (action.do !== 'delete') return [];
      return [{ from: action.terms === undefined ? undefined : literalTerms(action.terms), to: undefined }];
    });
    for (const trigger of rule.triggers) {
      if (trigger.kind !== 'sequence') continue;
      for (const change of changes) {
        const terms = change.from ?? literalTerms(trigger.text);
        const to = change.to === undefined ? undefined : queryTerms(change.to).join(' ');
        const held = protectedIn(terms, lists) ?? protectedIn(terms, own);
        const written = to === undefined ? {} : { to };
        if (held !== undefined) pairs.push({ rule: rule.id, from: held, ...written, list: 'protected' });
        const from = terms.join(' ');
        if (to !== undefined && terms.length > 0 && lists.isBlocked(from, to))
          pairs.push({ rule: rule.id, from, to, list: 'blocked' });
      }
    }
  }
  return pairs;
}

function literalTerms(text: string): string[] {
  return parseSequence(text).elements.flatMap((element) => (element.kind === 'term' ? [element.text] : []));
}

function protectedIn(
  terms: readonly string[],
  lists: Pick<RuleLookup, 'isProtected' | 'longestProtected'>,
): string | undefined {
  for (let from = 0; from < terms.length; from++) {
    for (let to = from + 1; to <= Math.min(terms.length, from + lists.longestProtected); to++) {
      const phrase = terms.slice(from, to).join(' ');
      if (lists.isProtected(phrase)) return phrase;
    }
  }
  return undefined;
}
