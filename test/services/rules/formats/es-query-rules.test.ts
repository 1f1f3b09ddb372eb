import { brief, findings, importText, losses } from '../../../support/rule-formats.ts';

function rule(criteria: unknown, more: object = {}): object {
  return { rule_id: 'r1', type: 'pinned', criteria, actions: { ids: ['17'] }, ...more };
}

const PIN = 'pin {"ids":["17"]}';
const criterion = (type: string, values?: unknown[], metadata = 'user_query') => ({ type, metadata, values });

const RULES: [string, object, string[], string[], string[]][] = [
  ['exact', rule([criterion('exact', ['crib', 'cot'])]), [`^crib$ | ^cot$ => ${PIN}`], [], []],
  ['prefix', rule([criterion('prefix', ['red so'])]), [`^red so* maybe => ${PIN}`], [], []],
  ['suffix', rule([criterion('suffix', ['fa bed'])]), [`*fa bed$ maybe => ${PIN}`], [], []],
  ['contains', rule([criterion('contains', ['crib'])]), [`crib => ${PIN}`], ['part: contains'], []],
  ['fuzzy', rule([criterion('fuzzy', ['crib'])]), [`^crib$ => ${PIN}`], ['part: fuzzy'], []],
  ['a number of the query', rule([criterion('lt', [3])]), [], ['not: the rule'], []],
  ['always', rule([{ type: 'always' }]), [`<always> => ${PIN}`], [], []],
  ['global', rule({ type: 'global' }), [`<always> => ${PIN}`], [], []],
  [
    'context alone',
    rule([criterion('exact', ['de', 'at'], 'country')]),
    [`<always> => ${PIN} in {"country":["de","at"]}`],
    [],
    [],
  ],
  [
    'several criteria',
    rule([criterion('exact', ['de'], 'country'), criterion('prefix', ['a']), criterion('suffix', ['b', 'c'])], {
      priority: 2,
    }),
    [
      `{"and":[{"sequence":{"text":"a*","anchor":"start","wildcardMayBeEmpty":true}},{"or":[{"sequence":{"text":"*b","anchor":"end","wildcardMayBeEmpty":true}},{"sequence":{"text":"*c","anchor":"end","wildcardMayBeEmpty":true}}]}]} => ${PIN} priority 2 in {"country":["de"]}`,
    ],
    [],
    [],
  ],
  [
    'one key twice',
    rule([criterion('exact', ['a', 'b'], 'k'), criterion('exact', ['b'], 'k')]),
    [`<always> => ${PIN} in {"k":["b"]}`],
    [],
    [],
  ],
  [
    'one key, two values',
    rule([criterion('exact', ['a'], 'k'), criterion('exact', ['b'], 'k')]),
    [`<always> => ${PIN} in {"k":[]}`],
    [],
    ['warning NEVER_FIRES /rules/0'],
  ],
  ['a prefix of the context', rule([criterion('prefix', ['a'], 'k')]), [], ['not: the rule'], []],
  [
    'exclude',
    rule([{ type: 'always' }], { type: 'exclude', actions: { docs: [{ _index: 'i', _id: '1' }] } }),
    ['<always> => hide {"docs":[{"_index":"i","_id":"1"}]}'],
    [],
    [],
  ],
  [
    'ids and docs',
    rule([{ type: 'always' }], { actions: { ids: ['1'], docs: [{ _id: '1' }] } }),
    [],
    ['not: the rule'],
    ['error VALUE /rules/0/actions'],
  ],
  [
    'no actions',
    rule([{ type: 'always' }], { actions: undefined }),
    [],
    ['not: the rule'],
    ['error VALUE /rules/0/actions'],
  ],
  [
    '101 documents',
    rule([{ type: 'always' }], { actions: { ids: Array(101).fill('1') } }),
    [],
    ['not: the rule'],
    ['error LIMIT /rules/0/actions'],
  ],
  [
    'an unknown type',
    rule([{ type: 'like' }], { type: 'boost' }),
    [],
    ['not: the rule, the rule'],
    ['error VALUE /rules/0/type', 'error VALUE /rules/0/criteria/0/type'],
  ],
  ['no values', rule([criterion('exact', [])]), [], ['not: the rule'], ['error VALUE /rules/0/criteria/0/values']],
  ['no criteria', rule([]), [], ['not: the rule'], ['error VALUE /rules/0/criteria']],
  [
    'no id',
    rule([{ type: 'always' }], { rule_id: undefined, priority: 'x' }),
    [],
    ['not: the rule, the rule'],
    ['error VALUE /rules/0/rule_id', 'error VALUE /rules/0/priority'],
  ],
];

describe("Elasticsearch's query rules", () => {
  it.each(RULES)('take %s', (_, one, rules, lost, found) => {
    const imported = importText('es-query-rules', JSON.stringify({ ruleset_id: 'shop', rules: [one] }));
    expect([brief(imported), losses(imported), findings(imported)]).toEqual([rules, lost, found]);
  });

  it('are read from a body with one rule, from a rule alone and from several sets', () => {
    const one = rule({ type: 'always' });
    for (const json of [{ rules: one }, one, [{ rules: [one] }]]) {
      expect(brief(importText('es-query-rules', JSON.stringify(json)))).toHaveLength(1);
    }
    expect(findings(importText('es-query-rules', '{"count":1,"results":[{"ruleset_id":"a"}]}'))).toEqual([
      'error MISSING ',
    ]);
    expect(findings(importText('es-query-rules', '7'))).toEqual(['error VALUE ']);
  });

  it('take the name of the key that holds the query', () => {
    const text = JSON.stringify({ rules: [rule([criterion('exact', ['a'], 'was')])] });
    expect(brief(importText('es-query-rules', text))).toEqual([`<always> => ${PIN} in {"was":["a"]}`]);
    expect(brief(importText('es-query-rules', text, { queryKeys: 'was' }))).toEqual([`^a$ => ${PIN}`]);
  });
});
