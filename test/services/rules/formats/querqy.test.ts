import { gzipSync } from 'node:zlib';
import { cutComment } from '../../../../services/rules/formats/querqy/parse.ts';
import { exportRules } from '../../../../services/rules/formats/registry.ts';
import { brief, findings, importText, losses, withoutSource } from '../../../support/rule-formats.ts';

const SAMPLE = `# kitchen
"stand mixer =>
  SYNONYM(0.4): kneading machine
  DOWN(30): * category:parts
  @_id: 'mix-1'
  @{ tenant: ["a", "b"], priority: 7 }@
apple* =>
  SYNONYM: apple $1
imprint" =>
  decorate(redirect): /about
5\\* hotel =>
  DELETE: hotel
`;

/** An input with one instruction, boolean inputs allowed or not, and the rule that it becomes, or the first error. */
const INPUTS: [string, boolean, string][] = [
  ['sofa', false, 'sofa'],
  ['"sofa', false, '^sofa'],
  ['sofa"', false, 'sofa$'],
  ['"red sofa"', false, '^red sofa$'],
  ['sofa\\"', false, 'sofa"'],
  ['" red  sofa "', false, '^red sofa$'],
  ['sofa*', false, 'sofa*'],
  ['red sofa*', false, 'red sofa*'],
  ['abc *hemd def', false, 'abc *hemd def'],
  ['*hemd', false, '*hemd'],
  ['*hemd"', false, '*hemd$'],
  ['"sofa*', false, '^sofa*'],
  ['sofa*"', false, '3: a trailing wildcard "*" does not go with a right boundary'],
  ['"*hemd', false, '3: a leading wildcard "*" does not go with a left boundary'],
  ['sofa* red', false, '3: expected a trailing wildcard "*" at the last term'],
  ['so*fa', false, '3: expected the wildcard "*" at the border of a term'],
  ['*', false, '3: expected letters beside the wildcard "*"'],
  ['red *', false, '3: expected letters beside the wildcard "*"'],
  ['*so fa*', false, '3: expected at most one wildcard "*" in an input'],
  ['a\\*b', false, 'a\\*b'],
  ['\\\\ x', false, '\\\\ x'],
  ['\\', false, '\\\\'],
  ['c\\#', false, 'c#'],
  ['a\\tb', false, '3: an unknown escape in "a\\tb"; expected \\\\, \\*, \\" or \\#'],
  ['"', false, '3: expected terms before "=>", found none'],
  [':a', false, ':a'],
  ['a:', false, 'a:'],
  ['salt AND pepper', false, 'salt AND pepper'],
  ['salt and pepper', true, '{"and":[{"sequence":{"text":"salt"}},{"sequence":{"text":"pepper"}}]}'],
  ['salt \\and pepper', true, '3: an unknown escape in "\\and"; expected \\\\, \\*, \\" or \\#'],
  ['salt \\and pepper OR x', true, '{"or":[{"sequence":{"text":"salt and pepper"}},{"sequence":{"text":"x"}}]}'],
  ['a b OR NOT "c"', true, '{"or":[{"sequence":{"text":"a b"}},{"not":{"sequence":{"text":"c","anchor":"both"}}}]}'],
  [
    'a AND (b OR c) AND NOT d',
    true,
    '{"and":[{"sequence":{"text":"a"}},{"or":[{"sequence":{"text":"b"}},{"sequence":{"text":"c"}}]},{"not":{"sequence":{"text":"d"}}}]}',
  ],
  [
    'a OR \\(b\\) AND c',
    true,
    '{"or":[{"sequence":{"text":"a"}},{"and":[{"sequence":{"text":"(b)"}},{"sequence":{"text":"c"}}]}]}',
  ],
  ['a NOT b', true, '3: expected AND, OR or "(" before NOT'],
  ['(a OR b) c', true, '3: expected an operator between ")" and "c"'],
  ['(a OR b', true, '3: a "(" without ")"'],
  ['a OR b)', true, '3: a ")" without "("'],
  ['a AND', true, '3: expected a term at the end'],
  ['AND a', true, '3: expected a term before AND'],
];

