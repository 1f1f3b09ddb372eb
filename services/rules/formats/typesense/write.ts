/** Rules as synonyms and overrides of Typesense. */
import type { JsonValue } from '../../../../stores/lmdb/values.ts';
import { isObject } from '../../model/json-check.ts';
import type { Rule, RuleSet, SynonymAction, Trigger } from '../../model/rule.ts';
import type { Exported } from '../shared/format.ts';
import type { FormatOptions } from '../shared/options.ts';
import { patternOfSequence } from '../shared/patterns.ts';
import { RuleExport, type RuleLeaving } from '../shared/rule-export.ts';
import { equivalentsOf, plainTrigger } from '../shared/synonyms.ts';
import { PARAMETERS } from './curations.ts';

type JsonObject = { [member: string]: JsonValue };

/** An object with `synonyms` and `overrides`, as Typesense answers each; `kind` chooses one. */
export function writeTypesense(set: RuleSet, options: FormatOptions): Exported {
  const out = new RuleExport('typesense');
  const kind = options.text('kind');
  const synonyms: JsonObject[] = [];
  const overrides: JsonObject[] = [];
  for (const rule of set.rules) {
    const leaving = out.rule(rule);
    const isSynonym = isSynonymRule(rule);
    if (kind !== 'all' && (kind === 'synonyms') !== isSynonym) {
      leaving.lose('the rule', `written with --option kind=${isSynonym ? 'synonyms' : 'overrides'}`);
    } else if (isSynonym) synonyms.push(...synonymsOf(leaving));
    else overrides.push(...overridesOf(leaving));
  }
  const lists = [
    ...(synonyms.length > 0 || kind === 'synonyms' || (kind === 'all' && overrides.length === 0)
      ? [`"synonyms":${lines(synonyms)}`]
      : []),
    ...(overrides.length > 0 || kind === 'overrides' ? [`"overrides":${lines(overrides)}`] : []),
  ];
  return out.finish(`{${lists.join(',\n')}}\n`);
}

function lines(list: readonly JsonObject[]): string {
  return list.length === 0 ? '[]' : `[\n${list.map((one) => JSON.stringify(one)).join(',\n')}\n]`;
}

function isSynonymRule(rule: Rule): boolean {
  const free = rule.context === undefined && rule.validity === undefined && rule.enabled !== false && !rule.stop;
  return (
    free &&
    rule.actions.length > 0 &&
    rule.actions.every(({ do: name }) => name === 'synonym') &&
    rule.triggers.some((one) => plainTrigger(one) !== undefined)
  );
}

function synonymsOf(leaving: RuleLeaving): JsonObject[] {
  const { rule } = leaving;
  loseSmallThings(leaving);
  const list = equivalentsOf(rule);
  if (list !== undefined) {
    leaving.wrote();
    return [{ id: rule.id, synonyms: [...list] }];
  }
  const actions = rule.actions as readonly SynonymAction[];
  if (actions.some(({ from }) => from !== undefined)) leaving.lose('from', 'a synonym is for all that matched');
  if (actions.some(({ keepOriginal }) => keepOriginal === false))
    leaving.lose('keepOriginal', 'Typesense keeps what was typed');
  if (actions.some(({ weight = 1 }) => weight !== 1)) leaving.lose('weight', 'Typesense has none');
  const items: JsonObject[] = [];
  for (const trigger of rule.triggers) {
    const root = plainTrigger(trigger);
    const synonyms = actions.filter(({ from, to }) => from === undefined && to !== root).map(({ to }) => to);
    if (root === undefined) leaving.lose('triggers', 'a synonym is for terms anywhere in the query');
    else if (synonyms.length > 0) {
      items.push({ id: items.length === 0 ? rule.id : `${rule.id}/${items.length + 1}`, root, synonyms });
      leaving.wrote();
    }
  }
  return items;
}

function overridesOf(leaving: RuleLeaving): JsonObject[] {
  const { rule } = leaving;
  if (rule.enabled === false) return none(leaving, 'it is switched off');
  if ((rule.validity?.length ?? 0) > 1)
    return none(leaving, 'it holds in several windows, of which an override has one');
  loseSmallThings(leaving);
  const context = contextOf(leaving);
  if (context === undefined) return [];
  const acts = actsOf(leaving);
  if (acts === undefined) return [];
  const [window = {}] = rule.validity ?? [];
  const times: JsonObject = {
    ...(window.from === undefined ? {} : { effective_from_ts: Math.ceil(window.from / 1000) }),
    ...(window.until === undefined ? {} : { effective_to_ts: Math.ceil(window.until / 1000) - 1 }),
  };
  const items: JsonObject[] = [];
  for (const trigger of rule.triggers) {
    const query = queryOf(leaving, trigger);
    if (query === undefined) continue;
    const condition = { ...query, ...context };
    if (Object.keys(condition).length === 0) {
      leaving.lose('trigger always', 'an override needs a query, a tag or a filter');
      continue;
    }
    const id = items.length === 0 ? rule.id : `${rule.id}/${items.length + 1}`;
    items.push({ id, rule: condition, ...acts, ...(rule.stop ? {} : { stop_processing: false }), ...times });
    leaving.wrote();
  }
  return items;
}

