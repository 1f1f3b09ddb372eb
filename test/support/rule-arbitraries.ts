import fc from 'fast-check';
import { equivalents } from '../../services/rules/formats/shared/synonyms.ts';
import type { Action, Expression, Rule, RuleSet, SequenceTrigger, Trigger } from '../../services/rules/model/rule.ts';
import { escapeSequence } from '../../services/rules/model/sequence-text.ts';
import type { JsonValue } from '../../stores/lmdb/values.ts';

/** Signs that mean something in some format, among letters. */
const SIGNS = [
  'a',
  'b',
  'Z',
  '7',
  'é',
  'ß',
  '手',
  '😀',
  '\\',
  ',',
  ';',
  '=>',
  '#',
  '*',
  '"',
  '{',
  '}',
  '$',
  ':',
  '(',
  ')',
  '@',
  '+',
  '-',
  '%',
  "'",
  '/',
  '|',
  '<',
  '>',
];

/** A term without white space. */
export const arbTerm: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('sofa', 'couch', 'tv', 'and', 'OR', 'not', 'red') },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...SIGNS), { minLength: 1, maxLength: 5 }).map((signs) => signs.join('')),
  },
);

/** One to three terms. */
export const arbWords: fc.Arbitrary<string> = fc
  .array(arbTerm, { minLength: 1, maxLength: 3 })
  .map((terms) => terms.join(' '));

const arbText = fc.oneof(
  arbWords,
  fc.constantFrom(
    'brand:acme',
    '* x',
    '+a -b',
    '"two words"~2',
    'a\nb',
    ' x ',
    'url:/faq#top',
    'a =>',
    '{brand} x',
    '$1 x',
  ),
);

const arbJson: fc.Arbitrary<JsonValue> = fc.oneof(
  arbText,
  fc.integer(),
  fc.boolean(),
  fc.array(arbText, { maxLength: 2 }),
  fc.dictionary(fc.constantFrom('id', 'a', 'b#c'), arbText, { maxKeys: 2, noNullPrototype: true }),
) as fc.Arbitrary<JsonValue>;

export const arbSequence: fc.Arbitrary<Omit<SequenceTrigger, 'kind'>> = fc
  .record({
    terms: fc.array(arbTerm, { minLength: 1, maxLength: 3 }),
    wild: fc.constantFrom('none', 'none', 'none', 'prefix', 'suffix', 'placeholder'),
    at: fc.nat(2),
    anchor: fc.constantFrom('any', 'any', 'start', 'end', 'both'),
    plurals: fc.boolean(),
    maybe: fc.boolean(),
  })
  .map(({ terms, wild, at, anchor, plurals, maybe }) => {
    const letters = terms.map((term, i) => {
      const escaped = escapeSequence(term);
      if (i !== at % terms.length || wild === 'none') return escaped;
      return wild === 'prefix' ? `${escaped}*` : wild === 'suffix' ? `*${escaped}` : '{brand}';
    });
    return {
      text: letters.join(' '),
      ...(anchor === 'any' ? {} : { anchor: anchor as 'start' | 'end' | 'both' }),
      ...(plurals && anchor === 'start' ? { plurals: true } : {}),
      ...(maybe && anchor === 'end' ? { wildcardMayBeEmpty: true } : {}),
    };
  });

const arbExpression: fc.Arbitrary<Expression> = fc.letrec<{ node: Expression }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    arbSequence.map((sequence) => ({ sequence })),
    tie('node').map((not) => ({ not })),
    fc.array(tie('node'), { minLength: 2, maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('node'), { minLength: 2, maxLength: 3 }).map((or) => ({ or })),
  ),
})).node;

