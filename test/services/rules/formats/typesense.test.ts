import { exportRules } from '../../../../services/rules/formats/registry.ts';
import { brief, findings, importText, losses, withoutSource } from '../../../support/rule-formats.ts';

const SYNONYMS: [object, string[], string[]][] = [
  [{ id: 'couch', root: '', synonyms: ['sofa', 'couch'] }, ['sofa | couch => +sofa ; +couch'], []],
  [{ id: 'couch', synonyms: ['sofa', 'couch'] }, ['sofa | couch => +sofa ; +couch'], []],
  [{ id: 'b', root: 'blazer', synonyms: ['coat', 'jacket'] }, ['blazer => +coat ; +jacket'], []],
  [
    { id: 'b', root: ['red', 'coat'], synonyms: [['blazer'], ['rain', 'coat']] },
    ['red coat => +blazer ; +rain coat'],
    [],
  ],
  [{ synonyms: ['a', 'b'] }, [], ['error VALUE /synonyms/0/id']],
  [{ id: 'a', synonyms: [] }, [], ['error VALUE /synonyms/0/synonyms']],
  [{ id: 'a', synonyms: ['b', 7] }, [], ['error VALUE /synonyms/0/synonyms/1']],
  [{ id: 'a', root: 'x' }, [], ['error VALUE /synonyms/0/synonyms']],
  [{ id: 'a', synonyms: ['b'] }, [], ['warning NEVER_FIRES /synonyms/0']],
];

const SAMPLE = {
  id: 'o1',
  rule: { query: '{brand} shoes', match: 'contains', filter_by: 'lang:en', tags: ['home'] },
  filter_by: 'brand:={brand}',
  sort_by: 'price:asc',
  remove_matched_tokens: true,
  includes: [{ id: '7', position: 1 }],
  excludes: [{ id: '9' }],
  effective_from_ts: 1767225600,
  effective_to_ts: 1769904000,
  metadata: { a: 1 },
};

const RULE = { query: 'apple', match: 'exact' };

const OVERRIDES: [object, string, string[], string[]][] = [
  [{ rule: RULE, filter_by: 'a:b' }, '^apple$ => delete ; filter *a:b stop', [], []],
  [{ rule: RULE, filter_by: 'a:b', remove_matched_tokens: false }, '^apple$ => filter *a:b stop', [], []],
  [{ rule: RULE, remove_matched_tokens: true, stop_processing: false }, '^apple$ => delete', [], []],
  [{ rule: RULE, replace_query: 'pear' }, '^apple$ => whole pear stop', [], []],
  [{ rule: RULE, replace_query: 'pear', remove_matched_tokens: true }, '', [], ['error VALUE ']],
  [
    { rule: { query: '*', match: 'exact' }, includes: [{ id: '1', position: 1 }] },
    '<empty> => pin [{"id":"1","position":1}] stop',
    [],
    [],
  ],
  [{ rule: { tags: ['a', '*'] }, replace_query: 'x' }, '<always> => whole x stop', [], []],
  [
    { rule: { filter_by: 'a:b' }, sort_by: 'p:asc' },
    '<always> => parameters {"sort_by":"p:asc"} stop in {"filter_by":["a:b"]}',
    [],
    [],
  ],
  [
    { rule: { ...RULE, synonyms: true, stem: true }, replace_query: 'x' },
    '^apple$ plurals => whole x stop',
    ['part: rule.synonyms, rule.stem'],
    [],
  ],
  [{ rule: { match: 'exact' }, replace_query: 'x' }, '', [], ['error VALUE /rule']],
  [{ rule: {}, replace_query: 'x' }, '', [], ['error VALUE /rule']],
  [{ rule: { query: 'a', match: 'starts' }, replace_query: 'x' }, '', [], ['error VALUE /rule/match']],
  [{ rule: { query: 'a' }, replace_query: 'x' }, '', [], ['error VALUE /rule/match']],
  [{ rule: { ...RULE, filter_by: 'brand:={b}' }, replace_query: 'x' }, '', [], ['error VALUE ']],
  [{ rule: { ...RULE, tags: 'x' }, replace_query: 'x' }, '', [], ['error VALUE /rule/tags']],
  [{ rule: RULE }, '', [], ['error VALUE ']],
  [{ rule: RULE, includes: [{ id: 1 }], excludes: 'x' }, '', [], ['error VALUE /includes', 'error VALUE /excludes']],
  [
    { rule: RULE, filter_by: '', stop_processing: 'no' },
    '',
    [],
    ['error VALUE /filter_by', 'error VALUE /stop_processing'],
  ],
  [{ rule: RULE, replace_query: 'x', effective_from_ts: -1, effective_to_ts: -1 }, '^apple$ => whole x stop', [], []],
  [
    { rule: RULE, replace_query: 'x', effective_from_ts: 9, effective_to_ts: 8 },
    '',
    [],
    ['error VALUE /effective_to_ts'],
  ],
  [{ rule: RULE, replace_query: 'x', metadata: 'm' }, '', [], ['error VALUE /metadata']],
  [{ rule: RULE, replace_query: 'x', new_thing: 1 }, '^apple$ => whole x stop', ['part: new_thing'], []],
];

