/** Rules as rules and synonyms of Algolia. */
import type { JsonValue } from '../../../../stores/lmdb/values.ts';
import type { Rule, RuleSet, SynonymAction, Trigger } from '../../model/rule.ts';
import type { Exported } from '../shared/format.ts';
import type { FormatOptions } from '../shared/options.ts';
import { patternOfSequence } from '../shared/patterns.ts';
import { RuleExport, type RuleLeaving } from '../shared/rule-export.ts';
import { equivalentsOf, plainTrigger } from '../shared/synonyms.ts';
import { CONTEXT_KEY, FILTER_KEY } from './rules.ts';
import { CORRECTION_WEIGHTS } from './synonyms.ts';
import { consequenceOf } from './write-consequence.ts';

type JsonObject = { [member: string]: JsonValue };

const ANCHORS = { both: 'is', start: 'startsWith', end: 'endsWith', any: 'contains' } as const;

/** An array of rules or of synonyms, as Algolia takes them; where there are both, an object with the two. */
export function writeAlgolia(set: RuleSet, options: FormatOptions): Exported {
  const out = new RuleExport('algolia');
  const kind = options.text('kind');
  const rules: JsonObject[] = [];
  const synonyms: JsonObject[] = [];
  for (const rule of set.rules) {
    const leaving = out.rule(rule);
    const isSynonym = isSynonymRule(rule);
    if (kind !== 'all' && (kind === 'synonyms') !== isSynonym) {
      leaving.lose('the rule', `written with --option kind=${isSynonym ? 'synonyms' : 'rules'}`);
    } else if (isSynonym) synonyms.push(...synonymsOf(leaving));
    else {
      const one = ruleOf(leaving);
      if (one !== undefined) rules.push(one);
    }
  }
  if (rules.length > 0 && synonyms.length > 0) {
    out.warn('DIFFERENT', 'rules and synonyms in one file: Algolia takes them apart, see --option kind');
    return out.finish(`{"rules":${lines(rules)},\n"synonyms":${lines(synonyms)}}\n`);
  }
  return out.finish(`${lines(rules.length > 0 ? rules : synonyms)}\n`);
}

function lines(list: readonly JsonObject[]): string {
  return list.length === 0 ? '[]' : `[\n${list.map((one) => JSON.stringify(one)).join(',\n')}\n]`;
}

/** Whether a rule is synonyms alone, at all times: what Algolia calls a synonym. */
function isSynonymRule(rule: Rule): boolean {
  const free = rule.context === undefined && rule.validity === undefined && rule.enabled !== false;
  return (
    free &&
    rule.actions.length > 0 &&
    rule.actions.every(({ do: name }) => name === 'synonym') &&
    rule.triggers.some((one) => plainTrigger(one) !== undefined)
  );
}

function synonymsOf(leaving: RuleLeaving): JsonObject[] {
  const { rule } = leaving;
  loseSmallThings(leaving, ['properties', 'tags', 'comment']);
  const list = equivalentsOf(rule);
  if (list !== undefined) {
    leaving.wrote();
    return [{ objectID: rule.id, type: 'synonym', synonyms: [...list] }];
  }
  const actions = rule.actions as readonly SynonymAction[];
  if (actions.some(({ from }) => from !== undefined)) leaving.lose('from', 'a synonym is for all that matched');
  if (actions.some(({ keepOriginal }) => keepOriginal === false))
    leaving.lose('keepOriginal', 'Algolia keeps what was typed');
  const whole = actions.filter(({ from }) => from === undefined);
  const levels = [
    { type: 'oneWaySynonym', from: 'input', to: 'synonyms', of: whole.filter(({ weight = 1 }) => weight >= 1) },
    {
      type: 'altCorrection1',
      from: 'word',
      to: 'corrections',
      of: whole.filter(({ weight = 1 }) => weight < 1 && weight >= 0.7),
    },
    { type: 'altCorrection2', from: 'word', to: 'corrections', of: whole.filter(({ weight = 1 }) => weight < 0.7) },
  ];
  const exact: readonly number[] = [1, ...CORRECTION_WEIGHTS];
  if (whole.some(({ weight = 1 }) => !exact.includes(weight))) leaving.lose('weight', 'Algolia has three levels');
  const items: JsonObject[] = [];
  for (const trigger of rule.triggers) {
    const from = plainTrigger(trigger);
    if (from === undefined) {
      leaving.lose('triggers', 'a synonym is for terms anywhere in the query');
      continue;
    }
    for (const level of levels) {
      const to = level.of.map((action) => action.to).filter((text) => text !== from);
      if (to.length === 0) continue;
      const objectID = items.length === 0 ? rule.id : `${rule.id}/${items.length + 1}`;
      items.push({ objectID, type: level.type, [level.from]: from, [level.to]: to });
      leaving.wrote();
    }
  }
  return items;
}