const arbTrigger: fc.Arbitrary<Trigger> = fc.oneof(
  { weight: 6, arbitrary: arbSequence.map((sequence) => ({ kind: 'sequence' as const, ...sequence })) },
  { weight: 1, arbitrary: arbExpression.map((expression) => ({ kind: 'boolean' as const, expression })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Trigger>({ kind: 'always' }, { kind: 'empty' }, { kind: 'regex', pattern: 'a+' }),
  },
);

const arbNumber = fc.constantFrom(1, 0.5, 0.6, 0.8, 2, 10, 0, 1e21, 1e-7);

function compacted(value: Record<string, unknown>): Action {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as unknown as Action;
}

const unless =
  <T>(usual: T) =>
  <V extends T>(value: V): V | undefined =>
    value === usual ? undefined : value;

export const arbAction: fc.Arbitrary<Action> = fc
  .oneof(
    fc.record({
      do: fc.constant('synonym'),
      to: arbWords,
      weight: arbNumber.map(unless<number>(1)),
      keepOriginal: fc.boolean().map(unless<boolean>(true)),
    }),
    fc.record({ do: fc.constant('replace'), to: arbWords, whole: fc.boolean().map(unless<boolean>(false)) }),
    fc.record({ do: fc.constant('replace'), from: arbWords, to: arbWords }),
    fc.record({ do: fc.constant('delete'), terms: fc.option(arbWords.map(escapeSequence), { nil: undefined }) }),
    fc.record({
      do: fc.constant('boost'),
      query: arbText,
      raw: fc.boolean().map(unless<boolean>(false)),
      factor: arbNumber.map(unless<number>(1)),
      demote: fc.boolean().map(unless<boolean>(false)),
    }),
    fc.record({ do: fc.constant('filter'), query: arbText, raw: fc.boolean().map(unless<boolean>(false)) }),
    fc.record({ do: fc.constant('decorate'), value: arbJson, key: fc.constantFrom(undefined, 'k', 'a b') }),
    fc.record({ do: fc.constant('redirect'), to: fc.constantFrom('/x', 'https://x.example/', 'nowhere') }),
    fc.record({
      do: fc.constantFrom('pin', 'hide'),
      documents: fc.oneof(arbJson, fc.constant([{ id: '1', position: 1 }] as JsonValue)),
    }),
    fc.record({ do: fc.constant('parameters'), parameters: arbJson }),
  )
  .map((action) => compacted(action));

/** Any rule that the model has; ids are given by {@link arbRules}. */
export const arbRule: fc.Arbitrary<Omit<Rule, 'id'>> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        triggers: fc.array(arbTrigger, { minLength: 1, maxLength: 2 }),
        actions: fc.array(arbAction, { minLength: 1, maxLength: 3 }),
        more: fc.oneof(
          { weight: 6, arbitrary: fc.constant({}) },
          fc.constantFrom(
            { enabled: false },
            { priority: 3 },
            { stop: true },
            { tags: ['team:a', 'plain'] },
            { comment: 'why\nso' },
            { validity: [{ from: 1000, until: 5000 }] },
            { context: { ruleContexts: ['mobile'] } },
            { context: { tags: ['a', 'b'], filter_by: ['x:y'] } },
            { context: { 'filter:gender': ['women'] } },
            { properties: { tenant: ['MO', 'x#y'], n: 7, deep: { a: [null] } } },
          ),
        ),
      })
      .map(({ triggers, actions, more }) => ({ triggers, actions, ...more })),
  },
  {
    weight: 1,
    arbitrary: fc.record({ from: arbWords, to: arbWords }).map(({ from, to }) => ({
      triggers: [{ kind: 'sequence' as const, text: escapeSequence(from), anchor: 'both' as const }],
      actions: [{ do: 'replace' as const, to, whole: true }],
    })),
  },
  { weight: 2, arbitrary: fc.uniqueArray(arbWords, { minLength: 2, maxLength: 4 }).map((texts) => equivalents(texts)) },
  {
    weight: 3,
    arbitrary: fc
      .record({ from: arbWords, to: fc.uniqueArray(arbWords, { minLength: 1, maxLength: 3 }), keep: fc.boolean() })
      .map(({ from, to, keep }) => ({
        triggers: [{ kind: 'sequence' as const, text: escapeSequence(from) }],
        actions: to.map((one) => ({ do: 'synonym' as const, to: one, ...(keep ? {} : { keepOriginal: false }) })),
      })),
  },
);

/** Rule sets of any rules. */
export const arbRules: fc.Arbitrary<RuleSet> = fc
  .array(arbRule, { minLength: 1, maxLength: 6 })
  .map((rules) => ({ rules: rules.map((rule, i) => ({ id: `rule ${i}`, ...rule })) }));
