/** Rule sets in JSON: checked where they enter, so that nothing behind checks them again. */
import { findJsonError } from '../../../stores/bytes/json-error.ts';
import type { JsonValue } from '../../../stores/lmdb/values.ts';
import { ModelError, type PointerProblem } from './errors.ts';
import { childPointer, compact, JsonCheck, type JsonObject } from './json-check.ts';
import { parseAction } from './parse-actions.ts';
import { parseTrigger } from './parse-triggers.ts';
import type {
  QuantityBoost,
  QuantityRange,
  QuantityRule,
  Rule,
  RuleSet,
  RuleSetSettings,
  RuleSource,
  Validity,
} from './rule.ts';

/** Most bytes of a rule's id. */
export const MAX_ID_BYTES = 512;
/** Most regular expressions of a rule set: each is run over every query. */
export const MAX_REGEXES = 500;

const RULE_MEMBERS = [
  ...['id', 'triggers', 'actions', 'enabled', 'validity', 'context', 'priority', 'stop', 'properties', 'tags'],
  ...['comment', 'source'],
];
const SELECTIONS = ['all', 'first', 'exclusive', 'longest'] as const;
const ORDERS = ['listed', 'specific'] as const;

/**
 * The rule set that a text of JSON is.
 *
 * @param name the file's name, for messages
 * @throws {ModelError} `RULES_JSON`, or `RULES_MODEL` with all that is wrong
 */
export function parseRuleSetText(text: string, name: string): RuleSet {
  return parseRuleSet(parseJsonText(text, name), name);
}

/**
 * The value of a JSON text; a byte-order mark is dropped.
 *
 * @throws {ModelError} `RULES_JSON` with line and column
 */
export function parseJsonText(text: string, name: string): unknown {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (cause) {
    const error = findJsonError(text);
    const message = error && `line ${error.line}, column ${error.column}: expected ${error.expected}`;
    throw new ModelError('RULES_JSON', name, [{ pointer: '', code: 'bad-shape', message: message ?? String(cause) }]);
  }
}

/**
 * The rule set that a value of JSON is; members that have their default are left out.
 *
 * @throws {ModelError} `RULES_MODEL` with all that is wrong
 */
export function parseRuleSet(value: unknown, name: string): RuleSet {
  const { set, problems } = readRuleSet(value);
  if (problems.length > 0) throw new ModelError('RULES_MODEL', name, problems);
  return set;
}

/** What of a JSON value is a rule set. */
export interface ReadRuleSet {
  /** What could be read: without problems, all of it. */
  readonly set: RuleSet;
  /** Where each of its rules stands in the value. */
  readonly places: readonly number[];
  readonly problems: readonly PointerProblem[];
}

/** Reads as much as can be read; members that have their default are left out. */
export function readRuleSet(value: unknown): ReadRuleSet {
  const check = new JsonCheck();
  const places: number[] = [];
  const set = readSet(check, value, places) ?? { rules: [] };
  return { set, places, problems: check.problems };
}

/** The members of a set beside its rules. */
export type SetMembers = Omit<RuleSet, 'rules'>;
export const SET_MEMBER_NAMES = ['values', 'quantities', 'protectedTerms', 'settings'] as const;

/** These members of an object, each as it is given: an empty one stays. */
export function parseSetMembers(check: JsonCheck, object: JsonObject): SetMembers {
  return compact<SetMembers>({
    values: check.member(object, 'values', '', (one, at) => lists(check, one, at)),
    quantities: check.member(object, 'quantities', '', (one, at) =>
      check.list(one, at, (each, where) => quantity(check, each, where)),
    ),
    protectedTerms: check.member(object, 'protectedTerms', '', (one, at) => check.texts(one, at, 1)),
    settings: check.member(object, 'settings', '', (one, at) => readSettings(check, one, at)),
  });
}