function ruleOf(leaving: RuleLeaving): JsonObject | undefined {
  const { rule } = leaving;
  loseSmallThings(leaving, ['properties']);
  const conditions = conditionsOf(leaving);
  const consequence = consequenceOf(leaving, singlePattern(rule.triggers));
  if (conditions === undefined || consequence === undefined) return undefined;
  leaving.wrote();
  const seconds = (time: number | undefined) => (time === undefined ? undefined : Math.round(time / 1000));
  const validity = rule.validity?.map(({ from, until }) => defined({ from: seconds(from), until: seconds(until) }));
  return defined({
    objectID: rule.id,
    description: rule.comment,
    enabled: rule.enabled === false ? false : undefined,
    conditions: conditions.length === 0 ? undefined : conditions,
    consequence,
    validity,
    tags: rule.tags === undefined ? undefined : [...rule.tags],
  });
}

function conditionsOf(leaving: RuleLeaving): JsonObject[] | undefined {
  const { context = {}, triggers } = leaving.rule;
  const { [CONTEXT_KEY]: contexts, ...others } = context;
  const filters: string[] = [];
  for (const [key, values] of Object.entries(others)) {
    if (!key.startsWith(FILTER_KEY) || values.length !== 1) {
      return leaving.lose(
        'the rule',
        `it holds where "${key}" is ${values.join(' or ')}, which a condition cannot say`,
      );
    }
    const value = values[0] ?? '';
    filters.push(`${key.slice(FILTER_KEY.length)}:${/^[\w-]+$/.test(value) ? value : `"${value}"`}`);
  }
  const more = filters.length === 0 ? {} : { filters: filters.join(' AND ') };
  const conditions: JsonObject[] = [];
  for (const name of contexts ?? [undefined]) {
    for (const trigger of triggers) {
      const pattern = conditionOf(leaving, trigger);
      if (pattern !== undefined)
        conditions.push({ ...pattern, ...(name === undefined ? {} : { context: name }), ...more });
    }
  }
  if (conditions.length === 0) return undefined;
  const always = conditions.some((condition) => Object.keys(condition).length === 0);
  return always ? [] : conditions;
}

function conditionOf(leaving: RuleLeaving, trigger: Trigger): JsonObject | undefined {
  if (trigger.kind === 'always') return {};
  if (trigger.kind === 'empty') return { pattern: '', anchoring: 'is' };
  if (trigger.kind !== 'sequence')
    return leaving.lose(`trigger ${trigger.kind}`, 'patterns are terms and placeholders');
  const pattern = patternOfSequence(trigger.text, 'facet:');
  if (pattern === undefined) return leaving.lose('trigger', 'patterns have no wildcards');
  if (trigger.plurals) leaving.lose('plurals', 'written as alternatives, which match synonyms and typos too');
  return { pattern, anchoring: ANCHORS[trigger.anchor ?? 'any'], ...(trigger.plurals ? { alternatives: true } : {}) };
}

/** The one pattern that a rule has, for edits of all that matched. */
function singlePattern(triggers: readonly Trigger[]): string | undefined {
  const [trigger] = triggers;
  return triggers.length === 1 && trigger?.kind === 'sequence' ? patternOfSequence(trigger.text, 'facet:') : undefined;
}

function loseSmallThings(leaving: RuleLeaving, members: readonly (keyof Rule)[]): void {
  for (const name of members) if (leaving.rule[name] !== undefined) leaving.lose(name, 'Algolia has none');
  if (leaving.rule.priority !== undefined) leaving.lose('priority', 'Algolia orders rules by what they match');
  if (leaving.rule.stop) leaving.lose('stop', 'Algolia orders rules by what they match');
}

function defined(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject;
}
