import { brief, findings, importText, importTexts, losses } from '../../../support/rule-formats.ts';

const SHAPES: [string, unknown, string[], string[]][] = [
  [
    'a body of PUT',
    { synonyms_set: [{ id: 'r1', synonyms: 'tv, telly => television' }, { synonyms: 'sofa, couch' }] },
    ['r1', 'sofa, couch'],
    [],
  ],
  ['a body of PUT with one rule', { synonyms_set: { id: 'r1', synonyms: 'a, b' } }, ['r1'], []],
  ['an answer of GET', { count: 1, synonyms_set: [{ id: 'r1', synonyms: 'a, b' }] }, ['r1'], []],
  [
    'a list of pages',
    [
      { count: 2, synonyms_set: [{ id: 'r1', synonyms: 'a, b' }] },
      {
        count: 2,
        synonyms_set: [
          { id: 'r1', synonyms: 'a, b' },
          { id: 'r2', synonyms: 'c, d' },
        ],
      },
    ],
    ['r1', 'r2'],
    [],
  ],
  ['one rule', { id: 'r1', synonyms: 'a, b' }, ['r1'], []],
  ['an array of rules', [{ id: 'r1', synonyms: 'a, b' }], ['r1'], []],
  ['an array of lines', ['a, b', 'c => d'], ['a, b', 'c => d'], []],
  ['names of sets', { count: 1, results: [{ synonyms_set: 'products', count: 2 }] }, [], ['error MISSING /results/0']],
  ['an answer to a write', { result: 'created', reload_analyzers_details: {} }, [], ['error SYNTAX ']],
  ['two arrows', { synonyms_set: [{ id: 'x', synonyms: 'a => b => c' }] }, [], ['error SYNTAX /synonyms_set/0']],
  ['a comment', { synonyms_set: [{ id: 'x', synonyms: '# a, b' }] }, [], ['warning NEVER_FIRES /synonyms_set/0']],
  [
    'no synonyms',
    { synonyms_set: [{ id: 'x' }, 7] },
    [],
    ['error VALUE /synonyms_set/0/synonyms', 'error VALUE /synonyms_set/1'],
  ],
  ['a set of App Search', { id: 'syn-1', synonyms: ['park', 'trail'] }, ['syn-1'], []],
  [
    'pages of App Search',
    { meta: { page: {} }, results: [{ id: 'syn-1', synonyms: ['park', 'trail'] }] },
    ['syn-1'],
    [],
  ],
];

describe("Elasticsearch's synonyms", () => {
  it.each(SHAPES)('are read from %s', (_, json, ids, found) => {
    const imported = importText('es', JSON.stringify(json));
    expect([imported.rules.rules.map(({ id }) => id), findings(imported)]).toEqual([ids, found]);
    expect(imported.rules.settings).toEqual({ selection: 'longest' });
  });

  it('are read from several files and from a document a line, a rule of two pages once', () => {
    const pages = [
      '{"count":2,"synonyms_set":[{"id":"1","synonyms":"a,b"}]}',
      '{"count":2,"synonyms_set":[{"id":"1","synonyms":"a,b"},{"id":"2","synonyms":"c,d"}]}',
    ];
    expect(importTexts('es', pages).rules.rules.map(({ id }) => id)).toEqual(['1', '2']);
    expect(importText('es', pages.join('\n')).rules.rules.map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('are read from token filters, with their own expand, lenient and format', () => {
    const filter = {
      one: { type: 'synonym', synonyms: ['a, b', 'x => y'], expand: 'false' },
      two: { type: 'synonym_graph', synonyms: 'c, ,d', lenient: true },
      three: { type: 'synonym', synonyms_path: 'analysis/synonyms.txt' },
      four: { type: 'synonym_graph', synonyms_set: 'products', updateable: true },
      five: {
        type: 'synonym',
        format: 'wordnet',
        synonyms: ["s(100000001,1,'abstain',v,1,0).", "s(100000001,2,'refrain',v,1,0)."],
      },
      stop: { type: 'stop', stopwords: ['the'] },
    };
    const imported = importText('es', JSON.stringify({ products: { settings: { index: { analysis: { filter } } } } }));
    expect(brief(imported)).toEqual([
      'a | b => =a',
      'x => =y',
      'c | d => +c ; +d',
      'abstain | refrain => +abstain ; +refrain',
    ]);
    const at = '/products/settings/index/analysis/filter';
    expect(findings(imported)).toEqual([
      `warning MISSING ${at}/three/synonyms_path`,
      `warning MISSING ${at}/four/synonyms_set`,
    ]);
    expect(losses(imported)).toEqual(['part: an empty term', 'not: the filter', 'not: the filter']);
  });

  it('names where text is no JSON', () => {
    expect(findings(importText('es', '{\n"a": tru'), true)).toEqual([
      'error SYNTAX 2: no JSON: expected a value, column 6',
    ]);
    expect(findings(importText('es', '{"synonyms":"a,b"}\n{"synonyms":\n'))).toEqual(['error SYNTAX 2#']);
  });
});