function none(leaving: RuleLeaving, why: string): JsonObject[] {
  leaving.lose('the rule', why);
  return [];
}

function loseSmallThings(leaving: RuleLeaving): void {
  for (const name of ['properties', 'tags', 'comment'] as const) {
    if (leaving.rule[name] !== undefined) leaving.lose(name, 'Typesense has none');
  }
  if (leaving.rule.priority !== undefined) leaving.lose('priority', 'Typesense orders overrides by id');
}

function contextOf(leaving: RuleLeaving): JsonObject | undefined {
  const { tags, filter_by: filters, ...others } = leaving.rule.context ?? {};
  const [key] = Object.keys(others);
  if (key !== undefined)
    return leaving.lose('the rule', `it holds in a context of "${key}"; an override knows tags and filter_by`);
  if (filters !== undefined && filters.length !== 1)
    return leaving.lose('the rule', 'it holds for several filters, of which an override has one');
  return {
    ...(tags === undefined ? {} : { tags: [...tags] }),
    ...(filters === undefined ? {} : { filter_by: filters[0] ?? '' }),
  };
}

function queryOf(leaving: RuleLeaving, trigger: Trigger): JsonObject | undefined {
  if (trigger.kind === 'always') return {};
  if (trigger.kind === 'empty') return { query: '*', match: 'exact' };
  if (trigger.kind !== 'sequence') return leaving.lose(`trigger ${trigger.kind}`, 'a query is terms and placeholders');
  const { anchor = 'any' } = trigger;
  if (anchor === 'start' || anchor === 'end') return leaving.lose('trigger', 'a query is matched whole, or anywhere');
  const query = patternOfSequence(trigger.text, '');
  if (query === undefined) return leaving.lose('trigger', 'a query has no wildcards');
  if (query === '*') return leaving.lose('trigger', 'the query "*" is that of all documents');
  if (trigger.plurals) leaving.lose('plurals', 'written as stem, which other forms match too');
  return { query, match: anchor === 'both' ? 'exact' : 'contains', ...(trigger.plurals ? { stem: true } : {}) };
}

function actsOf(leaving: RuleLeaving): JsonObject | undefined {
  const acts: JsonObject = {};
  const once = (name: string, value: JsonValue, what: string) => {
    if (acts[name] === undefined) acts[name] = value;
    else leaving.lose(what, `an override has one ${name}`);
  };
  let removes = false;
  for (const action of leaving.rule.actions) {
    switch (action.do) {
      case 'replace':
        if (action.whole) once('replace_query', action.to, 'replace');
        else leaving.lose('replace', 'an override replaces the whole query');
        break;
      case 'delete':
        if (action.terms === undefined) removes = true;
        else leaving.lose('delete', 'an override removes all that matched');
        break;
      case 'filter':
        if (!action.raw) leaving.lose('filter', 'a filter of Typesense is of its own syntax');
        else if (acts['filter_by'] === undefined) acts['filter_by'] = action.query;
        else acts['filter_by'] = `${String(acts['filter_by'])} && ${action.query}`;
        break;
      case 'pin':
        if (hasIds(action.documents)) once('includes', action.documents, 'pin');
        else leaving.lose('pin', 'its documents are not in the form of Typesense');
        break;
      case 'hide':
        if (hasIds(action.documents)) once('excludes', action.documents, 'hide');
        else leaving.lose('hide', 'its documents are not in the form of Typesense');
        break;
      case 'decorate':
        if (action.key === undefined && isObject(action.value)) once('metadata', action.value as JsonValue, 'decorate');
        else {
          once('metadata', { [action.key ?? 'value']: action.value }, 'decorate');
          leaving.lose('decorate', 'written as a member of metadata');
        }
        break;
      case 'parameters':
        if (isObject(action.parameters)) {
          for (const [name, value] of Object.entries(action.parameters as JsonObject)) {
            if (PARAMETERS.includes(name)) once(name, value, 'parameters');
            else leaving.lose(name, 'an override does not set it');
          }
        } else leaving.lose('parameters', 'not an object');
        break;
      default:
        leaving.lose(action.do, 'an override has nothing like it');
    }
  }
  if (removes && acts['replace_query'] !== undefined) {
    leaving.lose('delete', 'an override that replaces the query does not remove terms');
    removes = false;
  }
  if (Object.keys(acts).length === 0 && !removes) return undefined;
  // What is not said is true where there is a filter.
  const said = removes || (acts['filter_by'] !== undefined && acts['replace_query'] === undefined);
  return { ...acts, ...(said ? { remove_matched_tokens: removes } : {}) };
}

function hasIds(documents: JsonValue): boolean {
  return (
    Array.isArray(documents) &&
    documents.length > 0 &&
    documents.every((one) => isObject(one) && typeof one['id'] === 'string')
  );
}
