/** The consequence of one of Algolia's rules, as actions. */
import type { JsonValue } from '../../../../stores/lmdb/values.ts';
import { isObject, type JsonObject } from '../../model/json-check.ts';
import type { Action, RuleSource } from '../../model/rule.ts';
import { expected, within } from '../shared/json-file.ts';
import { actionText } from '../shared/patterns.ts';
import type { RuleEntry } from '../shared/rule-import.ts';

const PREFIX = 'facet:';
/** Parameters that become actions. */
const ORDER: readonly string[] = [
  ...[
    'query',
    'filters',
    'automaticFacetFilters',
    'optionalFilters',
    'automaticOptionalFacetFilters',
    'renderingContent',
  ],
];

/** The filter on a placeholder's value. */
export function facetFilter(name: string): string {
  return `${name}:"{${name}}"`;
}

/** Reads a consequence; what is wrong goes to the entry. @param facets placeholders of the patterns */
export function consequenceActions(
  entry: RuleEntry,
  consequence: JsonObject,
  facets: ReadonlySet<string>,
  place: RuleSource,
): Action[] {
  const reader = new ConsequenceReader(entry, facets);
  const params = consequence['params'] ?? {};
  if (isObject(params)) reader.params(params, within(place, 'params'));
  else reader.wrong(expected('an object', params), within(place, 'params'));
  for (const name of ['promote', 'hide'] as const) {
    const list = consequence[name];
    if (list === undefined) continue;
    const documents = list as JsonValue;
    if (!Array.isArray(list)) reader.wrong(expected('an array', list), within(place, name));
    else if (list.length > 0)
      reader.actions.push(name === 'promote' ? { do: 'pin', documents } : { do: 'hide', documents });
  }
  if (consequence['userData'] !== undefined && consequence['userData'] !== null) {
    reader.actions.push({ do: 'decorate', value: consequence['userData'] as JsonValue });
  }
  const rest: Record<string, JsonValue> = { ...reader.parameters };
  if (consequence['filterPromotes'] !== undefined) rest['filterPromotes'] = consequence['filterPromotes'] as JsonValue;
  if (Object.keys(rest).length > 0) reader.actions.push({ do: 'parameters', parameters: rest });
  for (const name of Object.keys(consequence)) {
    if (!['params', 'promote', 'hide', 'userData', 'filterPromotes'].includes(name))
      entry.lose(`consequence.${name}`, 'unknown');
  }
  return reader.actions;
}

class ConsequenceReader {
  readonly actions: Action[] = [];
  readonly parameters: Record<string, JsonValue> = {};
  readonly #entry: RuleEntry;
  readonly #facets: ReadonlySet<string>;

  constructor(entry: RuleEntry, facets: ReadonlySet<string>) {
    this.#entry = entry;
    this.#facets = facets;
  }

  wrong(message: string, place: RuleSource): void {
    const { file } = this.#entry.source;
    this.#entry.refuse('VALUE', message, file === undefined ? place : { file, ...place });
  }

  params(params: JsonObject, place: RuleSource): void {
    if (params['query'] !== undefined) this.#query(params['query'], within(place, 'query'));
    // In an order of their own, so that the same rule gives the same actions.
    const names = Object.keys(params);
    const known = ORDER.filter((name) => names.includes(name));
    for (const name of [...known, ...names.filter((one) => !ORDER.includes(one))]) {
      const value = params[name];
      const at = within(place, name);
      switch (name) {
        case 'query':
          break;
        case 'filters':
          if (typeof value === 'string' && value !== '')
            this.actions.push({ do: 'filter', query: actionText(value, PREFIX), raw: true });
          else if (value !== '') this.wrong(expected('text', value), at);
          break;
        case 'automaticFacetFilters':
        case 'automaticOptionalFacetFilters':
          this.#automatic(name, value, at);
          break;
        case 'optionalFilters':
          this.#optional(value);
          break;
        case 'renderingContent':
          this.#rendering(value);
          break;
        default:
          this.parameters[name] = value as JsonValue;
      }
    }
  }

