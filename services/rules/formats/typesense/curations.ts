/** Overrides of Typesense, called curations since version 30. */
import type { JsonValue } from '../../../../stores/lmdb/values.ts';
import { isObject, type JsonObject } from '../../model/json-check.ts';
import type { Action, RuleSource, Trigger, Validity } from '../../model/rule.ts';
import { parseSequenceText } from '../../model/sequence-text.ts';
import { expected, type Placed, textOf, textsOf, within } from '../shared/json-file.ts';
import { placeholdersOf, sequenceOfPattern } from '../shared/patterns.ts';
import type { RuleEntry, RuleImport } from '../shared/rule-import.ts';

/** Members that act, of which an override has at least one. */
const ACTS = [
  ...[
    'includes',
    'excludes',
    'filter_by',
    'sort_by',
    'remove_matched_tokens',
    'metadata',
    'replace_query',
    'diversity',
  ],
];
const MEMBERS = [
  'id',
  'rule',
  ...ACTS,
  'filter_curated_hits',
  'stop_processing',
  'effective_from_ts',
  'effective_to_ts',
];
/** Parameters of a request that are handed through. */
export const PARAMETERS = ['sort_by', 'filter_curated_hits', 'diversity'];

/** Reads an override. @returns placeholders of its query */
export function readCuration(into: RuleImport, { value, place }: Placed<JsonObject>): readonly string[] {
  const entry = into.entry(place);
  const reader = new Reader(into, entry, value, place);
  const id = textOf(value, 'id') ?? '';
  if (id === '') reader.wrong('id', expected('text', value['id']));
  const rule = value['rule'];
  if (!isObject(rule)) {
    reader.wrong('rule', expected('an object', rule));
    return [];
  }
  if (!ACTS.some((name) => value[name] !== undefined)) entry.refuse('VALUE', `expected one of ${ACTS.join(', ')}`);
  const trigger = triggerOf(reader, rule);
  const context = contextOf(reader, rule);
  const actions = actionsOf(reader);
  const validity = validityOf(reader);
  const stop = reader.flag('stop_processing') ?? true;
  for (const name of Object.keys(value)) if (!MEMBERS.includes(name)) entry.lose(name, 'unknown');
  if (trigger === undefined || entry.refused) return [];
  entry.add({
    id,
    triggers: [trigger],
    actions,
    ...(validity === undefined ? {} : { validity: [validity] }),
    ...(Object.keys(context).length === 0 ? {} : { context }),
    ...(stop ? { stop } : {}),
  });
  return trigger.kind === 'sequence' ? placeholdersOf(trigger.text) : [];
}

class Reader {
  readonly value: JsonObject;
  readonly entry: RuleEntry;
  readonly #into: RuleImport;
  readonly #place: RuleSource;

  constructor(into: RuleImport, entry: RuleEntry, value: JsonObject, place: RuleSource) {
    this.#into = into;
    this.entry = entry;
    this.value = value;
    this.#place = place;
  }

