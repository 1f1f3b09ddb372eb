/** Meilisearch: synonyms, the settings of an index, search rules. */
import type { JsonValue } from '../../../stores/lmdb/values.ts';
import { termsOf } from '../collections.ts';
import { isObject, type JsonObject } from '../model/json-check.ts';
import type { Action, Expression, RuleSource, Trigger, Validity } from '../model/rule.ts';
import type { FormatInput, Imported, RuleFormat } from './shared/format.ts';
import { expected, type Placed, readJson, textOf, textsOf, within } from './shared/json-file.ts';
import { type RuleEntry, RuleImport } from './shared/rule-import.ts';
import { squeeze, synonym, wordsTrigger } from './shared/synonyms.ts';

export const meilisearch: RuleFormat = {
  name: 'meilisearch',
  help: "Meilisearch's synonyms, settings of an index, search rules (JSON)",
  importOptions: [],
  parse,
};

/** Words of the longest key that Meilisearch matches. */
const MAX_KEY_WORDS = 3;
/** Precedence of rules without one: behind all that have one. */
const LAST = 2 ** 32;
/** Settings that an export of them has, and that say nothing of queries. */
const SETTINGS = [
  'synonyms',
  'stopWords',
  'dictionary',
  'typoTolerance',
  'rankingRules',
  'searchableAttributes',
  'displayedAttributes',
];

function parse({ bytes, file }: FormatInput): Imported {
  const into = new RuleImport('meilisearch', file);
  for (const document of readJson(bytes, into)) readDocument(into, document);
  return into.finish();
}

function readDocument(into: RuleImport, { value, place }: Placed): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries()) readRule(into, { value: one, place: within(place, i) });
    return;
  }
  if (!isObject(value)) into.entry(place).refuse('VALUE', expected('an object', value));
  else if (Array.isArray(value['results']))
    readDocument(into, { value: value['results'], place: within(place, 'results') });
  else if (typeof value['uid'] === 'string') readRule(into, { value, place });
  else if (SETTINGS.some((name) => value[name] !== undefined && (name !== 'synonyms' || !Array.isArray(value[name])))) {
    readSettings(into, value, place);
  } else readSynonyms(into, value, place);
}

function readSettings(into: RuleImport, settings: JsonObject, place: RuleSource): void {
  const synonyms = settings['synonyms'];
  if (isObject(synonyms)) readSynonyms(into, synonyms, within(place, 'synonyms'));
  else if (synonyms !== undefined && synonyms !== null)
    into.error('VALUE', within(place, 'synonyms'), expected('an object', synonyms));
  readStopWords(into, settings, within(place, 'stopWords'));
  const typos = isObject(settings['typoTolerance']) ? settings['typoTolerance'] : {};
  const at = within(place, 'typoTolerance');
  protectAll(into, settings['dictionary'], within(place, 'dictionary'));
  protectAll(into, typos['disableOnWords'], within(at, 'disableOnWords'));
  if (typos['enabled'] === false)
    into.warn('DIFFERENT', within(at, 'enabled'), 'typos are switched off: ask for the worker "spell" to be left out');
  if (typos['minWordSizeForTypos'] !== undefined) {
    into.warn(
      'DIFFERENT',
      within(at, 'minWordSizeForTypos'),
      'how many letters a corrected word has at least is not set by rules',
    );
  }
}

function readStopWords(into: RuleImport, settings: JsonObject, place: RuleSource): void {
  const value = settings['stopWords'];
  if (value === undefined || value === null) return;
  const entry = into.entry(place);
  const words = textsOf(settings, 'stopWords');
  if (words === undefined) entry.refuse('VALUE', expected('an array of texts', value));
  else if (words.length === 0) entry.keep('no rule');
  else entry.add({ id: 'stop words', triggers: words.map((word) => wordsTrigger(word)), actions: [{ do: 'delete' }] });
}

function protectAll(into: RuleImport, value: unknown, place: RuleSource): void {
  if (value === undefined || value === null) return;
  const entry = into.entry(place);
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) {
    entry.refuse('VALUE', expected('an array of texts', value));
    return;
  }
  for (const term of value as string[]) into.protect(term);
  entry.keep('protectedTerms');
}

function readSynonyms(into: RuleImport, synonyms: JsonObject, place: RuleSource): void {
  for (const [key, list] of Object.entries(synonyms)) {
    const where = within(place, key);
    const entry = into.entry(where);
    if (list === null) {
      entry.lose('the synonym', 'it has no terms');
      continue;
    }
    if (!Array.isArray(list)) {
      entry.refuse('VALUE', expected('an array of texts', list));
      continue;
    }
    for (const [i, one] of list.entries()) {
      if (typeof one !== 'string' || one.trim() === '')
        entry.refuse('VALUE', expected('text', one), into.at(within(where, i)));
    }
    const from = squeeze(key);
    if (from === '') entry.refuse('VALUE', 'expected a term, found an empty name');
    if (entry.refused) continue;
    const to = [...new Set((list as string[]).map(squeeze))].filter((text) => text !== from);
    if (to.length === 0) {
      entry.lose('the synonym', 'it has no other terms');
      continue;
    }
    const words = key.split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean).length;
    if (words > MAX_KEY_WORDS)
      entry.warn('DIFFERENT', `"${key}" has ${words} words: Meilisearch never matches it, here it fires`);
    entry.add({ id: from, triggers: [wordsTrigger(from)], actions: to.map((text) => synonym(text)) });
  }
}

