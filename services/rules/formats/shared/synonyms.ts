/** Sets of synonyms as rules, and rules that are such sets. */
import type { Action, Anchor, Rule, SequenceTrigger, SynonymAction, Trigger } from '../../model/rule.ts';
import { escapeSequence, plainSequence } from '../../model/sequence-text.ts';

/** A trigger for terms as they are. */
export function wordsTrigger(text: string, anchor: Anchor = 'any'): SequenceTrigger {
  const sequence = { kind: 'sequence', text: escapeSequence(squeeze(text)) } as const;
  return anchor === 'any' ? sequence : { ...sequence, anchor };
}

/** A synonym beside what was typed, or instead of it. */
export function synonym(to: string, keepOriginal = true, weight = 1): SynonymAction {
  return {
    do: 'synonym',
    to: squeeze(to),
    ...(weight === 1 ? {} : { weight }),
    ...(keepOriginal ? {} : { keepOriginal: false }),
  };
}

/** Each of these terms for each: one rule, each term a trigger and a synonym. */
export function equivalents(texts: readonly string[]): { triggers: Trigger[]; actions: Action[] } {
  const distinct = [...new Set(texts.map(squeeze))];
  return { triggers: distinct.map((text) => wordsTrigger(text)), actions: distinct.map((text) => synonym(text)) };
}

/** The terms of a rule that is such a set; undefined for another. */
export function equivalentsOf(rule: Pick<Rule, 'triggers' | 'actions'>): readonly string[] | undefined {
  const from = rule.triggers.map((trigger) => plainTrigger(trigger));
  const to = rule.actions.map((action) =>
    isPlainSynonym(action) && action.keepOriginal !== false ? action.to : undefined,
  );
  if (from.length < 2 || from.length !== to.length) return undefined;
  return from.every((text, i) => text !== undefined && text === to[i]) ? (from as string[]) : undefined;
}

/** The terms of a trigger anywhere in the query without wildcard or placeholder; undefined for another. */
export function plainTrigger(trigger: Trigger): string | undefined {
  if (trigger.kind !== 'sequence' || (trigger.anchor ?? 'any') !== 'any' || trigger.plurals) return undefined;
  return plainSequence(trigger.text);
}

/** Whether an action is a synonym of weight 1 for all that matched. */
export function isPlainSynonym(action: Action): action is SynonymAction {
  return action.do === 'synonym' && action.from === undefined && (action.weight ?? 1) === 1;
}

/** White space as single spaces, none around. */
export function squeeze(text: string): string {
  return text.trim().split(/\s+/).join(' ');
}