  wrong(name: string, message: string): undefined {
    return this.entry.refuse('VALUE', message, this.#into.at(within(this.#place, ...name.split('/'))));
  }

  flag(name: string): boolean | undefined {
    const value = this.value[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'boolean' ? value : this.wrong(name, expected('true or false', value));
  }

  text(name: string): string | undefined {
    const value = this.value[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' && value !== '' ? value : this.wrong(name, expected('text', value));
  }
}

function triggerOf(reader: Reader, rule: JsonObject): Trigger | undefined {
  const { query, match } = rule;
  if (rule['synonyms'] === true) reader.entry.lose('rule.synonyms', 'synonyms of the terms do not fire the rule');
  const plurals = rule['stem'] === true;
  if (plurals) reader.entry.lose('rule.stem', 'singular and plural match, other forms of a word do not');
  if (match !== undefined && query === undefined) return reader.wrong('rule', '"match" without "query"');
  if (query === undefined) {
    if (rule['filter_by'] !== undefined || rule['tags'] !== undefined) return { kind: 'always' };
    return reader.wrong('rule', 'expected "query" and "match", "filter_by" or "tags"');
  }
  if (typeof query !== 'string') return reader.wrong('rule/query', expected('text', query));
  if (match === undefined && (rule['filter_by'] !== undefined || rule['tags'] !== undefined)) return { kind: 'always' };
  if (match !== 'exact' && match !== 'contains')
    return reader.wrong('rule/match', expected('exact or contains', match));
  if (query.trim() === '*') return { kind: 'empty' };
  if (query.trim() === '') return reader.wrong('rule/query', 'expected text, found none');
  const text = sequenceOfPattern(query, '');
  const terms = parseSequenceText(text);
  if (typeof terms === 'string') return reader.wrong('rule/query', terms);
  return {
    kind: 'sequence',
    text,
    ...(match === 'exact' ? { anchor: 'both' as const } : {}),
    ...(plurals ? { plurals } : {}),
  };
}

function contextOf(reader: Reader, rule: JsonObject): Record<string, readonly string[]> {
  const context: Record<string, readonly string[]> = {};
  const tags = rule['tags'];
  if (tags !== undefined) {
    const list = textsOf(rule, 'tags');
    if (list === undefined) reader.wrong('rule/tags', expected('an array of texts', tags));
    else if (list.length > 0 && !list.includes('*')) context['tags'] = list;
  }
  const filter = rule['filter_by'];
  if (filter !== undefined) {
    if (typeof filter !== 'string' || filter === '') reader.wrong('rule/filter_by', expected('text', filter));
    else if (/\{[^}]*\}/.test(filter)) {
      reader.entry.refuse('VALUE', 'a placeholder in rule.filter_by: a context is compared for equality alone');
    } else context['filter_by'] = [filter];
  }
  return context;
}

function actionsOf(reader: Reader): Action[] {
  const { value, entry } = reader;
  const actions: Action[] = [];
  const replace = reader.text('replace_query');
  const remove = reader.flag('remove_matched_tokens');
  const filter = reader.text('filter_by');
  if (replace !== undefined && remove === true)
    entry.refuse('VALUE', 'one of "replace_query" and "remove_matched_tokens" alone');
  if (replace !== undefined) actions.push({ do: 'replace', to: replace, whole: true });
  if (remove ?? (filter !== undefined && replace === undefined)) actions.push({ do: 'delete' });
  if (filter !== undefined) actions.push({ do: 'filter', query: filter, raw: true });
  for (const [name, act] of [
    ['includes', 'pin'],
    ['excludes', 'hide'],
  ] as const) {
    const list = value[name];
    if (list === undefined || list === null) continue;
    const good =
      Array.isArray(list) &&
      list.every(
        (one) =>
          isObject(one) && typeof one['id'] === 'string' && (act === 'hide' || Number.isInteger(one['position'])),
      );
    if (!good) reader.wrong(name, `expected an array of objects with "id"${act === 'pin' ? ' and "position"' : ''}`);
    else if (list.length > 0) actions.push({ do: act, documents: list as JsonValue });
  }
  if (value['metadata'] !== undefined && value['metadata'] !== null) {
    if (!isObject(value['metadata'])) reader.wrong('metadata', expected('an object', value['metadata']));
    else actions.push({ do: 'decorate', value: value['metadata'] as JsonValue });
  }
  const parameters = Object.fromEntries(
    PARAMETERS.filter((name) => value[name] !== undefined && value[name] !== false && value[name] !== '').map(
      (name) => [name, value[name] as JsonValue],
    ),
  );
  if (Object.keys(parameters).length > 0) actions.push({ do: 'parameters', parameters });
  return actions;
}

/** Seconds, both inclusive; -1 is open. */
function validityOf(reader: Reader): Validity | undefined {
  const time = (name: string): number | undefined => {
    const value = reader.value[name];
    if (value === undefined || value === null || value === -1) return undefined;
    return Number.isSafeInteger(value) ? (value as number) : reader.wrong(name, expected('seconds, or -1', value));
  };
  const [from, to] = [time('effective_from_ts'), time('effective_to_ts')];
  if (from !== undefined && to !== undefined && from > to)
    return reader.wrong('effective_to_ts', `expected ${from} or later, found ${to}`);
  if (from === undefined && to === undefined) return undefined;
  return {
    ...(from === undefined ? {} : { from: from * 1000 }),
    ...(to === undefined ? {} : { until: (to + 1) * 1000 }),
  };
}