/** An instruction, for the input `red sofa*`, and its action or the error. */
const INSTRUCTIONS: [string, string][] = [
  ['SYNONYM: couch', '+couch'],
  ['synonym ( 0.5 ) : couch  $1', '+couch $1(0.5)'],
  ['SYNONYM: name:couch', '+couch'],
  ['SYNONYM:', 'SYNONYM needs terms'],
  ['SYNONYM(-1): couch', 'SYNONYM: expected a number of at least 0 in parentheses, found "-1"'],
  ['SYNONYM(x): couch', 'SYNONYM: expected a number of at least 0 in parentheses, found "x"'],
  ['SYNONYM: $1$1', 'expected at most one placeholder in a term, found "$1$1"'],
  ['SYNONYM: $299', '+$299'],
  ['SYNONYM: a:', 'expected a term, found "a:"'],
  ['UP(10): * brand:acme', 'up(10) *brand:acme'],
  ['UP: *', 'UP: expected a query after "*"'],
  ['DOWN: +a -b', 'down(1) +a -b'],
  ['UP(3): "two words"~2', 'up(3) "two words"~2'],
  ['UP(3): "two words', 'UP: expected a phrase like "two words"~2, found "two words'],
  ['UP: * f:%%p%%', 'up(1) *f:%%p%%'],
  ['UP: * f:%%p', 'UP: expected parameters between two "%%"'],
  ['UP', 'UP needs a query'],
  ['FILTER: * {"term":{"brand":"acme"}}', 'filter *{"term":{"brand":"acme"}}'],
  ['FILTER(2): a', 'FILTER takes nothing in parentheses'],
  ['DELETE', 'delete'],
  ['DELETE:', 'delete'],
  ['DELETE: RED', 'delete RED'],
  ['DELETE: sofa*', 'delete sofa*'],
  ['DELETE: sofa', 'DELETE: expected a term of the input, found "sofa"'],
  ['DELETE(1): red', 'DELETE takes nothing in parentheses'],
  ['DECORATE: REDIRECT /a\\#b', 'decorate :"REDIRECT /a\\\\#b"'],
  ['DECORATE(k.e-y_1): v', 'decorate k.e-y_1:"v"'],
  ['DECORATE', 'DECORATE needs a value'],
  ['REPLACE: x', 'REPLACE is not implemented by Querqy; see --format querqy-replace'],
];