/** One rule; undefined, with problems noted, where it is none. */
export function parseRule(check: JsonCheck, value: unknown, pointer: string): Rule | undefined {
  const object = check.object(value, pointer, RULE_MEMBERS);
  if (object === undefined) return undefined;
  const id = check.text(object['id'], childPointer(pointer, 'id'), 1, 'bad-id');
  const bytes = id === undefined ? 0 : Buffer.byteLength(id);
  if (bytes > MAX_ID_BYTES) {
    const message = `expected at most ${MAX_ID_BYTES} bytes of UTF-8, found ${bytes}`;
    check.wrong(childPointer(pointer, 'id'), message, 'bad-id');
  }
  const triggers = check.list(object['triggers'], childPointer(pointer, 'triggers'), (one, at) =>
    parseTrigger(check, one, at),
  );
  const actions = check.list(object['actions'], childPointer(pointer, 'actions'), (one, at) =>
    parseAction(check, one, at),
  );
  const member = <T>(name: string, read: (one: unknown, at: string) => T | undefined) =>
    check.member(object, name, pointer, read);
  const enabled = member('enabled', (one, at) => check.flag(one, at));
  const stop = member('stop', (one, at) => check.flag(one, at));
  const priority = member('priority', (one, at) => check.number(one, at));
  const rest = {
    validity: nonEmpty(
      member('validity', (one, at) => check.list(one, at, (each, where) => window(check, each, where))),
    ),
    context: nonEmptyObject(
      member('context', (one, at) => lists(check, one, at, 'a condition without a value never holds')),
    ),
    properties: nonEmptyObject(member('properties', (one, at) => check.object(one, at))),
    tags: nonEmpty(member('tags', (one, at) => check.texts(one, at, 1))),
    comment: member('comment', (one, at) => check.text(one, at)) || undefined,
    source: member('source', (one, at) => source(check, one, at)),
  };
  if (id === undefined || triggers === undefined || actions === undefined) return undefined;
  return compact<Rule>({
    id,
    triggers,
    actions,
    enabled: enabled === false ? false : undefined,
    validity: rest.validity,
    context: rest.context,
    priority: priority === 0 ? undefined : priority,
    stop: stop || undefined,
    properties: rest.properties as Readonly<Record<string, JsonValue>> | undefined,
    tags: rest.tags,
    comment: rest.comment,
    source: rest.source,
  });
}

function readSet(check: JsonCheck, value: unknown, places: number[]): RuleSet | undefined {
  const object = check.object(value, '', ['rules', ...SET_MEMBER_NAMES]);
  if (object === undefined) return undefined;
  const ids = new Map<string, string>();
  let regexes = 0;
  const rules = check.list(object['rules'], '/rules', (one, at) => {
    const rule = parseRule(check, one, at);
    if (rule === undefined) return undefined;
    const before = ids.get(rule.id);
    if (before !== undefined) {
      check.wrong(`${at}/id`, `expected an id of its own, found "${rule.id}", that of ${before}`, 'duplicate-id');
    } else ids.set(rule.id, at);
    for (const [i, { kind }] of rule.triggers.entries()) {
      if (kind === 'regex' && ++regexes === MAX_REGEXES + 1) {
        const message = `expected at most ${MAX_REGEXES} regular expressions in a rule set`;
        check.wrong(`${at}/triggers/${i}`, message, 'too-many-regexes');
      }
    }
    places.push(Number(at.slice('/rules/'.length)));
    return rule;
  });
  const { values, quantities, protectedTerms, settings } = parseSetMembers(check, object);
  if (rules === undefined) return { rules: [] };
  return compact<RuleSet>({
    rules,
    values: nonEmptyObject(values),
    quantities: nonEmpty(quantities),
    protectedTerms: nonEmpty(protectedTerms),
    settings: nonEmptyObject(settings),
  });
}

function readSettings(check: JsonCheck, value: unknown, pointer: string): RuleSetSettings | undefined {
  const object = check.object(value, pointer, ['selection', 'order']);
  if (object === undefined) return undefined;
  const selection = check.member(object, 'selection', pointer, (one, at) => check.choice(one, at, SELECTIONS));
  const order = check.member(object, 'order', pointer, (one, at) => check.choice(one, at, ORDERS));
  return compact<RuleSetSettings>({
    selection: selection === 'all' ? undefined : selection,
    order: order === 'listed' ? undefined : order,
  });
}

function window(check: JsonCheck, value: unknown, pointer: string): Validity | undefined {
  const object = check.object(value, pointer, ['from', 'until']);
  if (object === undefined) return undefined;
  const time = (name: string) =>
    check.member(object, name, pointer, (one, at) => check.number(one, at, { integer: true }));
  const [from, until] = [time('from'), time('until')];
  if (from !== undefined && until !== undefined && from >= until) {
    return check.wrong(pointer, `expected "from" before "until", found ${from} and ${until}`, 'bad-window');
  }
  return compact<Validity>({ from, until });
}

