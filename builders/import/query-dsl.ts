/** What was typed, out of a search request of Elasticsearch or OpenSearch. */
import { isObject } from './reader.ts';

/** What was found: the text, or why there is none. */
export type Typed = { readonly text: string } | { readonly why: 'noText' | 'twoTexts' };

const NO_TEXT: Typed = Object.freeze({ why: 'noText' });

/** Clauses whose `query` is a text. */
const QUERY_CLAUSES = new Set(['multi_match', 'query_string', 'simple_query_string', 'combined_fields']);
/** Clauses that name a field, which has a text or an object with one as `query`. */
const FIELD_CLAUSES = new Set([
  'match',
  'match_phrase',
  'match_phrase_prefix',
  'match_bool_prefix',
  'match_phrase_slop',
  'text',
]);
/** What nobody types: filters are chosen, and what is not wanted is not what is looked for. */
const NOT_TYPED = new Set(['filter', 'must_not', 'aggs', 'aggregations', 'post_filter', 'script', 'sort', '_source']);
/** Deeper than any request; a hostile one ends here. */
const MOST_DEPTH = 100;

/**
 * The text that was typed, in a request `{"query": ...}`: at `pointer` where one is given and has a text, else as UBI says
 * it, else that of the clauses that search for a text. Of several texts that contain one another the longest; of others
 * nobody can tell which.
 */
export function typedIn(request: unknown, pointer?: string): Typed {
  if (pointer !== undefined) {
    const value = at(request, pointer);
    return typeof value === 'string' && value.trim() !== '' ? { text: value } : NO_TEXT;
  }
  const ubi = at(request, '/ext/ubi/user_query');
  if (typeof ubi === 'string' && ubi.trim() !== '') return { text: ubi };
  const texts: string[] = [];
  collect(request, texts, 0);
  const found = [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== '' && text !== '*');
  if (found.length === 0) return NO_TEXT;
  const longest = found.reduce((best, text) => (text.length > best.length ? text : best));
  const plain = longest.toLowerCase();
  return found.every((text) => plain.includes(text.toLowerCase())) ? { text: longest } : { why: 'twoTexts' };
}

/** The value at a JSON pointer (RFC 6901); undefined where there is none. */
export function at(value: unknown, pointer: string): unknown {
  let found = value;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(found)) found = /^\d+$/.test(name) ? found[Number(name)] : undefined;
    else if (isObject(found) && Object.hasOwn(found, name)) found = found[name];
    else return undefined;
  }
  return found;
}

function collect(value: unknown, texts: string[], depth: number): void {
  if (depth > MOST_DEPTH) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, texts, depth + 1);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (NOT_TYPED.has(name)) continue;
    if (QUERY_CLAUSES.has(name)) add(texts, isObject(inner) ? inner['query'] : undefined);
    else if (FIELD_CLAUSES.has(name) && isObject(inner)) {
      for (const field of Object.values(inner))
        add(texts, isObject(field) ? (field['query'] ?? field['value']) : field);
    } else if (name === 'querqy') add(texts, at(inner, '/matching_query/query'));
    else if (name === 'suggest' && isObject(inner)) {
      add(texts, inner['text']);
      for (const one of Object.values(inner)) if (isObject(one)) add(texts, one['text'] ?? one['prefix']);
    } else collect(inner, texts, depth + 1);
  }
}

function add(texts: string[], value: unknown): void {
  if (typeof value === 'string') texts.push(value);
}
