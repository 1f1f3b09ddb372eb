import fc from 'fast-check';
import { unreachable } from '../../../../services/rules/findings/unreachable.ts';
import { worldParts } from '../../../../services/rules/findings/worlds.ts';
import type { Rule, RuleSet, SequenceTrigger } from '../../../../services/rules/model/rule.ts';
import { naiveMatches } from '../../../support/naive-rules.ts';

const ALPHABET = ['a', 'b'];
/** Stands for every term that no rule knows. */
const OTHER = 'o';
const ANCHOR_RANKS = ['both', 'start', 'end', 'any'];

const trigger: fc.Arbitrary<SequenceTrigger> = fc.record({
  kind: fc.constant('sequence' as const),
  text: fc.array(fc.constantFrom(...ALPHABET), { minLength: 1, maxLength: 3 }).map((terms) => terms.join(' ')),
  anchor: fc.constantFrom('any', 'start', 'end', 'both'),
});
const ruleSet: fc.Arbitrary<RuleSet> = fc
  .record({
    rules: fc.array(
      fc.record({
        triggers: fc.array(trigger, { minLength: 1, maxLength: 2 }),
        early: fc.boolean(),
        stop: fc.boolean(),
        priority: fc.integer({ min: 0, max: 2 }),
        context: fc.option(fc.uniqueArray(fc.constantFrom('x', 'y'), { minLength: 1 }), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    selection: fc.constantFrom('all', 'first', 'exclusive'),
    order: fc.constantFrom('listed', 'specific'),
  })
  .map(({ rules, selection, order }) => ({
    rules: rules.map(
      ({ triggers, early, stop, priority, context }, i): Rule => ({
        id: String(i),
        triggers,
        actions: [early ? { do: 'redirect', to: '/' } : { do: 'boost', query: 'q' }],
        // Where better matches drop others nothing is said of sets with rules that stop.
        stop: stop && selection !== 'exclusive',
        priority,
        ...(context === undefined ? {} : { context: { c: context } }),
      }),
    ),
    settings: { selection, order },
  }));

function* queries(most: number): Generator<string[]> {
  let rows: string[][] = [[]];
  for (let length = 0; length <= most; length++) {
    yield* rows;
    rows = rows.flatMap((row) => [...ALPHABET, OTHER].map((term) => [...row, term]));
  }
}

/** The rules that act on a query, as the manual says it, in the plainest words. */
function acting(set: RuleSet, terms: readonly string[], given: readonly string[]): Set<string> {
  const { selection = 'all', order = 'listed' } = set.settings ?? {};
  const holds = ({ context }: Rule) => context === undefined || (context['c'] ?? []).some((one) => given.includes(one));
  const matches = naiveMatches(set, terms)
    .map((match) => ({ ...match, of: set.rules[match.rule]! }))
    .filter((match) => holds(match.of));
  type Match = (typeof matches)[number];
  const anchorOf = ({ of, trigger: k }: Match) =>
    ANCHOR_RANKS.indexOf((of.triggers[k] as SequenceTrigger).anchor ?? 'any');
  const specific = (a: Match, b: Match) =>
    a.from - b.from ||
    b.to - b.from - (a.to - a.from) ||
    anchorOf(a) - anchorOf(b) ||
    Number(a.of.context === undefined) - Number(b.of.context === undefined);
  const compare = (a: Match, b: Match) =>
    (a.of.priority ?? 0) - (b.of.priority ?? 0) ||
    (order === 'specific' ? specific(a, b) : 0) ||
    a.rule - b.rule ||
    a.from - b.from ||
    b.to - a.to;
  const isEarly = ({ of }: Match) => of.actions[0]?.do === 'redirect';
  const acted: Match[] = [];
  for (const turn of [matches.filter(isEarly), matches.filter((match) => !isEarly(match))]) {
    const taken = new Set<number>();
    for (const match of turn.sort(compare)) {
      const isStopped = acted.some((one) => one.of.stop === true && one.rule !== match.rule && compare(one, match) < 0);
      const isSecond = selection === 'first' && acted.some((one) => one.rule !== match.rule);
      const span = Array.from({ length: match.to - match.from }, (_, i) => match.from + i);
      const isOverlapped = selection === 'exclusive' && span.some((i) => taken.has(i));
      if (isStopped || isSecond || isOverlapped) continue;
      for (const i of span) taken.add(i);
      acted.push(match);
    }
  }
  return new Set(acted.map(({ of }) => of.id));
}

describe('shadowed rules of sequences and anchors', () => {
  it('are exactly those that act in no query over a small alphabet: none too many, none missed', () => {
    let shadowed = 0;
    fc.assert(
      fc.property(ruleSet, (set) => {
        const alive = new Set<string>();
        for (const terms of queries(5)) {
          for (const given of [[], ['x'], ['y'], ['x', 'y']]) for (const id of acting(set, terms, given)) alive.add(id);
        }
        const expected = set.rules.map(({ id }) => id).filter((id) => !alive.has(id));
        shadowed += expected.length;
        expect(unreachable(worldParts(set, 1)).map(({ rule }) => rule)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
    expect(shadowed).toBeGreaterThan(25);
  }, 60_000);

  it('are not told where a match that drops others may drop the one that stops', () => {
    const b = { kind: 'sequence', text: 'b' } as const;
    const rules: Rule[] = [
      { id: 'later', triggers: [b], actions: [{ do: 'boost', query: 'q' }], priority: 1 },
      { id: 'first', triggers: [b], actions: [{ do: 'redirect', to: '/' }], context: { c: ['x'] } },
      { id: 'stops', triggers: [b], actions: [{ do: 'redirect', to: '/' }], stop: true },
    ];
    expect(unreachable(worldParts({ rules, settings: { selection: 'exclusive' } }, 1))).toEqual([]);
    expect(unreachable(worldParts({ rules }, 1)).map(({ rule }) => rule)).toEqual(['later']);
  });
});
