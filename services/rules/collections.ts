/** The collections of rules, and the keys of rules in them. docs/rules.md describes each. */
import type { CollectionKind } from '../../stores/lmdb/format.ts';
import { normalise } from '../../stores/text/normalise.ts';
import { tokeniseDocument } from '../../stores/text/tokenise.ts';

/** Names of the collections, as the command line and the store know them. */
export const RULE_COLLECTIONS = ['protected', 'blocked', 'overrides', 'rude', 'polite', 'vocabulary'] as const;

export type RuleCollection = (typeof RULE_COLLECTIONS)[number];

/** What each is in the store. */
export const RULE_KINDS: Readonly<Record<RuleCollection, CollectionKind>> = Object.freeze({
  protected: 'set',
  blocked: 'set',
  overrides: 'map',
  rude: 'set',
  polite: 'set',
  vocabulary: 'map',
});

/** Most bytes of a rule's key. */
export const MAX_RULE_BYTES = 1900;

/** In a blocked rule: whatever was typed, or whatever it would become. */
export const ANY = '*';

/** Set in the `detail` of the blocked collection when it holds a rule `* => to`. */
export const BLOCKS_TARGETS = 1;
/** Set in the `detail` of the blocked collection when it holds a rule `from => *`. */
export const BLOCKS_SOURCES = 2;
/** The bits above them contain the largest number of terms on one side of a rule; 0 in collections imported by earlier versions. */
export const LONGEST_BLOCKED_SHIFT = 2;
/** Taken for those: far more terms than such a rule has. */
export const UNKNOWN_LONGEST_BLOCKED = 16;

/** Whether `name` is a collection's. */
export function isRuleCollection(name: string): name is RuleCollection {
  return (RULE_COLLECTIONS as readonly string[]).includes(name);
}

/** The terms of an author's text as the pipeline looks for them: normalised, joined by single spaces; '' for none. */
export function termsOf(text: string): string {
  return tokeniseDocument(text)
    .map((token) => token.text)
    .join(' ');
}

/** The key of a blocked correction. No term holds a tab. */
export function blockedKey(from: string, to: string): string {
  return `${from}\t${to}`;
}

/** The key of a whole-query override: the query in its normal form, punctuation and all. */
export function overrideKey(query: string): string {
  return normalise(query);
}