describe("Querqy's common rules", () => {
  it('are read whole, with properties, ids and places', () => {
    const imported = importText('querqy', gzipSync(Buffer.from(`\ufeff${SAMPLE.replaceAll('\n', '\r\n')}`)));
    expect(brief(imported)).toEqual([
      '^stand mixer => +kneading machine(0.4) ; down(30) *category:parts has {"tenant":["a","b"],"priority":7}',
      'apple* => +apple $1',
      'imprint$ => decorate redirect:"/about"',
      '5\\* hotel => delete hotel',
    ]);
    expect(imported.rules.rules.map(({ id, source }) => [id, source?.line])).toEqual([
      ['mix-1', 2],
      ['apple*#2', 7],
      ['imprint"#3', 9],
      ['5\\* hotel#4', 11],
    ]);
    expect([imported.report.whole, imported.report.findings, imported.rules.settings]).toEqual([4, [], undefined]);
  });

  it.each(INPUTS)('take the input %j (boolean: %j)', (input, booleanInput, expected) => {
    const imported = importText('querqy', `\n\n${input} =>\n  UP: x\n`, { booleanInput: String(booleanInput) });
    const [error] = imported.report.findings.filter(({ severity }) => severity === 'error');
    const got =
      error === undefined ? brief(imported)[0]?.replace(' => up(1) x', '') : `${error.source.line}: ${error.message}`;
    expect(got).toBe(expected);
  });

  it.each(INSTRUCTIONS)('take the instruction %j', (instruction, expected) => {
    const imported = importText('querqy', `red sofa* =>\n  ${instruction}\n`);
    const [error] = imported.report.findings.filter(({ severity }) => severity === 'error');
    expect(error === undefined ? brief(imported)[0]?.replace('red sofa* => ', '') : error.message).toBe(expected);
    if (error !== undefined) expect(error.source.line).toBe(2);
  });

  it.each([
    ['a # b', 'a '],
    ['a \\# b', 'a \\# b'],
    ['a \\\\# b', 'a \\\\'],
    ['a \\\\\\# b', 'a \\\\\\'],
    ['FILTER: * url:/faq#top', 'FILTER: * url:/faq'],
    ['# all', ''],
  ])('cut the comment of %j', (line, expected) => {
    expect(cutComment(line)).toBe(expected);
  });

  it.each([
    ['@a: 1', { a: 1 }, []],
    ["@a: 'x y'", { a: 'x y' }, []],
    ['@{ a: 007, "b": [1, {c: null}], }@', { a: 7, b: [1, { c: null }] }, ['warning SUSPECT 3']],
    ['@{\n a: true,\n b: "x\ty"\n}@', { a: true, b: 'x\ty' }, []],
    ['@a: 1\n@b: 2', { a: 1, b: 2 }, []],
    ['@a: 1\n@a: 2', undefined, ['error SYNTAX 4']],
    ['@{a: 1, a: 2}@', undefined, ['error SYNTAX 3']],
    ['@{ a: 1', undefined, ['error SYNTAX 3']],
    ['@a', undefined, ['error SYNTAX 3']],
    ['@a: {x', undefined, ['error SYNTAX 3']],
  ])('read the properties %j', (lines, properties, found) => {
    const imported = importText('querqy', `a =>\nDELETE\n${lines}\n`);
    expect([imported.rules.rules[0]?.properties, findings(imported)]).toEqual([properties, found]);
  });

  it('name everything that is wrong, each with its line', () => {
    const text = 'SYNONYM: early\na =>\n  SYNONIM: b\n  SYNONYM(-1): c\nb => c\nc =>\nd =>\nSYNONYM: e =>\nDELETE\n';
    const imported = importText('querqy', text);
    expect(findings(imported)).toEqual([
      'error SYNTAX 1',
      'error SYNTAX 3',
      'error SYNTAX 4',
      'error SYNTAX 5',
      'warning NO_EFFECT 6',
      'warning NO_EFFECT 7',
      'warning SUSPECT 8',
    ]);
  });

  it('begin with an input, even where it begins as a property does', () => {
    expect(brief(importText('querqy', '@a =>\n UP: x\n'))).toEqual(['@a => up(1) x']);
  });

  it('refuse SYNONYM and DELETE beside operators, and an id twice', () => {
    const text = 'a OR b =>\n SYNONYM: c\nx =>\n UP: y\n @_id: "one"\nz =>\n UP: y\n @_id: "one"\n';
    expect(findings(importText('querqy', text, { booleanInput: 'true' }))).toEqual([
      'error SYNTAX 2',
      'error DUPLICATE 6',
    ]);
  });

  it('warn of a condition that never fires, a placeholder without wildcard, a list, and operators that are none', () => {
    const text = 'NOT a =>\n UP: x\ntv, telly =>\n SYNONYM: $1\n';
    expect(findings(importText('querqy', text, { booleanInput: 'true' }))).toEqual([
      'warning NEVER_FIRES 1',
      'warning SUSPECT 4',
      'warning SUSPECT 3',
    ]);
    expect(findings(importText('querqy', 'a AND b =>\n UP: x\n'))).toEqual(['warning SUSPECT 1']);
  });

  it('leave out inputs with field names, and say so', () => {
    const imported = importText('querqy', 'name:sofa =>\n UP: x\n{a,b}:sofa* =>\n UP: x\nx name:*y =>\n UP: x\n');
    expect([brief(imported), losses(imported)]).toEqual([[], ['not: the rule', 'not: the rule', 'not: the rule']]);
    expect(losses(importText('querqy', 'a =>\n SYNONYM: f:b\n'))).toEqual(['part: field names of SYNONYM']);
  });

  it.each([
    '{"class":"x","config":{"rules":"a AND b =>\\n UP: x\\nb =>\\nq","allowBooleanInput":true,"ignoreCase":false}}',
  ])('are read from the JSON of the REST API', (json) => {
    const imported = importText('querqy', json);
    expect(brief(imported)).toEqual(['{"and":[{"sequence":{"text":"a"}},{"sequence":{"text":"b"}}]} => up(1) x']);
    expect(findings(imported)).toEqual(['warning DIFFERENT /config/rules', 'error SYNTAX 4#/config/rules']);
  });

  it('come back as they were from an export', () => {
    const { rules } = importText('querqy', SAMPLE);
    const { text, report } = exportRules('querqy', rules);
    expect(text).toMatchSnapshot();
    expect(report.whole).toBe(4);
    expect(withoutSource(importText('querqy', text).rules.rules)).toEqual(withoutSource(rules.rules));
  });

  it('say what an export loses', () => {
    const trigger = { kind: 'sequence', text: 'a' } as const;
    const { text, report } = exportRules('querqy', {
      rules: [
        { id: 'replace', triggers: [trigger], actions: [{ do: 'replace', to: 'b' }] },
        {
          id: 'pin',
          triggers: [trigger],
          actions: [
            { do: 'pin', documents: [1] },
            { do: 'redirect', to: '/x' },
          ],
        },
        { id: 'hash', triggers: [trigger], actions: [{ do: 'filter', query: 'a#b' }] },
        { id: 'brand', triggers: [{ kind: 'sequence', text: '{brand} x' }], actions: [{ do: 'delete' }] },
        { id: 'soon', validity: [{ from: 1 }], triggers: [trigger], actions: [{ do: 'delete' }] },
        { id: 'here', context: { site: ['de'] }, triggers: [trigger], actions: [{ do: 'delete' }] },
      ],
    });
    expect(text).toMatchSnapshot();
    expect(losses({ report })).toEqual([
      'part: replace',
      'part: pin, redirect',
      'not: filter',
      'not: trigger',
      'not: the rule',
      'part: context',
    ]);
  });
});
