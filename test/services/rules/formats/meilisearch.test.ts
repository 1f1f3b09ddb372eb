import { brief, findings, importText, losses } from '../../../support/rule-formats.ts';

const NEW_RULE = {
  uid: 'bf',
  description: null,
  precedence: 10,
  active: true,
  conditions: {
    query: { isEmpty: false, words: 'gift card' },
    time: { start: '2026-11-27T00:00:00Z', end: '2026-11-28T00:00:00Z' },
    filter: { values: { lang: 'en', size: [4, 5] } },
  },
  actions: { pin: [{ id: '1', position: 0, indexUid: 'p' }], scale: [{ weight: 2, ids: ['2'] }] },
};

const OLD_RULE = {
  uid: 'old',
  priority: 3,
  active: false,
  conditions: [
    { scope: 'query', isEmpty: true },
    { scope: 'time', start: '2026-11-28T00:00:00Z' },
  ],
  actions: [{ selector: { indexUid: 'p', id: '12' }, action: { type: 'pin', position: 0 } }],
};

describe('Meilisearch', () => {
  it.each([
    ['{"sofa":["couch","settee"],"couch":["sofa"]}', ['sofa => +couch ; +settee', 'couch => +sofa'], []],
    ['{"S.W.A.T.":["swat"]}', ['S.W.A.T. => +swat'], ['warning DIFFERENT /S.W.A.T.']],
    ['{"a":null,"b":[],"c":["c"]}', [], []],
    ['{"a":"b","c":[1]}', [], ['error VALUE /a', 'error VALUE /c/0']],
    ['{}', [], []],
    ['null', [], []],
    ['7', [], ['error VALUE ']],
  ])('gives the synonyms %s', (json, rules, found) => {
    const imported = importText('meilisearch', json);
    expect([brief(imported), findings(imported)]).toEqual([rules, found]);
  });

  it('gives settings: synonyms, stop words, words that nothing is to change', () => {
    const imported = importText(
      'meilisearch',
      JSON.stringify({
        synonyms: { tv: ['television'] },
        stopWords: ['the', 'of'],
        dictionary: ['J. R. R.'],
        typoTolerance: { enabled: true, minWordSizeForTypos: { oneTypo: 5 }, disableOnWords: ['shrek', 'ikea'] },
        rankingRules: ['words'],
      }),
    );
    expect(brief(imported)).toEqual(['tv => +television', 'the | of => delete']);
    expect(imported.rules.protectedTerms).toEqual(['J. R. R.', 'shrek', 'ikea']);
    expect([findings(imported), imported.report.whole]).toEqual([
      ['warning DIFFERENT /typoTolerance/minWordSizeForTypos'],
      4,
    ]);
  });

  it.each([
    [
      NEW_RULE,
      [
        `{"and":[{"sequence":{"text":"gift"}},{"sequence":{"text":"card"}}]} => pin [{"id":"1","position":0,"indexUid":"p"}] ; parameters {"scale":[{"weight":2,"ids":["2"]}]} priority 10 in {"lang":["en"],"size":["4","5"]} at [{"from":1795737600000,"until":1795824000000}]`,
      ],
      [],
    ],
    [
      OLD_RULE,
      [
        '<empty> => pin [{"selector":{"indexUid":"p","id":"12"},"action":{"type":"pin","position":0}}] off priority 3 at [{"from":1795824000000}]',
      ],
      [],
    ],
    [
      { ...NEW_RULE, precedence: undefined, conditions: { query: { words: 'gift' } }, actions: { pin: [1] } },
      ['gift => pin [1] priority 4294967296'],
      [],
    ],
    [
      { ...NEW_RULE, conditions: { query: { isEmpty: false } }, actions: { pin: [1] } },
      ['<always> => pin [1] priority 10'],
      [],
    ],
    [{ ...NEW_RULE, conditions: {}, actions: {} }, [], ['error VALUE /actions']],
    [
      { ...NEW_RULE, conditions: { time: { start: 'soon' }, place: {} } },
      [],
      ['error VALUE /conditions/place', 'error VALUE /conditions/time/start'],
    ],
    [{ ...NEW_RULE, conditions: { query: { isEmpty: true, words: 'a' } } }, [], ['error VALUE /conditions/query']],
    [
      {
        ...NEW_RULE,
        conditions: [
          { scope: 'query', words: 'a' },
          { scope: 'query', words: 'b' },
        ],
      },
      [],
      ['error VALUE /conditions/1'],
    ],
    [{ ...NEW_RULE, precedence: 'x', conditions: 7 }, [], ['error VALUE /conditions', 'error VALUE /precedence']],
  ])('gives the search rule %j', (rule, rules, found) => {
    const imported = importText('meilisearch', JSON.stringify(rule));
    expect([brief(imported), findings(imported)]).toEqual([rules, found]);
    expect(importText('meilisearch', JSON.stringify({ results: [rule] })).rules.rules).toHaveLength(rules.length);
  });

  it('says what is lost', () => {
    expect(
      losses(importText('meilisearch', JSON.stringify({ ...NEW_RULE, conditions: { query: { isEmpty: false } } }))),
    ).toEqual(['part: isEmpty: false']);
  });
});
