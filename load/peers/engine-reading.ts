/** What Emend's engine makes of queries under imported rules, in the form that the answers of the originals are compared in. */
import { DEFAULT_OPTIONS } from '../../services/rewrite/options.ts';
import type { FiredAction, FiredRule } from '../../services/rewrite/rule-engine.ts';
import { compileRuleSet } from '../../services/rules/compile/compile.ts';
import { queryTerms } from '../../services/rules/compile/sequence.ts';
import { type CompiledEngine, openEngine } from '../../services/rules/engine/engine.ts';
import type { RuleSet } from '../../services/rules/model/rule.ts';
import { cut } from './longest-match.ts';

type Synonym = Extract<FiredAction, { do: 'synonym' }>;

/** What rules add to a query, as Querqy has it: alternatives of each term, and what is said of the whole query. */
export interface Expanded {
  /** Of each term that is left: what it may be instead, sorted. */
  readonly terms: readonly (readonly string[])[];
  /** Filters, boosts and decorations as texts, sorted. */
  readonly more: readonly string[];
}

/** A rule set at work. */
export class EngineReading {
  readonly #engine: CompiledEngine;

  /** @throws {RuleSetError} when the rules cannot act */
  constructor(set: RuleSet) {
    this.#engine = openEngine(compileRuleSet(set), 'the rules');
  }

  /** The alternatives at each place, as `LongestMatch.places` gives them. */
  places(query: string): string[] {
    const terms = queryTerms(query);
    const synonyms = this.#fired(terms).flatMap(({ actions }) => actions.filter((one) => one.do === 'synonym'));
    const places: string[] = [];
    for (let at = 0; at < terms.length; ) {
      const here = synonyms.filter(({ from }) => from === at);
      const to = here[0]?.to ?? at + 1;
      const texts = new Set(here.map((one) => one.terms.join(' ')));
      if (here.length === 0 || here.some(({ keepOriginal }) => keepOriginal)) texts.add(terms.slice(at, to).join(' '));
      places.push(...cut(texts));
      at = to;
    }
    return places;
  }

  /** As querqy-core has it. */
  expanded(query: string): Expanded {
    const terms = queryTerms(query);
    const fired = this.#fired(terms);
    const actions = fired.flatMap((one) => one.actions);
    const synonyms = actions.filter((one): one is Synonym => one.do === 'synonym');
    const gone = new Set(actions.flatMap((one) => (one.do === 'delete' ? one.terms : [])));
    const left = terms.flatMap((term, i) => {
      if (gone.has(i)) return [];
      // A synonym of several terms may be one of them.
      const others = synonyms.filter(({ from, to, terms: put }) => from <= i && i < to && put.join(' ') !== term);
      return [[term, ...others.map((one) => `${one.terms.join(' ')}^${one.weight}`)]];
    });
    const more = actions.flatMap((one) => {
      if (one.do === 'filter') return [`filter ${one.query}`];
      if (one.do === 'boost') return [`${one.demote ? 'down' : 'up'} ${one.query} ${one.factor}`];
      return one.do === 'decorate' ? [`decorate ${one.key ?? ''} ${String(one.value)}`] : [];
    });
    return { terms: left.map((all) => [...new Set(all)].sort()), more: [...new Set(more)].sort() };
  }

  #fired(terms: readonly string[]): readonly FiredRule[] {
    const run = this.#engine.begin(terms, DEFAULT_OPTIONS);
    return [...run.early, ...run.expand(terms, new Uint8Array(terms.length))];
  }
}
