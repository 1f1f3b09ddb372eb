import { exportRules } from '../../../../services/rules/formats/registry.ts';
import { brief, findings, importText, importTexts, losses, withoutSource } from '../../../support/rule-formats.ts';

const SAMPLE = {
  objectID: 'r1',
  description: 'shoes',
  enabled: true,
  conditions: [
    {
      pattern: '{facet:brand} shoes',
      anchoring: 'startsWith',
      context: 'mobile',
      filters: 'gender:women AND size:"4 5"',
    },
    { pattern: 'trainers {facet:brand}', anchoring: 'is', context: 'mobile', filters: 'gender:women AND size:"4 5"' },
  ],
  consequence: {
    params: {
      query: {
        edits: [
          { type: 'replace', delete: 'trainers', insert: 'sneakers' },
          { type: 'remove', delete: 'cheap' },
        ],
      },
      filters: 'price<50',
      automaticFacetFilters: [{ facet: 'brand' }],
      optionalFilters: ['brand:acme<score=2>', 'new:true'],
      hitsPerPage: 5,
      renderingContent: { redirect: { url: 'https://x.example/y' }, other: 1 },
    },
    promote: [
      { objectID: '9', position: 0 },
      { objectIDs: ['1', '2'], position: 1 },
    ],
    hide: [{ objectID: '4' }],
    filterPromotes: true,
    userData: { banner: 'b' },
  },
  validity: [{ from: 1767225600, until: 1769904000 }, { from: 1 }],
  tags: ['visual-editor'],
};

const CONDITIONS: [object, string, string[]][] = [
  [{ conditions: [] }, '<always>', []],
  [{ condition: { pattern: 'a', anchoring: 'contains' } }, 'a', []],
  [{ condition: {} }, '<always>', []],
  [{ conditions: [{ pattern: '', anchoring: 'is' }] }, '<empty>', []],
  [{ conditions: [{ pattern: '', anchoring: 'contains' }] }, '', ['error VALUE /conditions/0/pattern']],
  [{ conditions: [{ pattern: 'a' }] }, '', ['error VALUE /conditions/0/anchoring']],
  [{ conditions: [{ pattern: 'a \\{b\\} *', anchoring: 'endsWith' }] }, 'a \\{b\\} \\*$', []],
  [{ conditions: [{ pattern: 'a{facet:b}', anchoring: 'is' }] }, '', ['error SYNTAX /conditions/0/pattern']],
  [{ conditions: [{ pattern: 'shoe', anchoring: 'is', alternatives: true }] }, '^shoe$ plurals', []],
  [{ conditions: [{ context: 'a' }, { context: 'b' }] }, '<always>', []],
  [
    { conditions: [{ pattern: 'a', anchoring: 'is', filters: 'x:1 OR y:2' }] },
    '',
    ['error SYNTAX /conditions/0/filters'],
  ],
  [{ conditions: Array(26).fill({ pattern: 'a', anchoring: 'is' }) }, '', ['error LIMIT ']],
  [{ conditions: [{ pattern: 'tv, telly', anchoring: 'is' }] }, '^tv, telly$', ['warning SUSPECT ']],
  [{ conditions: [{ pattern: 'tv -> telly', anchoring: 'is' }] }, '^tv -> telly$', ['warning SUSPECT ']],
];

const CONSEQUENCES: [object, string, string[], string[]][] = [
  [{ params: { query: 'sneakers' } }, 'whole sneakers', [], []],
  [{ params: { query: '' } }, 'delete', [], []],
  [{ params: { query: { remove: ['a', 'b'] } } }, 'delete a ; delete b', [], []],
  [{ params: { query: { edits: [{ type: 'remove', delete: '{facet:brand}' }] } } }, 'delete {brand}', [], []],
  [
    {
      params: { query: { edits: [{ type: 'remove' }, { type: 'x', delete: 'a' }, { type: 'replace', delete: 'a' }] } },
    },
    '',
    [],
    ['error VALUE', 'error VALUE', 'error VALUE'],
  ],
  [{ params: { query: 7 } }, '', [], ['error VALUE']],
  [{ params: { automaticFacetFilters: ['brand'] } }, 'filter *brand:"{brand}"', [], []],
  [
    { params: { automaticFacetFilters: [{ facet: 'brand', score: 2, disjunctive: true }] } },
    'filter *brand:"{brand}"',
    ['part: disjunctive, score'],
    [],
  ],
  [{ params: { automaticFacetFilters: ['color'] } }, '', [], ['error VALUE']],
  [{ params: { automaticOptionalFacetFilters: [{ facet: 'brand', score: 3 }] } }, 'up(3) *brand:"{brand}"', [], []],
  [{ params: { optionalFilters: [['a:b', 'c:d']] } }, 'parameters {"optionalFilters":[["a:b","c:d"]]}', [], []],
  [{ params: { filters: 'brand:"{facet:brand}" AND a:b' } }, 'filter *brand:"{brand}" AND a:b', [], []],
  [{ promote: 'x' }, '', [], ['error VALUE']],
  [{ userData: 'text' }, 'decorate :"text"', [], []],
  [
    { filterPromotes: true, promote: [{ objectID: '1', position: 0 }] },
    'pin [{"objectID":"1","position":0}] ; parameters {"filterPromotes":true}',
    [],
    [],
  ],
];

