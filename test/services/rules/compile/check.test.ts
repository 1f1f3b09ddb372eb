import { checkedRuleSet } from '../../../../services/rules/compile/check.ts';
import { compileRuleSet } from '../../../../services/rules/compile/compile.ts';
import { RuleSetError } from '../../../../services/rules/compile/problems.ts';
import type { Action, Rule, RuleSet, Trigger } from '../../../../services/rules/model/rule.ts';

const TEXT: Trigger = { kind: 'sequence', text: 'sofa bed' };
const DECORATE: Action = { do: 'decorate', value: 1 };

const rule = (id: string, change: Partial<Rule> = {}): Rule => ({
  id,
  triggers: [TEXT],
  actions: [DECORATE],
  ...change,
});
const codes = (rules: Rule[], values?: RuleSet['values']) =>
  checkedRuleSet(values === undefined ? { rules } : { rules, values }).problems.map(
    ({ pointer, code }) => `${pointer} ${code}`,
  );
const ofTrigger = (text: string) => codes([rule('1', { triggers: [{ kind: 'sequence', text }] })], { brand: ['acme'] });
const ofAction = (action: Action, trigger: Trigger = TEXT) =>
  codes([rule('1', { triggers: [trigger], actions: [action] })]);

describe('a sequence', () => {
  it.each([
    ['', 'empty-trigger'],
    ['  ', 'empty-trigger'],
    ['& -', 'empty-trigger'],
    ['a* b*', 'two-wildcards'],
    ['*a*', 'two-wildcards'],
    ['*', 'bad-wildcard'],
    ['so*fa', 'bad-wildcard'],
    ['{brand}s', 'bad-placeholder'],
    ['{}', 'bad-placeholder'],
    ['{colour} sofa', 'unknown-placeholder'],
    ['a '.repeat(33), 'too-many-terms'],
  ])('"%s" is refused: %s', (text, code) => {
    expect(ofTrigger(text)).toEqual([`/rules/0/triggers/0/text ${code}`]);
  });

  it.each([
    'sofa',
    '5\\* hotel',
    'sofa* bed',
    '{brand} sofa',
    '\\{brand\\}',
    'rock & roll',
    'C# book',
    '*hemd',
    'a \\',
  ])('"%s" is one', (text) => {
    expect(ofTrigger(text)).toEqual([]);
  });
});

describe('a rule', () => {
  it('has an id of its own', () => {
    expect(codes([rule('1'), rule('1'), rule(''), rule('é'.repeat(257))])).toEqual([
      '/rules/1/id duplicate-id',
      '/rules/2/id bad-id',
      '/rules/3/id bad-id',
    ]);
  });

  it('has something to do, something to do it for, and a time at which it holds', () => {
    expect(codes([rule('1', { triggers: [], actions: [] })])).toEqual([
      '/rules/0/triggers empty-trigger',
      '/rules/0/actions no-action',
    ]);
    expect(codes([rule('1', { validity: [{ from: 2, until: 2 }, { from: 1 }] })])).toEqual([
      '/rules/0/validity/0 bad-window',
    ]);
    expect(codes([rule('1', { context: { channel: [] } })])).toEqual(['/rules/0/context/channel bad-shape']);
  });

  it('has expressions that can be true', () => {
    const of = (expression: object) => codes([rule('1', { triggers: [{ kind: 'boolean', expression } as Trigger] })]);
    expect(of({ and: [] })).toEqual(['/rules/0/triggers/0/expression/and empty-expression']);
    expect(of({ not: { or: [{ sequence: { text: '' } }, { sequence: { text: 'a' } }] } })).toEqual([
      '/rules/0/triggers/0/expression/not/or/0/sequence/text empty-trigger',
    ]);
  });
});

describe('an action', () => {
  it.each<[Action, string]>([
    [{ do: 'replace', to: ' ' }, '/to empty-text'],
    [{ do: 'synonym', to: '&' }, '/to empty-text'],
    [{ do: 'synonym', to: 'couch', weight: -1 }, '/weight bad-number'],
    [{ do: 'boost', query: 'leather', factor: -1 }, '/factor bad-number'],
    [{ do: 'delete', terms: 'chair' }, '/terms unknown-terms'],
    [{ do: 'replace', from: 'chair', to: 'couch' }, '/from unknown-terms'],
    [{ do: 'filter', query: '"open' }, '/query bad-query'],
    [{ do: 'filter', query: ' ', raw: true }, '/query bad-query'],
    [{ do: 'redirect', to: ' ' }, '/to empty-text'],
  ])('%j is refused', (action, problem) => {
    expect(ofAction(action)).toEqual([`/rules/0/actions/0${problem}`]);
  });

  it.each<Action>([
    { do: 'delete', terms: 'sofa' },
    { do: 'filter', query: '+leather -"sofa bed"~2 red' },
    { do: 'filter', query: '{"term": {"brand": "acme"}}', raw: true },
    { do: 'boost', query: '$1 {any}', raw: true },
    // Where the trigger gives nothing to refer to, these are letters.
    { do: 'replace', to: 'costs $1 {brand} \\' },
  ])('%j is one', (action) => {
    expect(ofAction(action)).toEqual([]);
  });

  it('says which terms it is about where its trigger is of no run of terms', () => {
    expect(ofAction({ do: 'delete' }, { kind: 'always' })).toEqual(['/rules/0/actions/0 needs-terms']);
    expect(ofAction({ do: 'replace', to: 'a' }, { kind: 'always' })).toEqual(['/rules/0/actions/0 needs-terms']);
    expect(ofAction({ do: 'replace', to: 'a', whole: true }, { kind: 'always' })).toEqual([]);
    expect(ofAction({ do: 'delete', terms: 'cheap' }, { kind: 'always' })).toEqual([]);
  });

  it('refers to what every trigger of its rule has', () => {
    const both = [
      { kind: 'sequence', text: 'sofa*' },
      { kind: 'sequence', text: 'couch' },
    ] as const;
    const actions: Action[] = [{ do: 'synonym', to: 'seat $1' }];
    expect(codes([rule('1', { triggers: [both[0]], actions })])).toEqual([]);
    expect(codes([rule('1', { triggers: both, actions })])).toEqual(['/rules/0/actions/0/to unknown-reference']);
  });
});

