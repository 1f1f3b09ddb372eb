/** Rules and queries with their terms as Emend cuts them, so that both sides of a comparison cut alike. */
import { queryTerms } from '../../services/rules/compile/sequence.ts';
import { exportRules } from '../../services/rules/formats/registry.ts';
import type { Action, Rule, RuleSet, Trigger } from '../../services/rules/model/rule.ts';
import { escapeSequence, plainSequence } from '../../services/rules/model/sequence-text.ts';

/** Synonyms as the text of a synonyms.txt. */
export function cutSynonyms({ rules }: RuleSet): string {
  const cut = rules.flatMap((rule): Rule[] => {
    const triggers = rule.triggers.flatMap((trigger): Trigger[] => {
      const text = trigger.kind === 'sequence' ? cutText(plainSequence(trigger.text) ?? '') : '';
      return text === '' ? [] : [{ kind: 'sequence', text: escapeSequence(text) }];
    });
    const actions = rule.actions.flatMap((action): Action[] => {
      const to = action.do === 'synonym' ? cutText(action.to) : '';
      return action.do !== 'synonym' || to === '' ? [] : [{ ...action, to }];
    });
    // Terms that differ in signs alone are one.
    const each = { triggers: distinct(triggers), actions: distinct(actions) };
    const isList = triggers.length > 1 && actions.length > 1;
    const isLeft = each.triggers.length > 0 && each.actions.length > 0 && !(isList && each.actions.length === 1);
    return isLeft ? [{ ...rule, ...each }] : [];
  });
  return exportRules('solr', { rules: cut }, {}).text;
}

function distinct<T>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** A text as terms between single spaces. */
export function cutText(text: string): string {
  return queryTerms(text).join(' ');
}
