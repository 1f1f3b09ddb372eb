/** Query rules of Elasticsearch: criteria on the query become triggers, others conditions of the context; actions are handed through. */
import { isObject, type JsonObject } from '../model/json-check.ts';
import type { Action, Expression, RuleSource, SequenceTrigger, Trigger } from '../model/rule.ts';
import { escapeSequence } from '../model/sequence-text.ts';
import type { FormatInput, Imported, RuleFormat } from './shared/format.ts';
import { expected, oneOrMany, type Placed, readJson, textOf, within } from './shared/json-file.ts';
import { type RuleEntry, RuleImport } from './shared/rule-import.ts';
import { squeeze } from './shared/synonyms.ts';

/** Names that keys of the query commonly have. */
const QUERY_KEYS = 'user_query,query_string,query,q,search_query,user_input,search_term';

const TYPES = ['exact', 'prefix', 'suffix', 'contains', 'fuzzy', 'lt', 'lte', 'gt', 'gte', 'always', 'global'];

export const esQueryRules: RuleFormat = {
  name: 'es-query-rules',
  help: "Elasticsearch's query rules (JSON)",
  importOptions: [
    {
      name: 'queryKeys',
      values: 'text',
      usual: QUERY_KEYS,
      help: 'keys of match_criteria that hold the query, between commas',
    },
  ],
  parse,
};

function parse({ bytes, file, options }: FormatInput): Imported {
  const into = new RuleImport('es-query-rules', file);
  const keys = options
    .text('queryKeys')
    .split(',')
    .map((key) => key.trim());
  for (const document of readJson(bytes, into)) {
    for (const { value, place } of oneOrMany(document.value, document.place)) readSet(into, { value, place }, keys);
  }
  return into.finish();
}

function readSet(into: RuleImport, { value, place }: Placed, keys: readonly string[]): void {
  if (!isObject(value)) into.entry(place).refuse('VALUE', expected('a rule set', value));
  else if (value['rules'] !== undefined) {
    for (const rule of oneOrMany(value['rules'], within(place, 'rules'))) readRule(into, rule, keys);
  } else if (value['criteria'] !== undefined) readRule(into, { value, place }, keys);
  else if (Array.isArray(value['results'])) {
    into.entry(place).refuse('MISSING', 'a list of rule sets without their rules: export each set itself');
  } else into.entry(place).refuse('SYNTAX', 'expected "rules", or a rule with "criteria"');
}

function readRule(into: RuleImport, { value, place }: Placed, keys: readonly string[]): undefined {
  const entry = into.entry(place);
  if (!isObject(value)) return entry.refuse('VALUE', expected('a rule', value));
  const id = textOf(value, 'rule_id');
  if (id === undefined || id === '')
    entry.refuse('VALUE', expected('text', value['rule_id']), into.at(within(place, 'rule_id')));
  const action = actionOf(into, entry, value, place);
  const triggers: Trigger[][] = [];
  const context: Record<string, string[]> = {};
  const criteria = value['criteria'] === undefined ? [] : oneOrMany(value['criteria'], within(place, 'criteria'));
  if (criteria.length === 0)
    entry.refuse('VALUE', 'expected at least one of "criteria"', into.at(within(place, 'criteria')));
  for (const criterion of criteria) readCriterion(into, entry, criterion, keys, triggers, context);
  const priority = value['priority'];
  if (priority !== undefined && !Number.isInteger(priority))
    entry.refuse('VALUE', expected('an integer', priority), into.at(within(place, 'priority')));
  if (entry.refused || action === undefined || entry.outcome().lost.some(({ what }) => what === 'the rule'))
    return undefined;
  entry.add({
    id: id ?? '',
    triggers: joined(triggers),
    actions: [action],
    ...(Object.keys(context).length === 0 ? {} : { context }),
    ...(typeof priority === 'number' && priority !== 0 ? { priority } : {}),
  });
  return undefined;
}

