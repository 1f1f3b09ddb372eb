/** JSON to a rule set: types and members, every mistake named by its place. What rules say is checked by `check.ts`. */
import type { RuleSet } from '../model/rule.ts';
import { ProblemList, type RuleProblem } from './problems.ts';

/** Says whether a value is what a member takes; `undefined` for yes, else what was expected. */
type Check = (value: unknown, pointer: string, problems: ProblemList) => string | undefined;

interface Shape {
  readonly members: Readonly<Record<string, Check>>;
  readonly required: readonly string[];
}

const text: Check = (value) =>
  typeof value === 'string' && value.isWellFormed() ? undefined : 'a text of whole characters';
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const number: Check = (value) => (typeof value === 'number' && Number.isFinite(value) ? undefined : 'a number');
const anything: Check = () => undefined;
const oneOf =
  (...names: readonly string[]): Check =>
  (value) =>
    names.includes(value as string) ? undefined : `one of ${names.join(', ')}`;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf =
  (check: Check): Check =>
  (value, pointer, problems) => {
    if (!Array.isArray(value)) return 'a list';
    for (const [i, item] of value.entries()) report(check, item, `${pointer}/${i}`, problems);
    return undefined;
  };

const mapOf =
  (check: Check): Check =>
  (value, pointer, problems) => {
    if (!isObject(value)) return 'an object';
    for (const [name, item] of Object.entries(value)) report(check, item, `${pointer}/${escaped(name)}`, problems);
    return undefined;
  };

const shaped =
  (shape: Shape): Check =>
  (value, pointer, problems) => {
    if (!isObject(value)) return 'an object';
    readMembers(value, shape, pointer, problems);
    return undefined;
  };

/** An object whose shape a member of it tells. */
const told =
  (by: string, shapes: Readonly<Record<string, Shape>>): Check =>
  (value, pointer, problems) => {
    if (!isObject(value)) return 'an object';
    const name = value[by];
    const shape = typeof name === 'string' && Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (shape === undefined) {
      problems.add(
        `${pointer}/${by}`,
        'bad-shape',
        `expected one of ${Object.keys(shapes).join(', ')}, found ${shown(name)}`,
      );
      return undefined;
    }
    readMembers(value, { ...shape, members: { ...shape.members, [by]: anything } }, pointer, problems);
    return undefined;
  };

const anchor = oneOf('any', 'start', 'end', 'both');
const SEQUENCE: Shape = {
  members: { text, anchor, plurals: flag, wildcardMayBeEmpty: flag },
  required: ['text'],
};

const expression: Check = (value, pointer, problems) => {
  if (!isObject(value)) return 'an object with "and", "or", "not" or "sequence"';
  const names = Object.keys(value);
  const [name] = names;
  if (names.length !== 1 || name === undefined || !['and', 'or', 'not', 'sequence'].includes(name)) {
    return 'exactly one of "and", "or", "not" and "sequence"';
  }
  const check = name === 'sequence' ? shaped(SEQUENCE) : name === 'not' ? expression : listOf(expression);
  report(check, value[name], `${pointer}/${name}`, problems);
  return undefined;
};

const TRIGGERS: Readonly<Record<string, Shape>> = {
  sequence: SEQUENCE,
  boolean: { members: { expression }, required: ['expression'] },
  regex: { members: { pattern: text }, required: ['pattern'] },
  always: { members: {}, required: [] },
  empty: { members: {}, required: [] },
};

const query = { query: text, raw: flag };
const ACTIONS: Readonly<Record<string, Shape>> = {
  replace: { members: { to: text, from: text, whole: flag, announce: flag }, required: ['to'] },
  delete: { members: { terms: text, announce: flag }, required: [] },
  synonym: { members: { to: text, from: text, weight: number, keepOriginal: flag }, required: ['to'] },
  boost: { members: { ...query, factor: number, demote: flag }, required: ['query'] },
  filter: { members: query, required: ['query'] },
  decorate: { members: { value: anything, key: text }, required: ['value'] },
  redirect: { members: { to: text }, required: ['to'] },
  pin: { members: { documents: anything }, required: ['documents'] },
  hide: { members: { documents: anything }, required: ['documents'] },
  parameters: { members: { parameters: anything }, required: ['parameters'] },
};

const RULE: Shape = {
  members: {
    id: text,
    triggers: listOf(told('kind', TRIGGERS)),
    actions: listOf(told('do', ACTIONS)),
    enabled: flag,
    validity: listOf(shaped({ members: { from: number, until: number }, required: [] })),
    context: mapOf(listOf(text)),
    priority: number,
    stop: flag,
    properties: mapOf(anything),
    tags: listOf(text),
    comment: text,
    source: shaped({ members: { file: text, line: number, pointer: text }, required: [] }),
  },
  required: ['id', 'triggers', 'actions'],
};

const SET: Shape = {
  members: {
    rules: (value, pointer, problems) => {
      if (!Array.isArray(value)) return 'a list of rules';
      for (const [i, rule] of value.entries()) {
        problems.rule = isObject(rule) && typeof rule['id'] === 'string' ? rule['id'] : undefined;
        report(shaped(RULE), rule, `${pointer}/${i}`, problems);
      }
      problems.rule = undefined;
      return undefined;
    },
    values: mapOf(listOf(text)),
    settings: shaped({
      members: { selection: oneOf('all', 'first', 'exclusive'), order: oneOf('listed', 'specific') },
      required: [],
    }),
  },
  required: ['rules'],
};

/** The rule set that a JSON value says, or what is wrong with it: an empty list of problems says that `value` is a rule set. */
export function readRuleSet(value: unknown): { readonly set: RuleSet; readonly problems: readonly RuleProblem[] } {
  const problems = new ProblemList();
  report(shaped(SET), value, '', problems);
  return { set: value as RuleSet, problems: problems.problems };
}

function report(check: Check, value: unknown, pointer: string, problems: ProblemList): void {
  const expected = check(value, pointer, problems);
  if (expected !== undefined) problems.add(pointer, 'bad-shape', `expected ${expected}, found ${shown(value)}`);
}

function readMembers(value: Record<string, unknown>, shape: Shape, pointer: string, problems: ProblemList): void {
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    if (!Object.hasOwn(shape.members, name)) {
      const known = Object.keys(shape.members).join(', ');
      problems.add(
        `${pointer}/${escaped(name)}`,
        'unknown-member',
        `"${name}" is no member here; there are ${known || 'none'}`,
      );
    } else report(shape.members[name]!, item, `${pointer}/${escaped(name)}`, problems);
  }
  for (const name of shape.required) {
    if (value[name] === undefined) problems.add(pointer, 'bad-shape', `"${name}" is missing`);
  }
}

/** A name within a JSON pointer. */
export function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
