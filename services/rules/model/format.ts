/** Rule sets as JSON text that {@link parseRuleSetText} reads back: one rule a line, so that a comparison of two files shows rules. */
import { parseRuleSet } from './parse.ts';
import type { RuleSet } from './rule.ts';

/** The text of a rule set; what has its default is left out. The same rule set gives the same bytes. */
export function formatRuleSet(set: RuleSet): string {
  const { rules, ...rest } = set;
  const lines = rules.map((rule) => JSON.stringify(rule));
  const members = [
    `"rules":[${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`}]`,
    ...Object.entries(rest).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`),
  ];
  return `{${members.join(',\n')}}\n`;
}

/** The set with what has its default left out and members in their order. @throws {ModelError} `RULES_MODEL` */
export function canonicalRuleSet(set: RuleSet): RuleSet {
  return parseRuleSet(set, 'the rule set');
}
