/** Rules of Algolia. */
import { isObject, type JsonObject } from '../../model/json-check.ts';
import type { Anchor, RuleSource, Trigger, Validity } from '../../model/rule.ts';
import { parseSequenceText } from '../../model/sequence-text.ts';
import { expected, type Placed, textOf, textsOf, within } from '../shared/json-file.ts';
import { placeholdersOf, sequenceOfPattern } from '../shared/patterns.ts';
import type { RuleEntry, RuleImport } from '../shared/rule-import.ts';
import { consequenceActions } from './consequence.ts';

const ANCHORS: Readonly<Record<string, Anchor>> = { is: 'both', startsWith: 'start', endsWith: 'end', contains: 'any' };
const MEMBERS = ['objectID', 'description', 'enabled', 'conditions', 'condition', 'consequence', 'validity', 'tags'];

/** The key of a request's context that is compared with the context of a condition. */
export const CONTEXT_KEY = 'ruleContexts';
/** Before the name of a facet: the key compared with the filters of a condition. */
export const FILTER_KEY = 'filter:';

/** Triggers that share a context. */
interface Group {
  readonly context: Record<string, string[]>;
  readonly triggers: Trigger[];
}

/** Reads a rule; conditions with contexts of their own become rules of their own. @returns placeholders of its patterns */
export function readAlgoliaRule(into: RuleImport, { value, place }: Placed<JsonObject>): ReadonlySet<string> {
  const entry = into.entry(place);
  const at = (...steps: (string | number)[]) => into.at(within(place, ...steps));
  const id = textOf(value, 'objectID');
  if (id === undefined || id === '') entry.refuse('VALUE', expected('text', value['objectID']), at('objectID'));
  const conditions = conditionsOf(entry, value, place, into);
  const facets = new Set(
    conditions.flatMap(({ triggers }) =>
      triggers.flatMap((one) => (one.kind === 'sequence' ? placeholdersOf(one.text) : [])),
    ),
  );
  const consequence = value['consequence'];
  if (!isObject(consequence)) {
    entry.refuse('VALUE', expected('an object', consequence), at('consequence'));
    return facets;
  }
  const actions = consequenceActions(entry, consequence, facets, within(place, 'consequence'));
  const validity = validityOf(entry, value['validity'], within(place, 'validity'), into);
  for (const name of Object.keys(value)) {
    if (!MEMBERS.includes(name) && !name.startsWith('_')) entry.lose(name, 'it says nothing of the query');
  }
  const comment = textOf(value, 'description');
  const tags = textsOf(value, 'tags');
  for (const [i, { context, triggers }] of conditions.entries()) {
    entry.add({
      id: i === 0 ? (id ?? '') : `${id}/${i + 1}`,
      triggers,
      actions,
      ...(value['enabled'] === false ? { enabled: false } : {}),
      ...(validity.length === 0 ? {} : { validity }),
      ...(Object.keys(context).length === 0 ? {} : { context }),
      ...(tags === undefined || tags.length === 0 ? {} : { tags }),
      ...(comment === undefined || comment === '' ? {} : { comment }),
    });
  }
  return facets;
}

function conditionsOf(entry: RuleEntry, value: JsonObject, place: RuleSource, into: RuleImport): Group[] {
  const several = value['conditions'] ?? [];
  if (!Array.isArray(several)) {
    entry.refuse('VALUE', expected('an array', several), into.at(within(place, 'conditions')));
    return [];
  }
  const placed: Placed[] = several.map((one: unknown, i) => ({ value: one, place: within(place, 'conditions', i) }));
  if (isObject(value['condition']) && Object.keys(value['condition']).length > 0) {
    placed.push({ value: value['condition'], place: within(place, 'condition') });
  }
  if (placed.length === 0) return [{ context: {}, triggers: [{ kind: 'always' }] }];
  if (placed.length > 25) entry.refuse('LIMIT', `expected at most 25 conditions, found ${placed.length}`);
  const groups = new Map<string, Group>();
  for (const { value: condition, place: at } of placed) {
    if (!isObject(condition)) {
      entry.refuse('VALUE', expected('a condition', condition), into.at(at));
      continue;
    }
    const trigger = triggerOf(entry, condition, at, into);
    const context = contextOf(entry, condition, at, into);
    if (trigger === undefined) continue;
    const key = JSON.stringify(context);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { context, triggers: [trigger] });
    else group.triggers.push(trigger);
  }
  return withJoinedContexts([...groups.values()]);
}