const SYNONYMS: [object, string[], string[]][] = [
  [{ type: 'synonym', synonyms: ['sofa', 'couch'] }, ['sofa | couch => +sofa ; +couch'], []],
  [{ type: 'oneWaySynonym', input: 'tablet', synonyms: ['slate'] }, ['tablet => +slate'], []],
  [{ type: 'onewaysynonym', input: 'tablet', synonyms: ['slate'], _highlightResult: {} }, ['tablet => +slate'], []],
  [{ type: 'altCorrection1', word: 'boot', corrections: ['shoe'] }, ['boot => +shoe(0.8)'], []],
  [{ type: 'altcorrection2', word: 'boot', corrections: ['shoe', 'clog'] }, ['boot => +shoe(0.6) ; +clog(0.6)'], []],
  [
    { type: 'placeholder', placeholder: '<num>', replacements: ['1', '2'] },
    ['1 | 2 => +<num>'],
    ['warning DIFFERENT '],
  ],
  [{ type: 'synonym', synonyms: ['sofa'] }, [], ['error VALUE /synonyms']],
  [{ type: 'oneWaySynonym', synonyms: [] }, [], ['error VALUE /input', 'error VALUE /synonyms']],
  [{ type: 'strange' }, [], ['error VALUE /type']],
];

describe("Algolia's rules", () => {
  it('are read whole', () => {
    const imported = importText('algolia', JSON.stringify([SAMPLE]));
    expect(imported.rules).toMatchSnapshot();
    expect([imported.report.whole, findings(imported)]).toEqual([1, ['warning MISSING ']]);
    expect(imported.rules.settings).toEqual({ selection: 'exclusive', order: 'specific' });
  });

  it('come back the same from an export', () => {
    const { rules } = importText('algolia', JSON.stringify([SAMPLE]));
    const { text, report } = exportRules('algolia', rules);
    expect([report.whole, losses({ report })]).toEqual([1, []]);
    expect(text).toMatchSnapshot();
    expect(withoutSource(importText('algolia', text).rules.rules)).toEqual(withoutSource(rules.rules));
  });

  it.each(CONDITIONS)('take the conditions %j', (conditions, expected, found) => {
    const imported = importText(
      'algolia',
      JSON.stringify({ objectID: 'r', ...conditions, consequence: { params: { filters: 'x:y' } } }),
    );
    expect([findings(imported), brief(imported)[0]?.split(' => ')[0] ?? '']).toEqual([found, expected]);
  });

  it.each(CONSEQUENCES)('take the consequence %j', (consequence, expected, lost, found) => {
    const conditions = [{ pattern: '{facet:brand}', anchoring: 'contains' }];
    const imported = importText('algolia', JSON.stringify({ objectID: 'r', conditions, consequence }));
    const errors = findings(imported).filter((one) => one.startsWith('error'));
    expect(errors.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual(found);
    expect([brief(imported)[0]?.split(' => ')[1] ?? '', expected === '' ? [] : losses(imported)]).toEqual([
      expected,
      lost,
    ]);
  });

  it('are read from pages, from lines and from several files, the same rule once', () => {
    const one = JSON.stringify({ objectID: 'a', consequence: { params: { filters: 'x:y' } } });
    const two = JSON.stringify({ objectID: 'b', consequence: { params: { filters: 'x:y' } } });
    const ids = (imported: ReturnType<typeof importText>) => imported.rules.rules.map(({ id }) => id);
    expect(ids(importText('algolia', `[{"hits":[${one}],"nbHits":2},{"hits":[${one},${two}]}]`))).toEqual(['a', 'b']);
    expect(ids(importText('algolia', `${one}\n${two}\n`))).toEqual(['a', 'b']);
    expect(ids(importTexts('algolia', [one, `[${one},${two}]`]))).toEqual(['a', 'b']);
    expect(findings(importText('algolia', `[${one},${one.replace('x:y', 'x:z')}]`))).toEqual(['error DUPLICATE /1']);
    expect(findings(importText('algolia', '[{"consequence":{}},{"objectID":"x"},7]'))).toEqual([
      'error VALUE /0/objectID',
      'error VALUE /1/consequence',
      'error VALUE /2',
    ]);
  });

  it('split where conditions have contexts of their own, and join where they differ in that alone', () => {
    const at = (pattern: string, context?: string) => ({
      pattern,
      anchoring: 'is',
      ...(context === undefined ? {} : { context }),
    });
    const text = (conditions: object[]) =>
      JSON.stringify({ objectID: 'r', conditions, consequence: { params: { filters: 'x:y' } } });
    expect(brief(importText('algolia', text([at('a', 'm'), at('a', 'n')])))).toEqual([
      '^a$ => filter *x:y in {"ruleContexts":["m","n"]}',
    ]);
    expect(brief(importText('algolia', text([at('a', 'm'), at('b')])))).toEqual([
      '^a$ => filter *x:y in {"ruleContexts":["m"]}',
      '^b$ => filter *x:y',
    ]);
  });

  it.each([[[{ from: 5, until: 5 }]], [[{ from: 'x' }]], [[7]], ['x']])('refuse the validity %j', (validity) => {
    const text = JSON.stringify({ objectID: 'r', consequence: { params: { filters: 'x:y' } }, validity });
    expect(findings(importText('algolia', text))[0]).toMatch(/^error VALUE \/validity/);
  });

  it('say what an export loses', () => {
    const trigger = { kind: 'sequence', text: 'a' } as const;
    const { text, report } = exportRules('algolia', {
      rules: [
        {
          id: 'wild',
          triggers: [{ kind: 'sequence', text: 'a*' }],
          actions: [{ do: 'filter', query: 'x:y', raw: true }],
        },
        { id: 'terms', triggers: [trigger], actions: [{ do: 'filter', query: '+x' }] },
        {
          id: 'down',
          triggers: [trigger],
          actions: [
            { do: 'boost', query: 'a:b', raw: true, demote: true },
            { do: 'redirect', to: '/x' },
          ],
        },
        { id: 'context', context: { country: ['de'] }, triggers: [trigger], actions: [{ do: 'redirect', to: '/x' }] },
        { id: 'whole', triggers: [trigger], actions: [{ do: 'replace', to: 'b' }] },
      ],
    });
    expect(JSON.parse(text)).toEqual([
      {
        objectID: 'down',
        conditions: [{ pattern: 'a', anchoring: 'contains' }],
        consequence: { params: { renderingContent: { redirect: { url: '/x' } } } },
      },
      {
        objectID: 'whole',
        conditions: [{ pattern: 'a', anchoring: 'contains' }],
        consequence: { params: { query: { edits: [{ type: 'replace', delete: 'a', insert: 'b' }] } } },
      },
    ]);
    expect(losses({ report })).toEqual(['not: trigger', 'not: filter', 'part: boost', 'not: the rule']);
  });
});

describe("Algolia's synonyms", () => {
  it.each(SYNONYMS)('take %j', (synonym, rules, found) => {
    const imported = importText('algolia', JSON.stringify({ objectID: '1', ...synonym }));
    expect([brief(imported), findings(imported)]).toEqual([rules, found]);
  });

  it('come back the same from an export, beside rules or apart', () => {
    const synonyms = SYNONYMS.slice(0, 5).map(([synonym], i) => ({ objectID: String(i), ...synonym }));
    const { rules } = importText('algolia', JSON.stringify([...synonyms, SAMPLE]));
    const both = exportRules('algolia', rules);
    expect(withoutSource(importText('algolia', both.text).rules.rules).sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      withoutSource(rules.rules),
    );
    expect(both.report.findings.map(({ code }) => code)).toEqual(['DIFFERENT']);
    const alone = exportRules('algolia', rules, { kind: 'synonyms' });
    expect([JSON.parse(alone.text).length, alone.report.not]).toEqual([5, 1]);
  });
});
