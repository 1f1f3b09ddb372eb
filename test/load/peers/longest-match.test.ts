import { LongestMatch, placesOf } from '../../../load/peers/longest-match.ts';
import { importText } from '../../support/rule-formats.ts';

describe('a naive reading of synonyms', () => {
  const reading = new LongestMatch(importText('solr', 'tv, tele vision\na b => c\na => d\nx => y z\nx => x\n').rules);

  it.each([
    ['red TV', ['red', 'tele vision|tv']],
    ['tele vision set', ['tele vision|tv', 'set']],
    ['a b a', ['c', 'd']],
    ['x', ['x|y z']],
    ['', []],
  ])('takes the longest match of %j at each place', (query, places) => {
    expect(reading.places(query)).toEqual(places);
  });

  it('is compared with the paths of a token graph', () => {
    const token = (text: string, from: number, to: number) => ({ text, from, to });
    expect(placesOf([token('red', 0, 1), token('tele', 1, 2), token('tv', 1, 3), token('vision', 2, 3)])).toEqual([
      'red',
      'tele vision|tv',
    ]);
    expect(placesOf([token('y', 0, 1), token('z', 1, 2)])).toEqual(['y', 'z']);
    expect(placesOf([])).toEqual([]);
  });
});