describe("Typesense's synonyms", () => {
  it.each(SYNONYMS)('take %j', (synonym, rules, found) => {
    const imported = importText('typesense', JSON.stringify({ synonyms: [synonym] }));
    expect([brief(imported), findings(imported)]).toEqual([rules, found]);
  });

  it('are read from sets, one set, items and lines', () => {
    const item = { id: 'couch', synonyms: ['sofa', 'couch'] };
    for (const json of [
      [{ name: 'furniture', items: [item] }],
      { items: [item] },
      { name: 'f', items: [item] },
      [item],
      item,
      { synonyms: [item] },
    ]) {
      const imported = importText('typesense', JSON.stringify(json));
      expect([brief(imported), findings(imported), imported.rules.settings]).toEqual([
        ['sofa | couch => +sofa ; +couch'],
        [],
        undefined,
      ]);
    }
    expect(
      brief(importText('typesense', `${JSON.stringify(item)}\n${JSON.stringify({ ...item, id: 'x' })}`)),
    ).toHaveLength(2);
  });

  it('lose locale and symbols', () => {
    const text = JSON.stringify({ id: 'a', synonyms: ['c++', 'cpp'], locale: 'en', symbols_to_index: ['+'] });
    expect(losses(importText('typesense', text))).toEqual(['part: locale, symbols_to_index']);
  });
});

describe("Typesense's overrides", () => {
  it('are read whole', () => {
    const imported = importText('typesense', JSON.stringify({ overrides: [SAMPLE] }));
    expect(imported.rules).toMatchSnapshot();
    expect([imported.report.whole, findings(imported)]).toEqual([1, ['warning MISSING ']]);
  });

  it.each(OVERRIDES)('take %j', (override, expected, lost, found) => {
    const imported = importText('typesense', JSON.stringify({ id: 'o', ...override }));
    expect([findings(imported), brief(imported)[0] ?? '']).toEqual([found, expected]);
    if (expected !== '') expect(losses(imported)).toEqual(lost);
  });

  it('stand in the order of their ids, and stop at the first where all do', () => {
    const text = JSON.stringify([
      {
        name: 'promo',
        items: [
          { id: 'z', rule: RULE, replace_query: 'x' },
          { id: 'a', rule: RULE, replace_query: 'y' },
        ],
      },
    ]);
    const imported = importText('typesense', text);
    expect(imported.rules.rules.map(({ id }) => id)).toEqual(['a', 'z']);
    expect(imported.rules.settings).toEqual({ selection: 'first' });
  });

  it('come back the same from an export, as synonyms do', () => {
    const synonyms = SYNONYMS.slice(1, 3).map(([synonym], i) => ({ ...synonym, id: `s${i}` }));
    const good = OVERRIDES.filter(([, , lost, found]) => lost.length + found.length === 0).map(([one], i) => ({
      ...one,
      id: `t${i + 10}`,
    }));
    const { rules } = importText('typesense', JSON.stringify([...synonyms, SAMPLE, ...good]));
    const { text, report } = exportRules('typesense', rules);
    // Tags with "*" are none here, and an override needs a condition.
    expect([report.part, losses({ report })]).toEqual([0, ['not: trigger always']]);
    const kept = rules.rules.filter(({ triggers, context }) => triggers[0]?.kind !== 'always' || context !== undefined);
    expect(withoutSource(importText('typesense', text).rules.rules)).toEqual(withoutSource(kept));
    expect(text).toMatchSnapshot();
  });

  it('name what is neither', () => {
    expect(findings(importText('typesense', '[{"x":1},7]'))).toEqual(['error SYNTAX /0', 'error VALUE /1']);
  });
});
