/** Synonyms of Typesense. */
import type { JsonObject } from '../../model/json-check.ts';
import { expected, type Placed, textOf, within } from '../shared/json-file.ts';
import type { RuleImport } from '../shared/rule-import.ts';
import { equivalents, squeeze, synonym, wordsTrigger } from '../shared/synonyms.ts';

/** Reads a synonym: all terms for one another, or from the root to each. */
export function readTypesenseSynonym(into: RuleImport, { value, place }: Placed<JsonObject>): void {
  const entry = into.entry(place);
  const id = textOf(value, 'id') ?? '';
  if (id === '') entry.refuse('VALUE', expected('text', value['id']), into.at(within(place, 'id')));
  const list = value['synonyms'];
  const terms: string[] = [];
  if (!Array.isArray(list) || list.length === 0) {
    entry.refuse('VALUE', expected('an array of at least one text', list), into.at(within(place, 'synonyms')));
  } else {
    for (const [i, element] of list.entries()) {
      const text = tokens(element);
      if (text === undefined || text === '')
        entry.refuse('VALUE', expected('text', element), into.at(within(place, 'synonyms', i)));
      else terms.push(text);
    }
  }
  const root = value['root'] === undefined || value['root'] === null ? '' : tokens(value['root']);
  if (root === undefined) entry.refuse('VALUE', expected('text', value['root']), into.at(within(place, 'root')));
  if (textOf(value, 'locale'))
    entry.lose('locale', 'a rule is for queries of every language; set the context of a rule by hand');
  const symbols = value['symbols_to_index'];
  if (Array.isArray(symbols) && symbols.length > 0)
    entry.lose('symbols_to_index', 'terms are normalised as queries are');
  if (entry.refused) return;
  const distinct = [...new Set(terms)];
  if (root !== undefined && root !== '')
    entry.add({ id, triggers: [wordsTrigger(root)], actions: distinct.map((text) => synonym(text)) });
  else if (distinct.length < 2) {
    entry.warn('NEVER_FIRES', 'one term without a root: the rule never fires');
    entry.lose('the rule', 'it has one term and no root');
  } else entry.add({ id, ...equivalents(distinct) });
}

/** A term: text or, in files of 0.23 and before, its tokens. */
function tokens(value: unknown): string | undefined {
  if (typeof value === 'string') return squeeze(value);
  const words = Array.isArray(value) && value.every((word) => typeof word === 'string');
  return words ? squeeze((value as string[]).join(' ')) : undefined;
}
