import fc from 'fast-check';
import { compileRuleSet } from '../../../../services/rules/compile/compile.ts';
import { decodeCompiled, TRIGGER_INTS } from '../../../../services/rules/compile/format.ts';
import { Matcher } from '../../../../services/rules/compile/matcher.ts';
import type { Expression, Rule, RuleSet, SequenceTrigger, Trigger } from '../../../../services/rules/model/rule.ts';
import { naiveMatches } from '../../../support/naive-rules.ts';

const TERMS = ['a', 'ab', 'aba', 'b', 'ba', 'bab', 'bus', 'buses', '5'];
const term = fc.constantFrom(...TERMS);
const affix = fc.constantFrom('a*', 'ab*', '*b', '*ab', '*a', 'b*');
const name = fc.constantFrom('{one}', '{two}');

const text = fc
  .tuple(
    fc.array(fc.oneof({ weight: 5, arbitrary: term }, { weight: 1, arbitrary: name }), { maxLength: 3 }),
    fc.option(affix),
    fc.nat(3),
  )
  .map(([parts, wildcard, at]) => (wildcard === null ? parts : parts.toSpliced(at, 0, wildcard)).join(' '))
  .filter((written) => written !== '');
const sequence: fc.Arbitrary<Omit<SequenceTrigger, 'kind'>> = fc.record({
  text,
  anchor: fc.constantFrom('any', 'start', 'end', 'both'),
  plurals: fc.boolean(),
  wildcardMayBeEmpty: fc.boolean(),
});
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    sequence.map((of) => ({ sequence: of })),
    fc.array(tie('expression'), { minLength: 1, maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('expression'), { minLength: 1, maxLength: 3 }).map((or) => ({ or })),
    tie('expression').map((not) => ({ not })),
  ),
}));
const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  { weight: 8, arbitrary: sequence.map((of): Trigger => ({ kind: 'sequence', ...of })) },
  { weight: 3, arbitrary: expression.map((of): Trigger => ({ kind: 'boolean', expression: of })) },
  { weight: 1, arbitrary: fc.constantFrom<Trigger>({ kind: 'always' }, { kind: 'empty' }) },
);
const rules: fc.Arbitrary<Rule[]> = fc
  .array(fc.tuple(fc.array(trigger, { minLength: 1, maxLength: 3 }), fc.boolean()), { maxLength: 8 })
  .map((all) =>
    all.map(([triggers, enabled], i) => ({
      id: String(i),
      triggers,
      enabled,
      actions: [{ do: 'decorate', value: i }],
    })),
  );
const value = fc.array(term, { minLength: 1, maxLength: 3 }).map((terms) => terms.join(' '));
const values = fc.record({
  one: fc.array(value, { minLength: 1, maxLength: 4 }),
  two: fc.array(value, { minLength: 1, maxLength: 4 }),
});
const sets: fc.Arbitrary<RuleSet> = fc.record({ rules, values });
const queries = fc.array(fc.oneof(term, fc.constant('other')), { maxLength: 7 });

/** What the compiled form finds, as the naive model says it. */
function compiledMatches(matcher: Matcher, triggers: Int32Array, terms: readonly string[]): string[] {
  matcher.match(terms);
  expect(matcher.isCut).toBe(false);
  const found: string[] = [];
  for (let i = 0; i < matcher.count; i++) {
    const at = TRIGGER_INTS * matcher.trigger[i]!;
    const isSequence = triggers[at + 1] === 0;
    const [from, to] = isSequence ? [matcher.from[i], matcher.to[i]] : [0, 0];
    found.push(`${triggers[at]} ${triggers[at + 2]} ${from} ${to}`);
  }
  return found;
}

describe('the matcher', () => {
  it('finds what the plainest reading of the triggers finds, each once for each end', () => {
    fc.assert(
      fc.property(sets, fc.array(queries, { minLength: 1, maxLength: 6 }), (set, many) => {
        const columns = decodeCompiled(compileRuleSet(set), 'rules');
        // One matcher for all queries: nothing of one may be seen in the next.
        const matcher = new Matcher(columns);
        for (const terms of many) {
          const expected = naiveMatches(set, terms).map((one) => `${one.rule} ${one.trigger} ${one.from} ${one.to}`);
          const found = compiledMatches(matcher, columns.triggers, terms);
          expect([...new Set(found)].sort()).toEqual(expected.sort());
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('says where each element of a sequence begins, and where the last ends', () => {
    const set: RuleSet = {
      rules: [
        {
          id: '1',
          triggers: [{ kind: 'sequence', text: 'red {brand} sho*' }],
          actions: [{ do: 'decorate', value: 1 }],
        },
      ],
      values: { brand: ['new balance', 'new', 'balance sho'] },
    };
    const matcher = new Matcher(decodeCompiled(compileRuleSet(set), 'rules'));
    matcher.match(['very', 'red', 'new', 'balance', 'shoes']);
    expect([matcher.count, matcher.from[0], matcher.to[0]]).toEqual([1, 1, 5]);
    const first = matcher.boundsAt[0]!;
    expect([...matcher.bounds.subarray(first, first + 4)]).toEqual([1, 2, 4, 5]);
  });

  it('goes on when more is found than there is room for, and says so', () => {
    const set: RuleSet = {
      rules: Array.from({ length: 100 }, (_, i) => ({
        id: String(i),
        triggers: [{ kind: 'sequence', text: 'a' }],
        actions: [{ do: 'decorate', value: 1 }],
      })),
    };
    const matcher = new Matcher(decodeCompiled(compileRuleSet(set), 'rules'));
    matcher.match(Array.from({ length: 100 }, () => 'a'));
    expect([matcher.isCut, matcher.count > 1000]).toEqual([true, true]);
    matcher.match(['a']);
    expect([matcher.isCut, matcher.count]).toEqual([false, 100]);
  });

  it('ends soon where placeholders in a row could stand for anything', () => {
    const set: RuleSet = {
      rules: [
        {
          id: '1',
          triggers: [{ kind: 'sequence', text: `${'{any} '.repeat(30)}end` }],
          actions: [{ do: 'decorate', value: 1 }],
        },
      ],
      values: { any: ['a', 'a a', 'a a a'] },
    };
    const matcher = new Matcher(decodeCompiled(compileRuleSet(set), 'rules'));
    matcher.match(Array.from({ length: 160 }, () => 'a'));
    expect([matcher.isCut, matcher.count]).toEqual([true, 0]);
  });
});