function readRule(into: RuleImport, { value, place }: Placed): undefined {
  const entry = into.entry(place);
  if (!isObject(value)) return entry.refuse('VALUE', expected('a search rule', value));
  const wrong = (message: string, ...steps: (string | number)[]) =>
    entry.refuse('VALUE', message, into.at(within(place, ...steps)));
  const uid = textOf(value, 'uid') ?? '';
  if (uid === '') wrong(expected('text', value['uid']), 'uid');
  const { query, time, filter } = conditionsOf(value['conditions'], wrong);
  const trigger = triggerOf(entry, query, wrong);
  const validity = time === undefined ? undefined : validityOf(time, wrong);
  const context = filter === undefined ? {} : contextOf(filter, wrong);
  const actions = actionsOf(value['actions'], wrong);
  const precedence = value['precedence'] ?? value['priority'];
  if (precedence !== undefined && precedence !== null && typeof precedence !== 'number')
    wrong(expected('a number', precedence), 'precedence');
  if (entry.refused || trigger === undefined) return undefined;
  const priority = typeof precedence === 'number' ? precedence : LAST;
  const comment = textOf(value, 'description');
  entry.add({
    id: uid,
    triggers: [trigger],
    actions,
    ...(value['active'] === false ? { enabled: false } : {}),
    ...(validity === undefined ? {} : { validity: [validity] }),
    ...(Object.keys(context).length === 0 ? {} : { context }),
    ...(priority === 0 ? {} : { priority }),
    ...(comment === undefined || comment === '' ? {} : { comment }),
  });
  return undefined;
}

type Wrong = (message: string, ...steps: (string | number)[]) => undefined;

/** The conditions by scope, in either form. */
function conditionsOf(value: unknown, wrong: Wrong): { query?: JsonObject; time?: JsonObject; filter?: JsonObject } {
  const scopes: Record<string, JsonObject> = {};
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries()) {
      const scope = isObject(one) ? one['scope'] : undefined;
      if (!isObject(one) || typeof scope !== 'string' || scopes[scope] !== undefined)
        wrong(expected('a condition with a scope of its own', one), 'conditions', i);
      else scopes[scope] = one;
    }
  } else if (isObject(value)) {
    for (const [scope, one] of Object.entries(value)) {
      if (isObject(one)) scopes[scope] = one;
      else if (one !== null) wrong(expected('an object', one), 'conditions', scope);
    }
  } else if (value !== undefined && value !== null) wrong(expected('an object or an array', value), 'conditions');
  for (const scope of Object.keys(scopes)) {
    if (!['query', 'time', 'filter'].includes(scope))
      wrong('expected the scope query, time or filter', 'conditions', scope);
  }
  return scopes;
}

/** All words must stand in the query, in any order. */
function triggerOf(entry: RuleEntry, query: JsonObject | undefined, wrong: Wrong): Trigger | undefined {
  if (query === undefined) return { kind: 'always' };
  const text = query['words'] ?? query['contains'];
  const empty = query['isEmpty'];
  if (text === undefined || text === null) {
    if (empty === true) return { kind: 'empty' };
    if (empty === false) entry.lose('isEmpty: false', 'the rule fires for the empty query too');
    return { kind: 'always' };
  }
  if (typeof text !== 'string' || termsOf(text) === '')
    return wrong(expected('text with a word', text), 'conditions', 'query', 'words');
  if (empty === true) return wrong('words of an empty query', 'conditions', 'query');
  const words = termsOf(text).split(' ');
  if (words.length === 1) return wordsTrigger(words[0] ?? '');
  const and = words.map((word): Expression => ({ sequence: { text: wordsTrigger(word).text } }));
  return { kind: 'boolean', expression: { and } };
}

function validityOf(time: JsonObject, wrong: Wrong): Validity | undefined {
  const [from, until] = (['start', 'end'] as const).map((name) => {
    const value = time[name];
    if (value === undefined || value === null) return undefined;
    const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return Number.isNaN(ms)
      ? wrong(expected('a time like 2026-11-27T00:00:00Z', value), 'conditions', 'time', name)
      : ms;
  });
  if (from === undefined && until === undefined) return undefined;
  if (from !== undefined && until !== undefined && from >= until)
    return wrong('expected "start" before "end"', 'conditions', 'time');
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

function contextOf(filter: JsonObject, wrong: Wrong): Record<string, string[]> {
  const values = filter['values'] ?? {};
  if (!isObject(values)) return wrong(expected('an object', values), 'conditions', 'filter', 'values') ?? {};
  const context: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(values)) {
    const list = Array.isArray(value) ? value : [value];
    if (list.every((one) => ['string', 'number', 'boolean'].includes(typeof one))) context[name] = list.map(String);
    else wrong(expected('text, a number, or a list of them', value), 'conditions', 'filter', 'values', name);
  }
  return context;
}

function actionsOf(value: unknown, wrong: Wrong): Action[] {
  if (Array.isArray(value) && value.length > 0) return [{ do: 'pin', documents: value as JsonValue }];
  if (!isObject(value) || Object.keys(value).length === 0) {
    wrong(expected('at least one action', value), 'actions');
    return [];
  }
  const { pin, ...rest } = value as { readonly [name: string]: JsonValue };
  return [
    ...(pin === undefined ? [] : [{ do: 'pin', documents: pin } satisfies Action]),
    ...(Object.keys(rest).length === 0 ? [] : [{ do: 'parameters', parameters: rest } satisfies Action]),
  ];
}
