/** The text of rules that SMUI deploys: Querqy's common rules, with undirected synonyms as two rules, and redirects as decorations. */
import type { Action, Rule, SequenceTrigger } from '../../model/rule.ts';
import { plainSequence } from '../../model/sequence-text.ts';
import { readQuerqy } from '../querqy/parse.ts';
import type { RuleImport } from '../shared/rule-import.ts';
import { isPlainSynonym, synonym } from '../shared/synonyms.ts';

/** Reads a file of rules. */
export function readSmuiRules(into: RuleImport, lines: readonly string[]): void {
  readQuerqy(into, lines, { booleanInput: false, place: {} });
  into.replaceRules((rules) => joinPairs(rules.map(withRedirects)));
}

/** `DECORATE: REDIRECT URL` as a redirect. */
function withRedirects(rule: Rule): Rule {
  const actions = rule.actions.map((action): Action => {
    const text =
      action.do === 'decorate' && action.key === undefined && typeof action.value === 'string' ? action.value : '';
    const url = /^REDIRECT\s+(\S.*)$/.exec(text)?.[1];
    return url === undefined ? action : { do: 'redirect', to: url };
  });
  return { ...rule, actions };
}

/** Two rules that are synonyms of one another become one for both. */
function joinPairs(rules: readonly Rule[]): Rule[] {
  const byInput = new Map<string, number>();
  for (const [i, rule] of rules.entries()) {
    const key = keyOf(rule);
    if (key !== undefined && !byInput.has(key)) byInput.set(key, i);
  }
  const taken = rules.map(() => new Set<Action>());
  const joined: { readonly after: number; readonly rule: Rule }[] = [];
  for (const [i, rule] of rules.entries()) {
    const [own, anchor] = [textOf(rule), anchorOf(rule)];
    if (own === undefined) continue;
    for (const action of rule.actions) {
      if (!isPlainSynonym(action) || taken[i]?.has(action)) continue;
      const j = byInput.get(`${anchor} ${action.to}`);
      const other = j === undefined || j <= i ? undefined : rules[j];
      const back = other?.actions.find((one) => isPlainSynonym(one) && one.to === own);
      if (other === undefined || back === undefined || j === undefined) continue;
      taken[i]?.add(action);
      taken[j]?.add(back);
      const triggers = [...rule.triggers, ...other.triggers];
      joined.push({
        after: i,
        rule: { ...rule, id: `${rule.id}/${action.to}`, triggers, actions: [synonym(own), synonym(action.to)] },
      });
    }
  }
  return rules.flatMap((rule, i) => {
    const left = rule.actions.filter((action) => !taken[i]?.has(action));
    const pairs = joined.filter(({ after }) => after === i).map((pair) => pair.rule);
    return left.length === 0 ? pairs : [{ ...rule, actions: left }, ...pairs];
  });
}

function keyOf(rule: Rule): string | undefined {
  const text = textOf(rule);
  return text === undefined ? undefined : `${anchorOf(rule)} ${text}`;
}

function textOf({ triggers }: Rule): string | undefined {
  const [trigger] = triggers;
  return triggers.length === 1 && trigger?.kind === 'sequence' ? plainSequence(trigger.text) : undefined;
}

function anchorOf({ triggers }: Rule): string {
  return (triggers[0] as SequenceTrigger | undefined)?.anchor ?? 'any';
}
