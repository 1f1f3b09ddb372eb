/** The options of a request that rules go by: `context` and `rules`. In a URL each is JSON text. */
import type { RequestContext, RuleChoice } from '../rewrite/options.ts';
import { FilterError, parseFilter, parseSort } from '../rewrite/property-filter.ts';
import { outOfRange, wrongType } from './wrong-option.ts';

/** Keys of a context, and values of a key, at most; and code units of each. */
const MOST_KEYS = 64;
const MOST_VALUES = 256;
const MOST_UNITS = 512;
/** Filters of a choice at most. */
const MOST_FILTERS = 16;
const MOST_RULES = 100_000;

const CHOICE_MEMBERS = ['filter', 'sort', 'limit', 'limitByLevel'];
const CONTEXT = 'an object of texts or lists of texts';
const CHOICE = `an object with ${CHOICE_MEMBERS.join(', ')}`;

/** @throws {HttpProblem} `wrong-type`, `out-of-range` */
export function readContext(value: unknown): RequestContext {
  if (!isObject(value)) throw wrongType('context', CONTEXT, value);
  const entries = Object.entries(value);
  if (entries.length > MOST_KEYS) throw outOfRange('context', `at most ${MOST_KEYS} keys`, value);
  for (const [key, given] of entries) {
    const values: readonly unknown[] = Array.isArray(given) ? given : [given];
    for (const one of values) {
      if (typeof one !== 'string') throw wrongType('context', CONTEXT, one);
      if (one.length > MOST_UNITS || key.length > MOST_UNITS) {
        throw outOfRange('context', `keys and values of at most ${MOST_UNITS} code units`, one);
      }
    }
    if (values.length > MOST_VALUES) throw outOfRange('context', `at most ${MOST_VALUES} values of a key`, given);
  }
  return value as RequestContext;
}

/** @throws {HttpProblem} `wrong-type`, `out-of-range` */
export function readChoice(value: unknown): RuleChoice {
  if (!isObject(value)) throw wrongType('rules', CHOICE, value);
  const stray = Object.keys(value).find((name) => !CHOICE_MEMBERS.includes(name));
  if (stray !== undefined) throw outOfRange('rules', CHOICE, stray);
  const { filter = [], sort = null, limit = null, limitByLevel = false } = value;
  if (sort !== null && (typeof sort !== 'string' || parseSort(sort) === undefined)) {
    throw outOfRange('rules', 'a "sort" such as "level desc"', sort);
  }
  if (limit !== null && (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 0 || limit > MOST_RULES)) {
    throw outOfRange('rules', `a "limit" of 0 to ${MOST_RULES}`, limit);
  }
  if (typeof limitByLevel !== 'boolean') throw wrongType('rules', '"limitByLevel" true or false', limitByLevel);
  if (limitByLevel && (sort === null || limit === null)) {
    throw outOfRange('rules', '"limitByLevel" with "sort" and "limit" alone', limitByLevel);
  }
  return { filter: readFilters(filter), sort, limit, limitByLevel };
}

function readFilters(value: unknown): readonly string[] {
  const filters: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (filters.length > MOST_FILTERS) throw outOfRange('rules', `at most ${MOST_FILTERS} filters`, value);
  return filters.map((filter) => {
    if (typeof filter !== 'string') throw wrongType('rules', 'a "filter" of one text or several', filter);
    try {
      parseFilter(filter);
      return filter;
    } catch (error) {
      if (error instanceof FilterError)
        throw outOfRange('rules', `a filter that can be read: ${error.message}`, filter);
      throw error;
    }
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