/** An object of lists of texts. @param empty what is wrong with an empty one; absent: nothing */
function lists(
  check: JsonCheck,
  value: unknown,
  pointer: string,
  empty?: string,
): Record<string, readonly string[]> | undefined {
  const object = check.object(value, pointer);
  if (object === undefined) return undefined;
  const entries = Object.entries(object).flatMap(([name, list]) => {
    const texts = check.texts(list, childPointer(pointer, name));
    if (texts?.length === 0 && empty !== undefined) check.wrong(childPointer(pointer, name), empty);
    return texts === undefined ? [] : [[name, texts] as const];
  });
  return Object.fromEntries(entries);
}

function source(check: JsonCheck, value: unknown, pointer: string): RuleSource | undefined {
  const object = check.object(value, pointer, ['file', 'line', 'pointer']);
  if (object === undefined) return undefined;
  return compact<RuleSource>({
    file: check.member(object, 'file', pointer, (one, at) => check.text(one, at)),
    line: check.member(object, 'line', pointer, (one, at) => check.number(one, at, { least: 1, integer: true })),
    pointer: check.member(object, 'pointer', pointer, (one, at) => check.text(one, at)),
  });
}

function quantity(check: JsonCheck, value: unknown, pointer: string): QuantityRule | undefined {
  const object = check.object(value, pointer, ['units', 'fields', 'filter', 'boost', 'source']);
  if (object === undefined) return undefined;
  const units = check.list(object['units'], childPointer(pointer, 'units'), (one, at) => {
    const unit = check.object(one, at, ['term', 'multiplier']);
    const term = unit && check.text(unit['term'], `${at}/term`, 1);
    const multiplier = unit && check.number(unit['multiplier'], `${at}/multiplier`);
    return term === undefined || multiplier === undefined ? undefined : { term, multiplier };
  });
  const fields = check.list(object['fields'], childPointer(pointer, 'fields'), (one, at) => {
    const field = check.object(one, at, ['name', 'scale']);
    const name = field && check.text(field['name'], `${at}/name`, 1);
    const scale = field && check.number(field['scale'], `${at}/scale`, { least: 0, integer: true });
    return name === undefined || scale === undefined ? undefined : { name, scale };
  });
  if (units?.length === 0) check.wrong(childPointer(pointer, 'units'), 'expected at least one unit');
  if (fields?.length === 0) check.wrong(childPointer(pointer, 'fields'), 'expected at least one field');
  const filter = range(check, object['filter'], childPointer(pointer, 'filter'));
  const boost = quantityBoost(check, object['boost'], childPointer(pointer, 'boost'));
  const from = check.member(object, 'source', pointer, (one, at) => source(check, one, at));
  if (units === undefined || fields === undefined || filter === undefined || boost === undefined) return undefined;
  return compact<QuantityRule>({ units, fields, filter, boost, source: from });
}

function range(check: JsonCheck, value: unknown, pointer: string): QuantityRange | undefined {
  const object = check.object(value, pointer, ['below', 'above']);
  return object && percentages(check, object, pointer);
}

function percentages(
  check: JsonCheck,
  object: Readonly<Record<string, unknown>>,
  at: string,
): QuantityRange | undefined {
  const below = check.number(object['below'], `${at}/below`, { least: 0 });
  const above = check.number(object['above'], `${at}/above`, { least: 0 });
  return below === undefined || above === undefined ? undefined : { below, above };
}

const SCORES = ['scoreBelow', 'scoreAbove', 'scoreAtValue', 'scoreExact'] as const;

function quantityBoost(check: JsonCheck, value: unknown, pointer: string): QuantityBoost | undefined {
  const object = check.object(value, pointer, ['below', 'above', ...SCORES, 'exact']);
  if (object === undefined) return undefined;
  const ends = percentages(check, object, pointer);
  const [scoreBelow, scoreAbove, scoreAtValue, scoreExact] = SCORES.map((name) =>
    check.number(object[name], childPointer(pointer, name)),
  );
  const exact = range(check, object['exact'], childPointer(pointer, 'exact'));
  if (ends === undefined || exact === undefined) return undefined;
  if (scoreBelow === undefined || scoreAbove === undefined) return undefined;
  if (scoreAtValue === undefined || scoreExact === undefined) return undefined;
  return { ...ends, scoreBelow, scoreAbove, scoreAtValue, scoreExact, exact };
}

function nonEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

function nonEmptyObject<T extends object>(object: T | undefined): T | undefined {
  return object === undefined || Object.keys(object).length === 0 ? undefined : object;
}