function triggerOf(entry: RuleEntry, condition: JsonObject, place: RuleSource, into: RuleImport): Trigger | undefined {
  const { pattern, anchoring } = condition;
  if (pattern === undefined) return { kind: 'always' };
  if (typeof pattern !== 'string')
    return entry.refuse('VALUE', expected('text', pattern), into.at(within(place, 'pattern')));
  const anchor = typeof anchoring === 'string' ? ANCHORS[anchoring] : undefined;
  if (anchor === undefined) {
    return entry.refuse(
      'VALUE',
      expected('is, startsWith, endsWith or contains', anchoring),
      into.at(within(place, 'anchoring')),
    );
  }
  if (pattern.trim() === '') {
    if (anchor === 'both') return { kind: 'empty' };
    return entry.refuse('VALUE', 'an empty pattern goes with "is" alone', into.at(within(place, 'pattern')));
  }
  const text = sequenceOfPattern(pattern, 'facet:');
  const terms = parseSequenceText(text);
  if (typeof terms === 'string') return entry.refuse('SYNTAX', terms, into.at(within(place, 'pattern')));
  const plurals = condition['alternatives'] === true;
  if (plurals) entry.lose('alternatives', 'plurals and corrected typos match, synonyms of the pattern do not');
  return { kind: 'sequence', text, ...(anchor === 'any' ? {} : { anchor }), ...(plurals ? { plurals } : {}) };
}

function contextOf(
  entry: RuleEntry,
  { context, filters }: JsonObject,
  place: RuleSource,
  into: RuleImport,
): Record<string, string[]> {
  const keys: Record<string, string[]> = {};
  if (typeof context === 'string' && context !== '') keys[CONTEXT_KEY] = [context];
  if (typeof filters !== 'string' || filters.trim() === '') return keys;
  for (const part of filters.split(/\s+AND\s+/)) {
    const [, facet, quoted, plain] = /^\s*"?([^":]+)"?\s*:\s*(?:"([^"]*)"|'?([^'"]*?)'?)\s*$/.exec(part) ?? [];
    const value = quoted ?? plain;
    if (facet === undefined || value === undefined || value === '' || /\s(?:OR|NOT)\s/.test(` ${part} `)) {
      entry.refuse(
        'SYNTAX',
        `expected facet:value joined by AND, found ${JSON.stringify(filters)}`,
        into.at(within(place, 'filters')),
      );
      return keys;
    }
    const key = `${FILTER_KEY}${facet.trim()}`;
    keys[key] = [...(keys[key] ?? []), value];
  }
  return keys;
}

/** Groups with the same triggers that differ in their context alone, as one with both values. */
function withJoinedContexts(groups: readonly Group[]): Group[] {
  const joined = new Map<string, Group>();
  for (const group of groups) {
    const { [CONTEXT_KEY]: contexts, ...filters } = group.context;
    const key = JSON.stringify([group.triggers, filters, contexts === undefined]);
    const before = joined.get(key)?.context[CONTEXT_KEY];
    if (before === undefined) joined.set(key, group);
    else before.push(...(contexts ?? []));
  }
  return [...joined.values()];
}

function validityOf(entry: RuleEntry, value: unknown, place: RuleSource, into: RuleImport): Validity[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    entry.refuse('VALUE', expected('an array', value), into.at(place));
    return [];
  }
  return value.flatMap((window: unknown, i) => {
    const [from, until] = isObject(window) ? [window['from'], window['until']] : [null, null];
    const bad = [from, until].some(
      (time) => time !== undefined && (typeof time !== 'number' || !Number.isFinite(time)),
    );
    if (bad || (typeof from === 'number' && typeof until === 'number' && from >= until)) {
      entry.refuse(
        'VALUE',
        `expected seconds "from" before "until", found ${JSON.stringify(window)}`,
        into.at(within(place, i)),
      );
      return [];
    }
    const ms = (name: string, time: unknown) => (typeof time === 'number' ? { [name]: Math.round(time * 1000) } : {});
    return [{ ...ms('from', from), ...ms('until', until) }];
  });
}