function actionOf(into: RuleImport, entry: RuleEntry, value: JsonObject, place: RuleSource): Action | undefined {
  const type = value['type'];
  if (type !== 'pinned' && type !== 'exclude') {
    return entry.refuse('VALUE', expected('pinned or exclude', type), into.at(within(place, 'type')));
  }
  const at = into.at(within(place, 'actions'));
  const actions = value['actions'];
  if (!isObject(actions)) return entry.refuse('VALUE', expected('an object', actions), at);
  const named = ['ids', 'docs'].filter((name) => actions[name] !== undefined);
  const list = actions[named[0] ?? ''];
  if (named.length !== 1 || !Array.isArray(list))
    return entry.refuse('VALUE', 'expected exactly one of "ids" and "docs", an array', at);
  if (list.length > 100) return entry.refuse('LIMIT', `expected at most 100 documents, found ${list.length}`, at);
  const good = list.every((one) =>
    named[0] === 'ids' ? typeof one === 'string' : isObject(one) && typeof one['_id'] === 'string',
  );
  if (!good) return entry.refuse('VALUE', 'expected ids as text, or docs with "_id"', at);
  const documents = { [named[0] as string]: list };
  return type === 'pinned' ? { do: 'pin', documents } : { do: 'hide', documents };
}

function readCriterion(
  into: RuleImport,
  entry: RuleEntry,
  { value, place }: Placed,
  keys: readonly string[],
  triggers: Trigger[][],
  context: Record<string, string[]>,
): undefined {
  if (!isObject(value)) return entry.refuse('VALUE', expected('a criterion', value), into.at(place));
  const type = textOf(value, 'type') ?? '';
  if (!TYPES.includes(type))
    return entry.refuse('VALUE', expected(`one of ${TYPES.join(', ')}`, value['type']), into.at(within(place, 'type')));
  if (type === 'always' || type === 'global') {
    triggers.push([{ kind: 'always' }]);
    return undefined;
  }
  const key = textOf(value, 'metadata');
  if (key === undefined)
    return entry.refuse('VALUE', expected('text', value['metadata']), into.at(within(place, 'metadata')));
  const raw = value['values'];
  if (
    !Array.isArray(raw) ||
    raw.length === 0 ||
    !raw.every((one) => typeof one === 'string' || typeof one === 'number')
  ) {
    return entry.refuse(
      'VALUE',
      expected('an array of at least one text or number', raw),
      into.at(within(place, 'values')),
    );
  }
  const values = raw.map(String);
  if (keys.includes(key)) {
    const any = values.flatMap((text) => triggerOf(entry, type, text));
    if (any.length > 0) triggers.push(any);
    return undefined;
  }
  if (type !== 'exact') {
    entry.lose('the rule', `it needs "${key}" compared by ${type}; a context is compared for equality alone`);
    return undefined;
  }
  const before = context[key];
  const both = before === undefined ? values : values.filter((one) => before.includes(one));
  if (both.length === 0)
    entry.warn('NEVER_FIRES', `"${key}" cannot be ${before?.join(' or ')} and ${values.join(' or ')} at once`);
  context[key] = both;
  return undefined;
}

/** A criterion on the query for one value. Comparison is of letters there, of terms here. */
function triggerOf(entry: RuleEntry, type: string, value: string): SequenceTrigger[] {
  const words = squeeze(value);
  if (words === '') {
    entry.refuse('VALUE', 'an empty value of a criterion on the query');
    return [];
  }
  const text = escapeSequence(words);
  switch (type) {
    case 'exact':
      return [{ kind: 'sequence', text, anchor: 'both' }];
    case 'prefix':
      // "red so" is a prefix of "red sofa" too.
      return [{ kind: 'sequence', text: `${text}*`, anchor: 'start', wildcardMayBeEmpty: true }];
    case 'suffix':
      return [{ kind: 'sequence', text: `*${text}`, anchor: 'end', wildcardMayBeEmpty: true }];
    case 'contains':
      entry.lose('contains', 'matches whole terms alone, not letters within them');
      return [{ kind: 'sequence', text }];
    case 'fuzzy':
      entry.lose('fuzzy', 'matches the query corrected, not any that shares half of its letters');
      return [{ kind: 'sequence', text, anchor: 'both' }];
    default:
      entry.lose('the rule', `it compares the query as a number (${type})`);
      return [];
  }
}

/** One list of triggers of which any fires, where of each of these lists any must hold. */
function joined(lists: readonly Trigger[][]): Trigger[] {
  const conditions = lists.filter((list) => !list.some(({ kind }) => kind === 'always'));
  if (conditions.length === 0) return [{ kind: 'always' }];
  const [first = []] = conditions;
  if (conditions.length === 1) return first;
  const and = conditions.map((list): Expression => {
    const any = list.map((trigger): Expression => {
      const { kind, ...sequence } = trigger as SequenceTrigger;
      return { sequence };
    });
    return any.length === 1 ? (any[0] as Expression) : { or: any };
  });
  return [{ kind: 'boolean', expression: { and } }];
}
