import { brief, findings, importText, losses } from '../../../support/rule-formats.ts';

const REPLACE: [string, string[], string[]][] = [
  ['tvs; tellies => tv', ['tvs | tellies => replace tv'], []],
  ['tvs\ttellies => tv', ['tvs | tellies => replace tv'], []],
  ['the =>', ['the => delete'], []],
  ['cheap* => cheap', ['cheap* maybe => replace cheap priority 2'], []],
  ['*phone5 => $1phone 5', ['*phone5 maybe => replace $1phone 5 priority 1'], []],
  ['a => b => c', [], ['error SYNTAX 1']],
  ['*x* => y', [], ['error SYNTAX 1']],
  ['* => y', [], ['error SYNTAX 1']],
  ['=> z', [], ['error SYNTAX 1']],
  ['a * => z', [], ['error SYNTAX 1']],
  ['* a => z', [], ['error SYNTAX 1']],
  ['a * b => z', [], ['error SYNTAX 1']],
  ['+*a => z', [], ['error SYNTAX 1']],
  ['a* b => z', [], ['error SYNTAX 1']],
  ['a b', [], ['error SYNTAX 1']],
  ['a; b* => c', [], ['error SYNTAX 1']],
  ['a b* => c', [], ['error SYNTAX 1']],
  ['+ => plus', ['+ => replace plus'], ['warning NEVER_FIRES 1']],
  ['-x => +y', ['x => replace y'], []],
  ['a # b => c', ['a # b => replace c'], []],
  ['a => b\nA => c', ['a => replace b'], ['error DUPLICATE 2']],
  ['# a => b', [], []],
  ['x => $1', ['x => replace $1'], ['warning SUSPECT 1']],
  ['a\\*b => c', ['a\\\\\\*b => replace c'], []],
];

describe("Querqy's replace rules", () => {
  it.each(REPLACE)('read %j', (text, rules, found) => {
    const imported = importText('querqy-replace', text);
    expect([brief(imported), findings(imported)]).toEqual([rules, found]);
    expect(imported.rules.settings).toEqual({ selection: 'longest' });
  });

  it('take another delimiter, from an option or the JSON of the REST API', () => {
    expect(brief(importText('querqy-replace', 'a | b; c => d', { inputDelimiter: '|' }))).toEqual([
      'a | b; c => replace d',
    ]);
    const json = JSON.stringify({ class: 'x', config: { rules: 'a/b => d', inputDelimiter: '/' } });
    expect(brief(importText('querqy-replace', json))).toEqual(['a | b => replace d']);
  });

  it.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: so Querqy names groups
    ['(\\d+) ?(gb|gigs) => ${1}gb', ['/(\\d+) ?(gb|gigs)/ => replace $1gb'], []],
    ['a+ => b # c', ['/a+/ => replace b'], []],
    ['a =>', [], ['error SYNTAX 1']],
    ['a => b => c', [], ['error SYNTAX 1']],
    ['(a => b', [], ['error SYNTAX 1']],
    ['(?=a)b => c', [], ['error SYNTAX 1']],
    ['[a-z&&[^x]] => c', [], []],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: so Querqy names groups
    ['(a) => ${1}0', [], []],
  ])('read the regular expression %j', (text, rules, found) => {
    const imported = importText('querqy-replace', text, { regex: 'true' });
    expect([brief(imported), findings(imported)]).toEqual([rules, found]);
  });
});

const UNIT = { units: [{ term: 'kg' }, { term: 'g', multiplier: 0.001 }], fields: [{ fieldName: 'weight', scale: 2 }] };

describe("Querqy's number-unit configuration", () => {
  it('is kept as data, with what Querqy takes where nothing is said', () => {
    const imported = importText(
      'querqy-number-unit',
      JSON.stringify({ numberUnitDefinitions: [{ ...UNIT, filter: { percentageUpperBoundary: 10 } }] }),
    );
    expect(imported.rules).toEqual({
      rules: [],
      quantities: [
        {
          units: [
            { term: 'kg', multiplier: 1 },
            { term: 'g', multiplier: 0.001 },
          ],
          fields: [{ name: 'weight', scale: 2 }],
          filter: { below: 20, above: 10 },
          boost: {
            below: 20,
            above: 20,
            scoreBelow: 100,
            scoreAbove: 100,
            scoreAtValue: 200,
            scoreExact: 100,
            exact: { below: 0, above: 0 },
          },
          source: { file: 'in', pointer: '/numberUnitDefinitions/0' },
        },
      ],
    });
    expect([imported.report.whole, imported.report.findings]).toEqual([1, []]);
  });

  it('is read from the configuration of a rewriter, as an object and as text', () => {
    const config = { numberUnitDefinitions: [UNIT] };
    for (const envelope of [
      { class: 'x', config },
      { class: 'x', config: { config: JSON.stringify(config) } },
    ]) {
      expect(importText('querqy-number-unit', JSON.stringify(envelope)).rules.quantities).toHaveLength(1);
    }
  });

  it('names all that is wrong by its pointer', () => {
    const bad = {
      units: [],
      fields: [{ fieldName: '', scale: -1 }],
      boost: { x: 1 },
      filter: { percentageLowerBoundary: 'a' },
    };
    expect(findings(importText('querqy-number-unit', JSON.stringify({ numberUnitDefinitions: [bad, 7] })))).toEqual([
      'error VALUE /numberUnitDefinitions/0/units',
      'error VALUE /numberUnitDefinitions/0/fields/0/fieldName',
      'error VALUE /numberUnitDefinitions/0/fields/0/scale',
      'error VALUE /numberUnitDefinitions/0/boost/x',
      'error VALUE /numberUnitDefinitions/0/filter/percentageLowerBoundary',
      'error VALUE /numberUnitDefinitions/1',
    ]);
    expect(losses(importText('querqy-number-unit', '{"numberUnitDefinitions":[7]}'))).toEqual(['not: the rule']);
    expect(findings(importText('querqy-number-unit', '{}'))).toEqual(['error VALUE /numberUnitDefinitions']);
  });
});
