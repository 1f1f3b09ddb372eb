/**
 * A naive reading of imported synonyms (from the left, the longest match at each place, all rules of it together) beside the token
 * graphs that Lucene makes of the same file.
 */
import type { RuleSet } from '../../services/rules/model/rule.ts';
import { plainSequence } from '../../services/rules/model/sequence-text.ts';

/** A token of a graph: between which nodes it lies. */
export interface GraphToken {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

interface Outcome {
  keep: boolean;
  readonly to: Set<string>;
}

/** What rules make of terms. */
export class LongestMatch {
  readonly #outcomes = new Map<string, Outcome>();
  #longest = 1;

  constructor({ rules }: RuleSet) {
    for (const { triggers, actions } of rules) {
      for (const trigger of triggers) {
        const from = trigger.kind === 'sequence' ? plainSequence(trigger.text)?.toLowerCase() : undefined;
        if (from === undefined) continue;
        this.#longest = Math.max(this.#longest, from.split(' ').length);
        const outcome = this.#outcomes.get(from) ?? { keep: false, to: new Set<string>() };
        this.#outcomes.set(from, outcome);
        for (const action of actions) {
          if (action.do !== 'synonym') continue;
          const to = action.to.toLowerCase();
          if (to !== from || action.keepOriginal === false) outcome.to.add(to);
          outcome.keep ||= to !== from && action.keepOriginal !== false;
        }
      }
    }
  }

  /** The alternatives at each place of a query, joined by bars; places of one alternative are cut into terms. */
  places(query: string): string[] {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const places: string[] = [];
    for (let at = 0; at < words.length; ) {
      let length = Math.min(this.#longest, words.length - at);
      while (length > 1 && !this.#outcomes.has(words.slice(at, at + length).join(' '))) length--;
      const typed = words.slice(at, at + length).join(' ');
      const outcome = this.#outcomes.get(typed);
      const texts = new Set(outcome?.to);
      if (outcome === undefined || outcome.keep || texts.size === 0) texts.add(typed);
      places.push(...cut(texts));
      at += length;
    }
    return places;
  }
}

/** The places of a token graph, as {@link LongestMatch.places} gives them. */
export function placesOf(tokens: readonly GraphToken[]): string[] {
  const last = Math.max(0, ...tokens.map(({ to }) => to));
  const borders = Array.from({ length: last + 1 }, (_, node) => node).filter(
    (node) => !tokens.some(({ from, to }) => from < node && node < to),
  );
  return borders.slice(0, -1).flatMap((from, i) => cut(paths(tokens, from, borders[i + 1] ?? last)));
}

function paths(tokens: readonly GraphToken[], from: number, end: number): Set<string> {
  if (from === end) return new Set(['']);
  const texts = new Set<string>();
  for (const token of tokens) {
    if (token.from !== from || token.to > end) continue;
    for (const rest of paths(tokens, token.to, end)) texts.add(rest === '' ? token.text : `${token.text} ${rest}`);
  }
  return texts;
}

/** The places of alternatives: one is cut into its terms. */
export function cut(texts: ReadonlySet<string>): string[] {
  const [only = ''] = texts;
  return texts.size === 1 ? only.split(' ') : [[...texts].sort().join('|')];
}
