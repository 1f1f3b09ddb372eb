/** Typesense: synonyms and overrides of collections, and the sets of version 30. */
import { isObject, type JsonObject } from '../../model/json-check.ts';
import type { FormatInput, Imported, RuleFormat } from '../shared/format.ts';
import { expected, oneOrMany, type Placed, readJson, within } from '../shared/json-file.ts';
import { RuleImport } from '../shared/rule-import.ts';
import { readCuration } from './curations.ts';
import { readTypesenseSynonym } from './synonyms.ts';
import { writeTypesense } from './write.ts';

export const typesense: RuleFormat = {
  name: 'typesense',
  help: "Typesense's synonyms and overrides, or curations (JSON)",
  importOptions: [],
  parse,
  exportOptions: [
    {
      name: 'kind',
      values: ['all', 'synonyms', 'overrides'],
      usual: 'all',
      help: 'what is written: Typesense takes the two apart',
    },
  ],
  write: writeTypesense,
};

function parse({ bytes, file }: FormatInput): Imported {
  const into = new RuleImport('typesense', file);
  const items = readJson(bytes, into).flatMap(itemsOf);
  const curations: Placed<JsonObject>[] = [];
  let synonyms = 0;
  for (const { value, place } of items) {
    if (!isObject(value)) into.entry(place).refuse('VALUE', expected('a synonym or an override', value));
    else if (value['rule'] !== undefined) curations.push({ value, place });
    else if (value['synonyms'] !== undefined || value['root'] !== undefined) {
      readTypesenseSynonym(into, { value, place });
      synonyms++;
    } else into.entry(place).refuse('SYNTAX', 'expected a synonym with "synonyms", or an override with "rule"');
  }
  // Typesense evaluates overrides by id.
  curations.sort((a, b) => Buffer.compare(Buffer.from(idOf(a)), Buffer.from(idOf(b))));
  const placeholders = new Set<string>();
  let stops = curations.length > 0 && synonyms === 0;
  for (const curation of curations) {
    for (const name of readCuration(into, curation)) placeholders.add(name);
    stops &&= curation.value['stop_processing'] !== false;
  }
  for (const name of placeholders) {
    into.warn('MISSING', {}, `{${name}} stands for any value of a field: give its values with --values ${name}=FILE`);
  }
  return into.finish(stops ? { selection: 'first' } : {});
}

function idOf({ value }: Placed<JsonObject>): string {
  return typeof value['id'] === 'string' ? value['id'] : '';
}

/** The items of an array, of `synonyms`, `overrides` or `items`, of sets of them, or one alone. */
function itemsOf({ value, place }: Placed): Placed[] {
  return oneOrMany(value, place).flatMap((one) => {
    if (!isObject(one.value) || one.value['id'] !== undefined || one.value['rule'] !== undefined) return [one];
    const object = one.value;
    const lists = ['items', 'synonyms', 'overrides', 'curations', 'synonym_sets', 'curation_sets'].filter((name) =>
      Array.isArray(object[name]),
    );
    const nested = lists.filter((name) => (object[name] as unknown[]).every((element) => isObject(element)));
    if (nested.length === 0) return [one];
    return nested.flatMap((name) => itemsOf({ value: object[name], place: within(one.place, name) }));
  });
}
