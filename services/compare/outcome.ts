/** What of an answer is compared: what is searched for, and what rules add to it; not who did it, nor where it stood. */

import type { RewriteAnswer } from '../rewrite/answer.ts';
import type { Json } from '../rewrite/rule-engine.ts';
import { queryTerms } from '../rules/compile/sequence.ts';

/** What comes of a query. Members that are empty are left out. */
export interface Outcome {
  readonly search: string;
  readonly suggestion?: string;
  readonly expansions?: Json;
  readonly filters?: Json;
  readonly boosts?: Json;
  readonly decorations?: Json;
  readonly redirect?: string;
  readonly pins?: Json;
  readonly hides?: Json;
  readonly parameters?: Json;
}

/** The outcome of an answer. */
export function outcomeOf(answer: RewriteAnswer): Outcome {
  const { search, suggestion, redirect } = answer;
  const lists = {
    expansions: answer.expansions.map(({ terms, weight, keepOriginal }) => ({ terms, weight, keepOriginal })),
    filters: answer.filters.map((one) => ('query' in one ? one.query : { field: one.field, range: { ...one.range } })),
    boosts: answer.boosts.map((one) => {
      if ('query' in one) return { query: one.query, factor: one.factor, demote: one.demote };
      const { field, range, factor, factorFrom, factorTo } = one;
      return { field, range: { ...range }, factor, factorFrom, factorTo };
    }),
    decorations: answer.decorations.map(({ key, value }) => ({ key, value })),
    pins: answer.pins.map(({ documents }) => documents),
    hides: answer.hides.map(({ documents }) => documents),
    parameters: answer.parameters.map(({ parameters }) => parameters),
  };
  const some = Object.entries(lists).filter(([, list]) => list.length > 0);
  return {
    search,
    ...(suggestion === null ? {} : { suggestion }),
    ...(redirect === null ? {} : { redirect: redirect.url }),
    ...Object.fromEntries(some),
  };
}

export function sameOutcome(a: Outcome, b: Outcome): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The terms that are searched for no more, where none came in their place. */
export function lostTerms(before: Outcome, after: Outcome): string[] {
  const [old, now] = [queryTerms(before.search), queryTerms(after.search)];
  if (now.length >= old.length) return [];
  const left = [...now];
  return old.filter((term) => {
    const at = left.indexOf(term);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
