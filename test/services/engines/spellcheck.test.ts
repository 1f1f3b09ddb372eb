import type { Reading } from '../../../services/engines/reading.ts';
import { spellcheckAsked, spellcheckSection } from '../../../services/engines/spellcheck.ts';

const READING: Reading = {
  query: 'red lmap',
  rewritten: 'red lamp',
  decision: 'suggest',
  confidence: 0.7,
  search: 'red lmap',
  suggestion: 'red lamp',
  edits: [
    {
      offset: 4,
      length: 4,
      from: 'lmap',
      to: 'lamp',
      rewrittenOffset: 4,
      rewrittenLength: 4,
      confidence: 0.7,
      fromFrequency: null,
      toFrequency: 12,
    },
  ],
  alternatives: [
    { query: 'red lmap', confidence: 0.2 },
    { query: 'red map', confidence: 0.1 },
  ],
  queryId: 'q',
};

function section(parameters: string, reading = READING): string {
  return spellcheckSection(reading, spellcheckAsked(new URLSearchParams(parameters)));
}

const WORD = '{"numFound":1,"startOffset":4,"endOffset":8,"suggestion":["lamp"]}';

describe('the spellcheck section', () => {
  it.each([
    ['flat', `["lmap",${WORD}]`, '["collation","red lamp","collation","red map"]'],
    ['map', `{"lmap":${WORD}}`, '{"collation":"red lamp","collation":"red map"}'],
    ['arrarr', `[["lmap",${WORD}]]`, '[["collation","red lamp"],["collation","red map"]]'],
    ['arrmap', `[{"lmap":${WORD}}]`, '[{"collation":"red lamp"},{"collation":"red map"}]'],
    [
      'arrntv',
      `[{"name":"lmap","type":"map","value":${WORD}}]`,
      '[{"name":"collation","type":"str","value":"red lamp"},{"name":"collation","type":"str","value":"red map"}]',
    ],
  ])('has its lists as json.nl=%s says', (nl, suggestions, collations) => {
    expect(section(`json.nl=${nl}&spellcheck=true&spellcheck.collate=true&spellcheck.maxCollations=5`)).toBe(
      `{"suggestions":${suggestions},"collations":${collations}}`,
    );
  });

  it('has frequencies and collations with their corrections where they are asked for', () => {
    const asked = 'spellcheck.extendedResults=true&spellcheck.collateExtendedResults=true';
    expect(JSON.parse(section(asked))).toEqual({
      suggestions: [
        'lmap',
        { numFound: 1, startOffset: 4, endOffset: 8, origFreq: 0, suggestion: [{ word: 'lamp', freq: 12 }] },
      ],
      collations: ['collation', { collationQuery: 'red lamp', hits: 0, misspellingsAndCorrections: ['lmap', 'lamp'] }],
    });
  });

  it('has collations as the request asks, and is empty where there is nothing to offer', () => {
    expect(section('spellcheck=true')).toBe(`{"suggestions":["lmap",${WORD}]}`);
    expect(section('', { ...READING, decision: 'none', edits: [] })).toBe('{"suggestions":[],"collations":[]}');
  });
});
