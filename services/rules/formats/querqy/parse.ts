/** Querqy's common rules (`rules.txt`) to rules. */
import type { JsonValue } from '../../../../stores/lmdb/values.ts';
import type { Action, RuleSource, Trigger } from '../../model/rule.ts';
import type { RuleEntry, RuleImport } from '../shared/rule-import.ts';
import { isBoolean, parseBoolean } from './boolean.ts';
import { parseInput, type QuerqyInput } from './input.ts';
import { looksLikeInstruction, parseInstruction } from './instructions.ts';
import { PropertyLines } from './properties.ts';

export interface QuerqyOptions {
  /** Whether AND, OR, NOT and parentheses in inputs are operators. */
  readonly booleanInput: boolean;
  /** Where the text stands in its file: nothing for a file of rules. */
  readonly place: RuleSource;
}

/** One rule being read. */
interface OpenRule {
  readonly entry: RuleEntry;
  readonly input: string;
  readonly trigger: Trigger | undefined;
  /** Undefined where the input is boolean. */
  readonly terms: QuerqyInput | undefined;
  readonly actions: Action[];
  readonly properties: PropertyLines;
}

/** Reads rules, line by line. */
export function readQuerqy(into: RuleImport, lines: readonly string[], options: QuerqyOptions): void {
  const ids = new Map<string, number>();
  let open: OpenRule | undefined;
  let count = 0;
  for (const [i, raw] of lines.entries()) {
    const place = { ...options.place, line: i + 1 };
    const line = cutComment(raw).trim();
    if (line === '') continue;
    const inBlock = open?.properties.open === true;
    // Before the first rule there are no properties.
    if (!inBlock && line.endsWith('=>') && (open === undefined || !line.startsWith('@'))) {
      if (open !== undefined) finish(open, ++count, ids, into);
      open = openRule(into, line, place, options);
    } else if (open === undefined) {
      into.error('SYNTAX', place, `expected an input "terms =>" first, found ${JSON.stringify(line)}`);
    } else if (inBlock || line.startsWith('@')) addProperty(open, line, place, into);
    else addInstruction(open, line, place, into);
  }
  if (open !== undefined) finish(open, ++count, ids, into);
}

/** A line up to its comment: a `#` behind one backslash, itself not behind one, is none. */
export function cutComment(line: string): string {
  for (let at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1)) {
    const escaped = line[at - 1] === '\\' && line[at - 2] !== '\\';
    if (!escaped) return line.slice(0, at);
  }
  return line;
}

function openRule(into: RuleImport, line: string, place: RuleSource, { booleanInput }: QuerqyOptions): OpenRule {
  const entry = into.entry(place);
  const input = line.slice(0, -2).trim();
  if (looksLikeInstruction(line)) {
    entry.warn('SUSPECT', `${JSON.stringify(line)} is taken for the input of a new rule, since it ends in "=>"`);
  }
  const common = { entry, input, actions: [], properties: new PropertyLines() };
  if (booleanInput && isBoolean(input)) {
    const phrases: QuerqyInput[] = [];
    const expression = parseBoolean(input, phrases);
    if (typeof expression === 'string') {
      entry.refuse('SYNTAX', expression);
      return { ...common, trigger: undefined, terms: undefined };
    }
    const trigger: Trigger | undefined = hasFields(entry, phrases) ? undefined : { kind: 'boolean', expression };
    return { ...common, trigger, terms: undefined };
  }
  const terms = parseInput(input);
  if (typeof terms === 'string') {
    entry.refuse('SYNTAX', terms);
    return { ...common, trigger: undefined, terms: { sequence: { text: input }, terms: [] } };
  }
  if (!booleanInput && / (?:AND|OR|NOT) /.test(` ${input} `)) {
    entry.warn('SUSPECT', 'AND, OR and NOT are terms here; with --option booleanInput=true they are operators');
  }
  const trigger: Trigger | undefined = hasFields(entry, [terms]) ? undefined : { kind: 'sequence', ...terms.sequence };
  return { ...common, trigger, terms };
}

/** Whether terms have field names: they match terms that the query gives a field, and a query here has none. */
function hasFields(entry: RuleEntry, inputs: readonly QuerqyInput[]): boolean {
  const fields = inputs.some(({ terms }) => terms.some((term) => term.fields.length > 0));
  if (fields) entry.lose('the rule', 'its input has field names, which the terms of a query here do not have');
  return fields;
}

function addInstruction({ entry, terms, actions }: OpenRule, line: string, place: RuleSource, into: RuleImport): void {
  if (terms?.terms.length === 0) {
    // The input is wrong: what is deleted cannot be compared with it.
    if (/^DELETE\b/i.test(line)) return;
  }
  const read = parseInstruction(line, terms);
  if (typeof read === 'string') {
    entry.refuse('SYNTAX', read, into.at(place));
    return;
  }
  for (const { what, why } of read.lost) entry.lose(what, why);
  if (read.action.do === 'synonym' && read.action.to.includes('$1') && !hasWildcard(terms)) {
    entry.warn('SUSPECT', 'a placeholder $1 without a wildcard in the input', into.at(place));
  }
  if (read.action.do === 'synonym' && /\$(?!1(?!\d))\d/.test(read.action.to)) {
    entry.warn('SUSPECT', 'the one placeholder is $1; others are taken as they are', into.at(place));
  }
  actions.push(read.action);
}

function hasWildcard(terms: QuerqyInput | undefined): boolean {
  return terms?.terms.some(({ kind }) => kind !== 'term') === true;
}

function addProperty({ entry, properties }: OpenRule, line: string, place: RuleSource, into: RuleImport): void {
  const { wrong, warning } = properties.add(line, place.line ?? 0);
  if (wrong !== undefined) entry.refuse('SYNTAX', wrong, into.at(place));
  if (warning !== undefined) entry.warn('SUSPECT', warning, into.at(place));
}

function finish(rule: OpenRule, count: number, ids: Map<string, number>, into: RuleImport): void {
  const { entry, trigger, actions, properties, input } = rule;
  if (properties.open) {
    const place = into.at({ ...entry.source, line: properties.openedAt });
    entry.refuse('SYNTAX', 'a block of properties "@{" that is not closed by a line that ends in "}@"', place);
  }
  const { _id, ...rest } = properties.members;
  const id = _id === undefined ? `${input}#${count}` : typeof _id === 'string' ? _id : JSON.stringify(_id);
  const before = ids.get(id);
  if (before !== undefined) entry.refuse('DUPLICATE', `the _id ${JSON.stringify(id)} is that of line ${before} too`);
  ids.set(id, before ?? entry.source.line ?? 0);
  if (entry.refused || trigger === undefined) return;
  if (actions.length === 0) {
    entry.warn('NO_EFFECT', `${JSON.stringify(input)} has no instruction: the rule does nothing`);
    entry.lose('the rule', 'it has no instruction');
    return;
  }
  const named = rest as Readonly<Record<string, JsonValue>>;
  entry.add({ id, triggers: [trigger], actions, ...(Object.keys(named).length === 0 ? {} : { properties: named }) });
}
