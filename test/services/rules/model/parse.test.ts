import fc from 'fast-check';
import { ModelError } from '../../../../services/rules/model/errors.ts';
import { canonicalRuleSet, formatRuleSet } from '../../../../services/rules/model/format.ts';
import { parseRuleSet, parseRuleSetText } from '../../../../services/rules/model/parse.ts';
import { escapeSequence, parseSequenceText, plainSequence } from '../../../../services/rules/model/sequence-text.ts';
import { arbRules, arbWords } from '../../../support/rule-arbitraries.ts';

/** What is wrong, as `pointer: message`. */
function problems(value: unknown): string[] {
  try {
    parseRuleSet(value, 'rules.json');
  } catch (error) {
    if (error instanceof ModelError) return error.problems.map(({ pointer, message }) => `${pointer}: ${message}`);
    throw error;
  }
  return [];
}

const RULE = { id: 'a', triggers: [{ kind: 'sequence', text: 'sofa' }], actions: [{ do: 'synonym', to: 'couch' }] };

function inRule(more: object): string[] {
  return problems({ rules: [{ ...RULE, ...more }] }).map((one) => one.replace('/rules/0', ''));
}

describe('a rule set in JSON', () => {
  it('leaves out what has its default', () => {
    const set = parseRuleSet(
      {
        rules: [
          {
            ...RULE,
            enabled: true,
            stop: false,
            priority: 0,
            tags: [],
            validity: [],
            context: {},
            properties: {},
            comment: '',
            triggers: [{ kind: 'sequence', text: 'sofa', anchor: 'any', plurals: false, wildcardMayBeEmpty: true }],
            actions: [
              { do: 'synonym', to: 'couch', weight: 1, keepOriginal: true },
              { do: 'boost', query: 'x', raw: false, factor: 1, demote: false },
            ],
          },
        ],
        values: {},
        settings: { selection: 'all', order: 'listed' },
      },
      'x',
    );
    expect(set).toEqual({
      rules: [
        {
          ...RULE,
          actions: [
            { do: 'synonym', to: 'couch' },
            { do: 'boost', query: 'x' },
          ],
        },
      ],
    });
  });

  it('comes back as it was from its text, a rule a line, the same bytes each time', () => {
    fc.assert(
      fc.property(arbRules, (rules) => {
        const set = canonicalRuleSet(rules);
        const text = formatRuleSet(set);
        expect(parseRuleSetText(text, 'x')).toEqual(set);
        expect(formatRuleSet(parseRuleSetText(text, 'x'))).toBe(text);
        expect(text.split('\n')).toHaveLength(set.rules.length + 3);
      }),
      { numRuns: 200 },
    );
  });

  it('names all that is wrong, each by its pointer', () => {
    expect(
      problems({
        rules: [
          {
            id: '',
            triggers: [{ kind: 'x' }, { kind: 'sequence', text: 'a * b' }],
            actions: [{ do: 'fly' }],
            enable: true,
          },
          RULE,
          RULE,
          7,
        ],
        settings: { selection: 'some' },
        extra: 1,
      }),
    ).toEqual([
      '/extra: unknown member; expected rules, values, quantities, protectedTerms, settings',
      expect.stringMatching(/^\/rules\/0\/enable: unknown member/),
      '/rules/0/id: expected text, found the empty text',
      '/rules/0/triggers/0/kind: expected one of sequence, boolean, regex, always, empty, found "x"',
      '/rules/0/triggers/1/text: expected letters beside the wildcard "*"',
      expect.stringMatching(/^\/rules\/0\/actions\/0\/do: expected one of replace, delete, .*, found "fly"$/),
      '/rules/2/id: expected an id of its own, found "a", that of /rules/1',
      '/rules/3: expected an object, found 7',
      '/settings/selection: expected one of all, first, exclusive, longest, found "some"',
    ]);
  });

  it.each([
    [{ id: 'é'.repeat(257) }, '/id: expected at most 512 bytes of UTF-8, found 514'],
    [{ id: '\ud800' }, '/id: expected Unicode text, found a lone surrogate'],
    [{ triggers: 7 }, '/triggers: expected an array, found 7'],
    [{ actions: undefined }, '/actions: expected an array, found nothing'],
    [
      { actions: [{ do: 'synonym', to: 'x', weight: -1 }] },
      '/actions/0/weight: expected a number of at least 0, found -1',
    ],
    [{ actions: [{ do: 'synonym' }] }, '/actions/0/to: expected text, found nothing'],
    [{ actions: [{ do: 'delete', term: 'x' }] }, '/actions/0/term: unknown member; expected do, terms, announce'],
    [{ actions: [{ do: 'pin' }] }, '/actions/0/documents: expected a value, found nothing'],
    [{ validity: [{ from: 5, until: 5 }] }, '/validity/0: expected "from" before "until", found 5 and 5'],
    [{ validity: [{ from: 'soon' }] }, '/validity/0/from: expected an integer, found "soon"'],
    [{ context: { 'a/b': 'x' } }, '/context/a~1b: expected an array, found "x"'],
    [
      { triggers: [{ kind: 'boolean', expression: { and: [] } }] },
      '/triggers/0/expression/and: expected at least one expression',
    ],
    [
      { triggers: [{ kind: 'boolean', expression: { and: [], or: [] } }] },
      '/triggers/0/expression: expected one of and, or, not, sequence, found and and or',
    ],
    [
      { triggers: [{ kind: 'sequence', text: 'a', anchor: 'middle' }] },
      '/triggers/0/anchor: expected one of any, start, end, both, found "middle"',
    ],
    [{ priority: Number.NaN }, '/priority: expected a number, found null'],
    [{ source: { line: 0 } }, '/source/line: expected an integer of at least 1, found 0'],
  ])('refuses %j', (more, message) => {
    expect(inRule(more)).toEqual([message]);
  });

  it('refuses deep conditions, and more than 500 regular expressions', () => {
    let expression: unknown = { sequence: { text: 'a' } };
    for (let depth = 0; depth < 5000; depth++) expression = { not: expression };
    expect(inRule({ triggers: [{ kind: 'boolean', expression }] })[0]).toMatch(/expected at most 100 levels$/);
    const rules = Array.from({ length: 502 }, (_, i) => ({
      ...RULE,
      id: String(i),
      triggers: [{ kind: 'regex', pattern: 'a' }],
    }));
    expect(problems({ rules })).toEqual([
      '/rules/500/triggers/0: expected at most 500 regular expressions in a rule set',
    ]);
  });

  it('checks quantities', () => {
    const good = {
      units: [{ term: 'kg', multiplier: 1 }],
      fields: [{ name: 'weight', scale: 2 }],
      filter: { below: 20, above: 20 },
      boost: {
        below: 20,
        above: 20,
        scoreBelow: 1,
        scoreAbove: 1,
        scoreAtValue: 2,
        scoreExact: 1,
        exact: { below: 0, above: 0 },
      },
    };
    expect(problems({ rules: [], quantities: [good] })).toEqual([]);
    expect(problems({ rules: [], quantities: [{ ...good, units: [], filter: { below: -1, above: 0 } }] })).toEqual([
      '/quantities/0/units: expected at least one unit',
      '/quantities/0/filter/below: expected a number of at least 0, found -1',
    ]);
  });

  it('says where text is no JSON', () => {
    expect(() => parseRuleSetText('{"rules":[\n}', 'my.json')).toThrow(/^my\.json: line 2, column 1: expected a value/);
  });
});

describe('the text of a sequence', () => {
  it.each([
    ['red  sofa', ['term red', 'term sofa']],
    ['sofa*', ['prefix sofa']],
    ['ab *hemd', ['term ab', 'suffix hemd']],
    ['{brand} shoes', ['placeholder brand', 'term shoes']],
    ['5\\* \\{x\\} a\\ b \\\\', ['term 5*', 'term {x}', 'term a b', 'term \\']],
    ['a\\**', ['prefix a*']],
  ])('%s has its terms', (text, expected) => {
    const terms = parseSequenceText(text);
    expect(typeof terms === 'string' ? terms : terms.map(({ kind, text: own }) => `${kind} ${own}`)).toEqual(expected);
  });

  it.each(['', ' ', '*', 'a * b', 'so*fa', '*sofa*', 'a* b*', '{}', '{a b', 'a{b}', '{a}b', '{a*}', '}'])(
    '%j is none',
    (text) => {
      expect(typeof parseSequenceText(text)).toBe('string');
    },
  );

  it('gives back any words that were escaped', () => {
    fc.assert(fc.property(arbWords, (words) => expect(plainSequence(escapeSequence(words))).toBe(words)));
  });
});
