import fc from 'fast-check';
import type { RewriteAnswer, RuleMatch } from '../../../../services/rewrite/answer.ts';
import { ALL_RULES, DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { compileRuleSet } from '../../../../services/rules/compile/compile.ts';
import { queryTerms } from '../../../../services/rules/compile/sequence.ts';
import { openEngine } from '../../../../services/rules/engine/engine.ts';
import type { Action, Rule, RuleSet, Trigger } from '../../../../services/rules/model/rule.ts';
import { expectSound } from '../../../support/answer-contract.ts';
import { ENGLISH_PARAMETERS } from '../../../support/english.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

const KNOWN = ['adidas', 'running', 'shoes', 'new', 'york', 'hotels', 'speaker', 'notebook', 'case'];
const term = fc.constantFrom(...KNOWN, 'sneakers', '5', 'x1');
const texts = (maxLength: number) => fc.array(term, { minLength: 1, maxLength }).map((terms) => terms.join(' '));
const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('sequence' as const),
      text: fc.oneof(
        texts(2),
        texts(1).map((text) => `${text}*`),
        fc.constantFrom('{city}', '{city} hotels'),
      ),
      anchor: fc.constantFrom('any', 'start', 'end', 'both'),
    }),
  },
  {
    weight: 1,
    arbitrary: texts(1).map((text): Trigger => ({ kind: 'boolean', expression: { not: { sequence: { text } } } })),
  },
  { weight: 1, arbitrary: fc.constant<Trigger>({ kind: 'always' }) },
);
const flag = fc.boolean();
const action: fc.Arbitrary<Action> = fc.oneof(
  texts(3).map((to): Action => ({ do: 'replace', to })),
  fc
    .record({ to: texts(2), announce: flag })
    .map(({ to, announce }): Action => ({ do: 'replace', to, whole: true, announce })),
  flag.map((announce): Action => ({ do: 'delete', announce })),
  texts(2).map((to): Action => ({ do: 'synonym', to })),
  texts(2).map((query): Action => ({ do: 'filter', query })),
  texts(2).map((query): Action => ({ do: 'boost', query })),
  fc.constant<Action>({ do: 'redirect', to: '/sale' }),
  fc.constant<Action>({ do: 'hide', documents: ['1'] }),
);
const rules = fc
  .array(
    fc.record({
      triggers: fc.array(trigger, { minLength: 1, maxLength: 2 }),
      actions: fc.array(action, { minLength: 1, maxLength: 3 }),
      stop: flag,
      priority: fc.nat(2),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((all): Rule[] => all.map((rule, i) => ({ id: String(i), ...withTerms(rule) })));

/** Where no run of terms is matched, actions say which terms they are about. */
function withTerms<T extends { triggers: readonly Trigger[]; actions: readonly Action[] }>(rule: T): T {
  if (rule.triggers.every(({ kind }) => kind === 'sequence')) return rule;
  const actions = rule.actions.map((one): Action => {
    if (one.do === 'delete') return { ...one, terms: 'shoes' };
    return one.do === 'synonym' || (one.do === 'replace' && one.whole !== true) ? { ...one, from: 'shoes' } : one;
  });
  return { ...rule, actions };
}

const sets: fc.Arbitrary<RuleSet> = fc.record({
  rules,
  values: fc.constant({ city: ['new york', 'york', 'rome'] }),
  settings: fc.record({
    selection: fc.constantFrom('all', 'first', 'exclusive'),
    order: fc.constantFrom('listed', 'specific'),
  }),
});
const typed = fc.oneof(
  { weight: 4, arbitrary: term },
  {
    weight: 3,
    arbitrary: fc.constantFrom('adidsa', 'runing', 'shose', 'speeker', 'newyork', 'note book', 'hotles', 'yrok'),
  },
  { weight: 1, arbitrary: fc.constantFrom('"quoted words"', '&', 'SKU-12', 'Adidas', '日本', 'brand:x', '😀') },
);
const gap = fc.constantFrom(' ', '  ', ', ', '-');
const query = fc.array(fc.tuple(typed, gap), { maxLength: 5 }).map((pieces) => pieces.flat().join(''));
const options = fc.record({
  costOfBreaking: fc.constantFrom(0, 9, 1_000_000),
  explain: flag,
  rules: fc.constantFrom(ALL_RULES, { ...ALL_RULES, limit: 1 }),
});

/** All that rules add. */
function matchesOf(answer: RewriteAnswer): RuleMatch[] {
  const { expansions, filters, boosts, decorations, redirect, pins, hides, parameters } = answer;
  const lists = [
    expansions,
    filters,
    boosts,
    decorations,
    pins,
    hides,
    parameters,
    redirect === null ? [] : [redirect],
  ];
  return lists.flat();
}

describe('the answers of a pipeline with rules', () => {
  it('keep what callers are promised, whatever the rules and the query', () => {
    const acted = new Map<string, number>();
    fc.assert(
      fc.property(sets, query, options, (set, text, asked) => {
        const engine = openEngine(compileRuleSet(set), 'rules');
        const pipeline = tiny.pipeline({ engine, protected: ['speaker'] }, { ...ENGLISH_PARAMETERS, suggestAbove: 0 });
        const answer = rewriteNow(pipeline, text, asked);
        expectSound(answer, { ...DEFAULT_OPTIONS, ...asked });
        // Deletions leave something to search for.
        if (queryTerms(text).length > 0) expect(queryTerms(answer.search).length).toBeGreaterThan(0);
        if (answer.suggestion === null) expect(answer.forSuggestion).toBeNull();
        for (const { rule, matched, matchedRewritten, confidence } of matchesOf(answer)) {
          acted.set('match', (acted.get('match') ?? 0) + 1);
          expect(set.rules.some(({ id }) => id === rule)).toBe(true);
          expect(matched.offset + matched.length).toBeLessThanOrEqual(text.length);
          const end = (matchedRewritten?.offset ?? 0) + (matchedRewritten?.length ?? 0);
          expect(end).toBeLessThanOrEqual(answer.rewritten.length);
          expect(confidence > 0 && confidence <= 1).toBe(true);
        }
        // What acts only on what is sure acts for the suggestion where it acts for the search.
        for (const { rule } of [...(answer.forSuggestion?.filters ?? []), ...(answer.forSuggestion?.hides ?? [])]) {
          expect([...answer.filters, ...answer.hides].some((other) => other.rule === rule)).toBe(true);
        }
        if (asked.rules.limit === 1)
          expect(new Set(matchesOf(answer).map(({ rule }) => rule)).size).toBeLessThanOrEqual(1);
        if (set.settings?.selection === 'first') {
          expect(new Set(matchesOf(answer).map(({ rule }) => rule)).size).toBeLessThanOrEqual(1);
        }
        for (const { kind, worker } of answer.edits)
          acted.set(`${worker} ${kind}`, (acted.get(`${worker} ${kind}`) ?? 0) + 1);
      }),
      { numRuns: 500 },
    );
    // Not for want of anything to do.
    for (const name of ['match', 'rules replace', 'rules delete', 'spell replace']) expect(acted.has(name)).toBe(true);
  });

  it('are the same whatever was asked before', () => {
    fc.assert(
      fc.property(sets, fc.array(query, { minLength: 2, maxLength: 4 }), (set, queries) => {
        const bytes = compileRuleSet(set);
        const parameters = { ...ENGLISH_PARAMETERS, suggestAbove: 0 };
        const shared = tiny.pipeline({ engine: openEngine(bytes, 'rules') }, parameters);
        for (const text of queries) {
          const own = tiny.pipeline({ engine: openEngine(bytes, 'rules') }, parameters);
          const [one, other] = [shared, own].map((pipeline) => ({
            ...rewriteNow(pipeline, text),
            queryId: '',
            tookMs: 0,
          }));
          expect(one).toEqual(other);
        }
      }),
      { numRuns: 60 },
    );
  });
});
