import { importRuleFiles, type NamedBytes } from '../../services/rules/formats/registry.ts';
import type { Imported } from '../../services/rules/formats/shared/format.ts';
import type { Action, Rule, RuleSet, Trigger } from '../../services/rules/model/rule.ts';

/** Imports one file of text. */
export function importText(format: string, text: string | Uint8Array, options: Record<string, string> = {}): Imported {
  return importRuleFiles(format, [{ name: 'in', bytes: typeof text === 'string' ? Buffer.from(text) : text }], options);
}

/** Imports several files. */
export function importTexts(format: string, texts: readonly string[]): Imported {
  const files = texts.map((text, i): NamedBytes => ({ name: `in${i + 1}`, bytes: Buffer.from(text) }));
  return importRuleFiles(format, files);
}

/** Rules in short: `any tv, telly => +couch(0.5) -` and so on, for tables in tests. */
export function brief({ rules }: { readonly rules: RuleSet }): string[] {
  return rules.rules.map((rule) => {
    const more = [
      rule.enabled === false ? 'off' : '',
      rule.stop ? 'stop' : '',
      rule.priority === undefined ? '' : `priority ${rule.priority}`,
      rule.context === undefined ? '' : `in ${JSON.stringify(rule.context)}`,
      rule.validity === undefined ? '' : `at ${JSON.stringify(rule.validity)}`,
      rule.properties === undefined ? '' : `has ${JSON.stringify(rule.properties)}`,
    ].filter((part) => part !== '');
    return [
      `${rule.triggers.map(triggerText).join(' | ')} => ${rule.actions.map(actionText).join(' ; ')}`,
      ...more,
    ].join(' ');
  });
}

/** Errors and warnings in short: `error SYNTAX 3: message`. */
export function findings({ report }: Imported, withMessage = false): string[] {
  return report.findings.map(({ severity, code, source, message }) => {
    const place = [source.line, source.pointer].filter((part) => part !== undefined).join('#');
    return `${severity} ${code} ${place}${withMessage ? `: ${message}` : ''}`;
  });
}

/** What was lost, rule by rule: `part: weight`. */
export function losses({ report }: { readonly report: Imported['report'] }): string[] {
  return report.outcomes
    .filter(({ taken }) => taken !== 'whole')
    .map(({ taken, lost }) => `${taken}: ${lost.map(({ what }) => what).join(', ')}`);
}

/** Rules without where they were read. */
export function withoutSource(rules: readonly Rule[]): Omit<Rule, 'source'>[] {
  return rules.map(({ source, ...rest }) => rest);
}

/** Rules without where they were read, and without ids. */
export function withoutIds(rules: readonly Rule[]): Omit<Rule, 'source' | 'id'>[] {
  return rules.map(({ source, id, ...rest }) => rest);
}

function triggerText(trigger: Trigger): string {
  if (trigger.kind === 'sequence') {
    const { anchor = 'any', text, plurals, wildcardMayBeEmpty } = trigger;
    const quoted = `${anchor === 'start' || anchor === 'both' ? '^' : ''}${text}${anchor === 'end' || anchor === 'both' ? '$' : ''}`;
    return `${quoted}${plurals ? ' plurals' : ''}${wildcardMayBeEmpty ? ' maybe' : ''}`;
  }
  if (trigger.kind === 'boolean') return JSON.stringify(trigger.expression);
  return trigger.kind === 'regex' ? `/${trigger.pattern}/` : `<${trigger.kind}>`;
}

function actionText(action: Action): string {
  switch (action.do) {
    case 'synonym':
      return `${action.keepOriginal === false ? '=' : '+'}${action.to}${action.weight === undefined ? '' : `(${action.weight})`}`;
    case 'replace':
      return `${action.whole ? 'whole' : 'replace'} ${action.from === undefined ? '' : `${action.from} by `}${action.to}`;
    case 'delete':
      return action.terms === undefined ? 'delete' : `delete ${action.terms}`;
    case 'boost':
      return `${action.demote ? 'down' : 'up'}(${action.factor ?? 1}) ${action.raw ? '*' : ''}${action.query}`;
    case 'filter':
      return `filter ${action.raw ? '*' : ''}${action.query}`;
    case 'decorate':
      return `decorate ${action.key ?? ''}:${JSON.stringify(action.value)}`;
    case 'redirect':
      return `redirect ${action.to}`;
    case 'parameters':
      return `parameters ${JSON.stringify(action.parameters)}`;
    default:
      return `${action.do} ${JSON.stringify(action.documents)}`;
  }
}