  #query(query: unknown, place: RuleSource): void {
    if (typeof query === 'string') {
      if (query.trim() === '') this.actions.push({ do: 'delete' });
      else this.actions.push({ do: 'replace', to: actionText(query, PREFIX), whole: true });
      return;
    }
    if (!isObject(query)) {
      this.wrong(expected('text or an object', query), place);
      return;
    }
    const removed = Array.isArray(query['remove']) ? query['remove'] : [];
    const edits: unknown[] = [
      ...removed.map((word: unknown) => ({ type: 'remove', delete: word })),
      ...(Array.isArray(query['edits']) ? query['edits'] : []),
    ];
    if (query['edits'] !== undefined && !Array.isArray(query['edits']))
      this.wrong(expected('an array', query['edits']), within(place, 'edits'));
    for (const [i, edit] of edits.entries()) this.#edit(edit, within(place, 'edits', i));
  }

  #edit(edit: unknown, place: RuleSource): void {
    const type = isObject(edit) ? edit['type'] : undefined;
    if (!isObject(edit) || typeof edit['delete'] !== 'string' || edit['delete'].trim() === '') {
      this.wrong('expected an edit with "delete"', place);
      return;
    }
    const from = actionText(edit['delete'], PREFIX);
    if (type === 'remove') this.actions.push({ do: 'delete', terms: from });
    else if (type !== 'replace') this.wrong(expected('remove or replace', type), within(place, 'type'));
    else if (typeof edit['insert'] !== 'string' || edit['insert'].trim() === '')
      this.wrong('expected an edit with "insert"', place);
    else this.actions.push({ do: 'replace', from, to: actionText(edit['insert'], PREFIX) });
  }

  #automatic(name: string, value: unknown, place: RuleSource): void {
    if (!Array.isArray(value)) {
      this.wrong(expected('an array', value), place);
      return;
    }
    for (const [i, element] of value.entries()) {
      const one = typeof element === 'string' ? { facet: element } : element;
      const facet = isObject(one) ? one['facet'] : undefined;
      if (!isObject(one) || typeof facet !== 'string' || !this.#facets.has(facet)) {
        this.wrong(
          `expected a facet with a placeholder in the pattern, found ${JSON.stringify(element)}`,
          within(place, i),
        );
        continue;
      }
      if (one['disjunctive'] === true)
        this.#entry.lose('disjunctive', 'filters on several values of a facet are not joined by OR');
      const query = facetFilter(facet);
      const score = typeof one['score'] === 'number' ? one['score'] : 1;
      if (name === 'automaticFacetFilters') {
        if (one['score'] !== undefined && score !== 1) this.#entry.lose('score', 'a filter has none');
        this.actions.push({ do: 'filter', query, raw: true });
      } else this.actions.push({ do: 'boost', query, raw: true, ...(score === 1 ? {} : { factor: score }) });
    }
  }

  #optional(value: unknown): void {
    const list = typeof value === 'string' ? [value] : value;
    if (!Array.isArray(list) || !list.every((one) => typeof one === 'string')) {
      // Filters joined by OR: handed through together.
      this.parameters['optionalFilters'] = value as JsonValue;
      return;
    }
    for (const filter of list as string[]) {
      const [, query = filter, score] = /^(.*?)<score=(\d+(?:\.\d+)?)>$/s.exec(filter) ?? [];
      const factor = score === undefined ? 1 : Number(score);
      if (query !== '') this.actions.push({ do: 'boost', query, raw: true, ...(factor === 1 ? {} : { factor }) });
    }
  }

  #rendering(value: unknown): void {
    if (!isObject(value)) return;
    const { redirect, ...rest } = value;
    const url = isObject(redirect) ? redirect['url'] : undefined;
    if (typeof url === 'string' && url !== '') this.actions.push({ do: 'redirect', to: url });
    else if (redirect !== undefined) this.#entry.lose('redirect', 'it has no url');
    if (Object.keys(rest).length > 0) this.parameters['renderingContent'] = rest as JsonValue;
  }
}