describe('a regular expression', () => {
  const of = (...patterns: string[]) =>
    codes([rule('1', { triggers: patterns.map((pattern) => ({ kind: 'regex', pattern })) })]);

  it('is of RE2, and matches something', () => {
    expect(of('')).toEqual(['/rules/0/triggers/0/pattern bad-regex']);
    expect(of('(', '(?=a)', '(a)\\1')).toEqual([0, 1, 2].map((i) => `/rules/0/triggers/${i}/pattern bad-regex`));
    expect(of('a*')).toEqual(['/rules/0/triggers/0/pattern bad-regex']);
    expect(of('(\\d+) ?(gb|gigs)', 'a)|(b')).toEqual(['/rules/0/triggers/1/pattern bad-regex']);
  });

  it('is one of at most 500', () => {
    const patterns = Array.from({ length: 501 }, (_, i) => `a${i}`);
    expect(of(...patterns)).toEqual(['/rules/0/triggers/500 too-many-regexes']);
    expect(of(...patterns.slice(1))).toEqual([]);
  });
});

describe('the shape of a rule set', () => {
  it('names every mistake by its place', () => {
    const { problems } = checkedRuleSet({
      rules: [
        {
          id: 1,
          triggers: [{ kind: 'sequence' }, { kind: 'prefix' }],
          actions: [{ do: 'boost', query: 'a', weight: 2 }],
        },
        { triggers: {}, actions: [], colour: 'red' },
        'rule',
      ],
      values: { brand: ['acme', 1], colour: 'red' },
      settings: { selection: 'any' },
      rule: [],
    });
    expect(problems.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/rule unknown-member',
      '/rules/0/id bad-shape',
      '/rules/0/triggers/0/text bad-shape',
      '/rules/0/triggers/1/kind bad-shape',
      '/rules/0/actions/0/weight unknown-member',
      '/rules/1/colour unknown-member',
      '/rules/1/id bad-shape',
      '/rules/1/triggers bad-shape',
      '/rules/2 bad-shape',
      '/values/brand/1 bad-shape',
      '/values/colour bad-shape',
      '/settings/selection bad-shape',
    ]);
  });

  it.each([
    null,
    [],
    'rules',
    {},
    { rules: null },
    { rules: [{ id: '1', triggers: [{ kind: '__proto__' }], actions: [] }] },
  ])('refuses %j', (value) => {
    expect(checkedRuleSet(value).problems.length).toBeGreaterThan(0);
  });

  it('takes a whole set', () => {
    const set = {
      rules: [
        rule('1', {
          enabled: false,
          tags: ['a'],
          properties: { level: [1, { a: null }] },
          validity: [{}],
          priority: -1,
        }),
      ],
      values: {},
      settings: { selection: 'first', order: 'specific' },
    };
    const { values: _, ...meant } = set;
    expect(checkedRuleSet(set)).toEqual({ set: meant, problems: [] });
  });
});

describe('checkedRuleSet', () => {
  it('looks at what is of the right shape though other things are not', () => {
    const value = {
      rules: [
        { id: '1' },
        rule('2', { actions: [] }),
        rule('3', { triggers: [{ kind: 'sequence', text: '{brand}' }] }),
      ],
      values: [],
    };
    expect(checkedRuleSet(value).problems.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/rules/0/triggers bad-shape',
      '/rules/0/actions bad-shape',
      '/values bad-shape',
      '/rules/1/actions no-action',
    ]);
    expect(checkedRuleSet(null).problems).toHaveLength(1);
    expect(checkedRuleSet({ rules: [rule('1')] }).problems).toEqual([]);
  });
});

describe('compileRuleSet', () => {
  it('refuses a set with all that is wrong with it', () => {
    const wrong = { rules: [rule('1', { actions: [] }), rule('1')] };
    const refused = () => compileRuleSet(wrong);
    expect(refused).toThrow(RuleSetError);
    expect(refused).toThrow(
      expect.objectContaining({ code: 'RULES_INVALID', problems: [expect.anything(), expect.anything()] }),
    );
  });
});
