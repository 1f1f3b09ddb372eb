/** Solr's managed synonyms, as its REST API takes and gives them. */
import { isObject } from '../../model/json-check.ts';
import { expected, type Placed, within } from '../shared/json-file.ts';
import type { RuleImport } from '../shared/rule-import.ts';
import { equivalents, squeeze, synonym, wordsTrigger } from '../shared/synonyms.ts';

/** Reads a document: a list, a map from terms to terms, or what GET answers. */
export function readManaged(into: RuleImport, { value, place }: Placed): void {
  if (Array.isArray(value)) {
    readList(into, value, place);
    return;
  }
  const mappings = isObject(value) ? value['synonymMappings'] : undefined;
  if (isObject(mappings)) {
    const path = within(place, 'synonymMappings', 'managedMap');
    const map = mappings['managedMap'];
    if (isObject(map)) readMap(into, map, path);
    else into.entry(path).refuse('VALUE', expected('an object', map));
    const args = mappings['initArgs'];
    if (isObject(args) && args['ignoreCase'] !== true) {
      into.warn('DIFFERENT', within(place, 'synonymMappings'), 'ignoreCase is not true: here case never matters');
    }
    return;
  }
  if (isObject(value)) readMap(into, value, place);
  else into.entry(place).refuse('VALUE', expected('an object or an array', value));
}

function readList(into: RuleImport, list: readonly unknown[], place: Placed['place']): void {
  const entry = into.entry(place);
  const terms: string[] = [];
  for (const [i, term] of list.entries()) {
    if (typeof term === 'string' && term.trim() !== '') terms.push(squeeze(term));
    else entry.refuse('VALUE', expected('a term', term), into.at(within(place, i)));
  }
  if (!entry.refused && new Set(terms).size < 2) entry.lose('the list', 'it has fewer than two terms');
  else entry.add({ id: terms.join(', '), ...equivalents(terms) });
}

function readMap(into: RuleImport, map: Readonly<Record<string, unknown>>, place: Placed['place']): void {
  for (const [key, value] of Object.entries(map)) {
    if (key === 'responseHeader') continue;
    const where = within(place, key);
    const entry = into.entry(where);
    const list = typeof value === 'string' ? [value] : value;
    if (!Array.isArray(list)) {
      entry.refuse('VALUE', expected('a term or an array of terms', value));
      continue;
    }
    for (const [i, term] of list.entries()) {
      if (typeof term !== 'string' || term.trim() === '')
        entry.refuse('VALUE', expected('a term', term), into.at(within(where, i)));
    }
    const from = squeeze(key);
    if (from === '') entry.refuse('VALUE', 'expected a term, found an empty name');
    if (list.length === 0) entry.lose('the mapping', 'it has no term');
    if (entry.refused || list.length === 0) continue;
    const to = [...new Set((list as string[]).map(squeeze))];
    const keep = to.includes(from);
    const others = to.filter((term) => term !== from);
    if (others.length === 0) {
      entry.warn('NO_EFFECT', `${JSON.stringify(key)} stands for itself alone`);
      entry.lose('the mapping', 'it stands for itself alone');
      continue;
    }
    entry.add({
      id: `${from} => ${to.join(', ')}`,
      triggers: [wordsTrigger(from)],
      actions: others.map((term) => synonym(term, keep)),
    });
  }
}
