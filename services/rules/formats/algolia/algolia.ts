/** Algolia: rules and synonyms, as arrays, pages of answers, or one object a line. */
import { isObject, type JsonObject } from '../../model/json-check.ts';
import type { FormatInput, Imported, RuleFormat } from '../shared/format.ts';
import { expected, oneOrMany, type Placed, readJson, within } from '../shared/json-file.ts';
import { RuleImport } from '../shared/rule-import.ts';
import { readAlgoliaRule } from './rules.ts';
import { isAlgoliaSynonym, readAlgoliaSynonym } from './synonyms.ts';
import { writeAlgolia } from './write.ts';

export const algolia: RuleFormat = {
  name: 'algolia',
  help: "Algolia's rules and synonyms (JSON)",
  importOptions: [],
  parse,
  exportOptions: [
    {
      name: 'kind',
      values: ['all', 'rules', 'synonyms'],
      usual: 'all',
      help: 'what is written: Algolia takes rules and synonyms apart',
    },
  ],
  write: writeAlgolia,
};

function parse({ bytes, file }: FormatInput): Imported {
  const into = new RuleImport('algolia', file);
  const ids = new Map<string, Placed>();
  const facets = new Set<string>();
  for (const document of readJson(bytes, into)) {
    for (const { value, place } of itemsOf(document)) {
      if (!isObject(value)) {
        into.entry(place).refuse('VALUE', expected('a rule or a synonym', value));
        continue;
      }
      const id = `${isAlgoliaSynonym(value)} ${String(value['objectID'])}`;
      const before = ids.get(id);
      if (before !== undefined && value['objectID'] !== undefined) {
        const entry = into.entry(place);
        if (JSON.stringify(before.value) === JSON.stringify(value))
          entry.lose('the rule', 'it stands in an earlier page');
        else
          entry.refuse(
            'DUPLICATE',
            `the objectID ${JSON.stringify(value['objectID'])} stands at ${before.place.pointer} too`,
          );
        continue;
      }
      ids.set(id, { value, place });
      if (isAlgoliaSynonym(value)) readAlgoliaSynonym(into, { value, place });
      else for (const facet of readAlgoliaRule(into, { value, place })) facets.add(facet);
    }
  }
  for (const name of facets) {
    into.warn('MISSING', {}, `{${name}} stands for any value of a facet: give its values with --values ${name}=FILE`);
  }
  return into.finish({ selection: 'exclusive', order: 'specific' });
}

/** Rules and synonyms of a document: an array, pages with `hits`, an object with both, or one alone. */
function itemsOf({ value, place }: Placed): Placed[] {
  return oneOrMany(value, place).flatMap((one) => {
    if (!isObject(one.value)) return [one];
    const lists = ['hits', 'rules', 'synonyms'].filter((name) => Array.isArray((one.value as JsonObject)[name]));
    if (lists.length === 0 || one.value['objectID'] !== undefined) return [one];
    return lists.flatMap((name) => oneOrMany((one.value as JsonObject)[name], within(one.place, name)));
  });
}
