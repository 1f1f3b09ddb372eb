/** SMUI's inputs and spellings as its REST API gives them. */
import { isObject, type JsonObject } from '../../model/json-check.ts';
import type { RuleSource } from '../../model/rule.ts';
import { expected, oneOrMany, type Placed, textOf, within } from '../shared/json-file.ts';
import type { RuleEntry, RuleImport } from '../shared/rule-import.ts';
import { addInput, addSpelling, spellingConflicts } from './build.ts';
import type { SmuiInput, SmuiPart, SmuiSpelling, SmuiTag } from './model.ts';

const PART_LISTS = ['synonymRules', 'upDownRules', 'filterRules', 'deleteRules', 'redirectRules'] as const;

/** Reads documents: an input, a spelling, or an array of them. */
export function readSmuiJson(into: RuleImport, documents: readonly Placed[]): void {
  const spellings: { readonly spelling: SmuiSpelling; readonly entry: RuleEntry }[] = [];
  for (const { value, place } of documents.flatMap((document) => oneOrMany(document.value, document.place))) {
    const entry = into.entry(place);
    if (!isObject(value)) entry.refuse('VALUE', expected('an input or a spelling', value));
    else if (Array.isArray(value['alternativeSpellings']))
      spellings.push({ spelling: spellingOf(entry, value, place, into), entry });
    else if (PART_LISTS.some((name) => Array.isArray(value[name]))) {
      const input = inputOf(entry, value, place, into);
      if (!entry.refused) addInput(entry, input);
    } else if (value['itemType'] !== undefined) {
      entry.refuse('MISSING', 'the list names rules without what they do: export each input and spelling itself');
    } else if (value['property'] !== undefined && value['value'] !== undefined)
      entry.lose('the tag', 'a predefined tag does nothing by itself');
    else
      entry.refuse(
        'SYNTAX',
        'expected an input with "synonymRules" and so on, or a spelling with "alternativeSpellings"',
      );
  }
  const conflicts = spellingConflicts(spellings.map(({ spelling }) => spelling));
  for (const { spelling, entry } of spellings) {
    const conflict = conflicts.get(spelling);
    if (conflict !== undefined) entry.refuse('VALUE', conflict);
    addSpelling(entry, spelling);
  }
}

function inputOf(entry: RuleEntry, value: JsonObject, place: RuleSource, into: RuleImport): SmuiInput {
  const parts = PART_LISTS.flatMap((name) =>
    listOf(entry, value, name, place, into).flatMap(({ value: part, place: at }) => {
      const read = partOf(name, part);
      if (typeof read !== 'string') return [read];
      entry.refuse('VALUE', read, into.at(at));
      return [];
    }),
  );
  const tags = listOf(entry, value, 'tags', place, into).map(({ value: tag }): SmuiTag => {
    const [property = '', text = ''] = [textOf(tag, 'property'), textOf(tag, 'value')];
    return { property, value: text, exported: tag['exported'] !== false };
  });
  return { ...named(entry, value, place, into), parts, tags };
}

function spellingOf(entry: RuleEntry, value: JsonObject, place: RuleSource, into: RuleImport): SmuiSpelling {
  const alternatives = listOf(entry, value, 'alternativeSpellings', place, into).flatMap(
    ({ value: one, place: at }) => {
      const term = textOf(one, 'term');
      if (term === undefined) entry.refuse('VALUE', expected('text', one['term']), into.at(within(at, 'term')));
      return term === undefined ? [] : [{ id: textOf(one, 'id') ?? '', term, active: one['isActive'] !== false }];
    },
  );
  return { ...named(entry, value, place, into), alternatives };
}

function named(entry: RuleEntry, value: JsonObject, place: RuleSource, into: RuleImport) {
  const term = textOf(value, 'term');
  if (term === undefined) entry.refuse('VALUE', expected('text', value['term']), into.at(within(place, 'term')));
  return {
    id: textOf(value, 'id') ?? '',
    term: term ?? '',
    active: value['isActive'] !== false,
    comment: textOf(value, 'comment') ?? '',
  };
}

function listOf(
  entry: RuleEntry,
  of: JsonObject,
  name: string,
  place: RuleSource,
  into: RuleImport,
): Placed<JsonObject>[] {
  const list = of[name] ?? [];
  const path = within(place, name);
  if (!Array.isArray(list)) {
    entry.refuse('VALUE', expected('an array', list), into.at(path));
    return [];
  }
  return oneOrMany(list, path).flatMap(({ value, place: at }) => {
    if (isObject(value)) return [{ value, place: at }];
    entry.refuse('VALUE', expected('an object', value), into.at(at));
    return [];
  });
}

function partOf(name: (typeof PART_LISTS)[number], part: JsonObject): SmuiPart | string {
  const term = textOf(part, name === 'redirectRules' ? 'target' : 'term');
  if (term === undefined) return `expected text as "${name === 'redirectRules' ? 'target' : 'term'}"`;
  const common = { id: textOf(part, 'id') ?? '', active: part['isActive'] !== false, term, value: 1 };
  const type = (key: string) => part[key] ?? 0;
  switch (name) {
    case 'synonymRules':
      if (type('synonymType') !== 0 && type('synonymType') !== 1)
        return expected('a synonymType of 0 or 1', part['synonymType']);
      return { ...common, what: type('synonymType') === 0 ? 'undirected' : 'synonym' };
    case 'upDownRules': {
      const value = part['boostMalusValue'] ?? 1;
      if (type('upDownType') !== 0 && type('upDownType') !== 1)
        return expected('an upDownType of 0 or 1', part['upDownType']);
      if (typeof value !== 'number' || value < 0) return expected('a boostMalusValue of at least 0', value);
      return { ...common, what: type('upDownType') === 0 ? 'up' : 'down', value };
    }
    case 'filterRules':
      return { ...common, what: 'filter' };
    case 'deleteRules':
      return { ...common, what: 'delete' };
    default:
      return { ...common, what: 'redirect' };
  }
}
