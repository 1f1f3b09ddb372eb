/** Actions as the consequence of one of Algolia's rules. */
import type { JsonValue } from '../../../../stores/lmdb/values.ts';
import { isObject } from '../../model/json-check.ts';
import type { Action } from '../../model/rule.ts';
import type { RuleLeaving } from '../shared/rule-export.ts';

type JsonObject = { [member: string]: JsonValue };

const AUTOMATIC = /^(\S+):"\{(\S+)\}"$/;

/** The consequence; undefined where nothing can be written. @param pattern of the rule, where it has one alone */
export function consequenceOf(leaving: RuleLeaving, pattern: string | undefined): JsonObject | undefined {
  const writer = new ConsequenceWriter(leaving, pattern);
  for (const action of leaving.rule.actions) writer.add(action);
  return writer.finish();
}

class ConsequenceWriter {
  readonly #leaving: RuleLeaving;
  readonly #pattern: string | undefined;
  readonly #edits: JsonObject[] = [];
  readonly #filters: string[] = [];
  readonly #automatic: JsonObject[] = [];
  readonly #optional: string[] = [];
  readonly #automaticOptional: JsonObject[] = [];
  readonly #params: JsonObject = {};
  readonly #rest: JsonObject = {};
  #query: string | undefined;

  constructor(leaving: RuleLeaving, pattern: string | undefined) {
    this.#leaving = leaving;
    this.#pattern = pattern;
  }

  add(action: Action): void {
    switch (action.do) {
      case 'replace':
        if (action.whole) {
          if (this.#query !== undefined) this.#lose('replace', 'a rule replaces the whole query once');
          this.#query = facets(action.to);
        } else this.#edit('replace', action.from, { insert: facets(action.to) });
        break;
      case 'delete':
        this.#edit('delete', action.terms, {});
        break;
      case 'synonym':
        this.#lose('synonym', 'a rule of Algolia has none; synonyms alone, at all times, are written as synonyms');
        break;
      case 'filter':
        this.#filter(action.query, action.raw === true);
        break;
      case 'boost':
        this.#boost(action.query, action.raw === true, action.demote === true, action.factor ?? 1);
        break;
      case 'decorate':
        this.#once('userData', action.key === undefined ? action.value : { [action.key]: action.value }, 'decorate');
        if (action.key !== undefined) this.#lose('key', 'written as a member of userData');
        break;
      case 'redirect': {
        const rendering = this.#params['renderingContent'];
        const before = isObject(rendering) ? (rendering as JsonObject) : {};
        if (before['redirect'] !== undefined) this.#lose('redirect', 'a rule redirects once');
        else this.#params['renderingContent'] = { ...before, redirect: { url: action.to } };
        break;
      }
      case 'pin':
      case 'hide':
        if (Array.isArray(action.documents) && action.documents.length > 0)
          this.#once(action.do === 'pin' ? 'promote' : 'hide', action.documents, action.do);
        else this.#lose(action.do, 'its documents are not in the form of Algolia');
        break;
      case 'parameters':
        this.#parameters(action.parameters);
    }
  }

  finish(): JsonObject | undefined {
    if (this.#query !== undefined) {
      if (this.#edits.length > 0) this.#lose('edits', 'the whole query is replaced');
      this.#params['query'] = this.#query;
    } else if (this.#edits.length > 0) this.#params['query'] = { edits: this.#edits };
    if (this.#filters.length > 0) {
      this.#params['filters'] =
        this.#filters.length === 1 ? (this.#filters[0] ?? '') : this.#filters.map((one) => `(${one})`).join(' AND ');
    }
    if (this.#automatic.length > 0) this.#params['automaticFacetFilters'] = this.#automatic;
    if (this.#automaticOptional.length > 0) this.#params['automaticOptionalFacetFilters'] = this.#automaticOptional;
    if (this.#optional.length > 0) this.#params['optionalFilters'] = this.#optional;
    const params = Object.keys(this.#params).length === 0 ? {} : { params: this.#params };
    const consequence = { ...params, ...this.#rest };
    return Object.keys(consequence).length === 0 ? undefined : consequence;
  }

  #edit(what: 'replace' | 'delete', terms: string | undefined, more: JsonObject): void {
    const deleted = terms === undefined ? this.#pattern : facets(terms);
    if (deleted === undefined) this.#lose(what, 'the terms that matched, of which the rule has several or none');
    else this.#edits.push({ type: what === 'delete' ? 'remove' : 'replace', delete: deleted, ...more });
  }

  #filter(query: string, raw: boolean): void {
    const [, facet, name] = AUTOMATIC.exec(query) ?? [];
    if (!raw) this.#lose('filter', 'a filter of Algolia is of its own syntax');
    else if (facet !== undefined && facet === name) this.#automatic.push({ facet });
    else this.#filters.push(facets(query));
  }

  #boost(query: string, raw: boolean, demote: boolean, given: number): void {
    const factor = Math.round(given);
    if (factor !== given && raw && !demote)
      this.#lose('factor', `scores of Algolia are integers; ${given} became ${factor}`);
    const [, facet, name] = AUTOMATIC.exec(query) ?? [];
    if (!raw) this.#lose('boost', 'an optional filter of Algolia is of its own syntax');
    else if (demote) this.#lose('boost', 'an optional filter of Algolia does not demote');
    else if (facet !== undefined && facet === name)
      this.#automaticOptional.push({ facet, ...(factor === 1 ? {} : { score: factor }) });
    else this.#optional.push(factor === 1 ? query : `${query}<score=${BigInt(factor)}>`);
  }

  #parameters(parameters: JsonValue): void {
    if (!isObject(parameters)) {
      this.#lose('parameters', 'not an object');
      return;
    }
    for (const [name, value] of Object.entries(parameters as JsonObject)) {
      if (name === 'filterPromotes') this.#once(name, value, 'parameters');
      else if (name === 'renderingContent' && isObject(value)) {
        const before = this.#params[name];
        this.#params[name] = { ...(isObject(before) ? (before as JsonObject) : {}), ...(value as JsonObject) };
      } else this.#params[name] = value;
    }
  }

  #once(name: string, value: JsonValue, what: string): void {
    if (this.#rest[name] === undefined) this.#rest[name] = value;
    else this.#lose(what, `a rule has one ${name}`);
  }

  #lose(what: string, why: string): void {
    this.#leaving.lose(what, why);
  }
}

/** Placeholders as Algolia names them. */
function facets(text: string): string {
  return text.replace(/\{([^\s{}:*\\]+)\}/g, '{facet:$1}');
}
