import { Reformulations } from '../../../builders/sources/reformulations.ts';
import { ZeroHits } from '../../../builders/sources/zero-hits.ts';

/** Rows of a log: session, minute, query, hits, clicks. */
type Row = readonly [session: string, minute: number, query: string, hits: number, clicks?: number];

function found(rows: readonly Row[]) {
  const reformulations = new Reformulations();
  for (const [session, minute, query, hits, clicks = -1] of rows) {
    reformulations.add(query, hits, { session, timeMs: minute * 60_000, clicks });
  }
  return reformulations.found().map(({ typed, meant, count }) => [typed, meant.join(' '), count]);
}

describe('Reformulations', () => {
  it('finds the words that people put right, in sessions that run through one another', () => {
    const rows: Row[] = [
      ['a', 0, 'wireles headphones', 0],
      ['b', 0, 'Milwuakee drill', 0],
      ['a', 1, 'wireless headphones', 120],
      ['b', 2, 'milwaukee drill', 80],
      ['c', 3, 'blutooth speker', 0],
      ['d', 3, 'wireles mouse', 0],
      ['d', 4, 'wireless mouse', 30],
      ['b', 5, 'milwaukee drill bits', 20],
      ['e', 6, 'newyork hotels', 3],
      ['e', 6, 'new york hotels', 300],
    ];
    expect(found(rows)).toEqual([
      ['wireles', 'wireless', 2],
      ['milwuakee', 'milwaukee', 1],
      ['newyork', 'new york', 1],
    ]);
  });

  it.each<[string, Row[]]>([
    [
      'too late',
      [
        ['a', 0, 'wireles mouse', 0],
        ['a', 6, 'wireless mouse', 9],
      ],
    ],
    [
      'in another session',
      [
        ['a', 0, 'wireles mouse', 0],
        ['b', 1, 'wireless mouse', 9],
      ],
    ],
    [
      'without a session',
      [
        ['', 0, 'wireles mouse', 0],
        ['', 1, 'wireless mouse', 9],
      ],
    ],
    [
      'with fewer results',
      [
        ['a', 0, 'wireless mouse', 9],
        ['a', 1, 'wireles mouse', 0],
      ],
    ],
    [
      'with no sign that it was better',
      [
        ['a', 0, 'wireles mouse', -1],
        ['a', 1, 'wireless mouse', -1],
      ],
    ],
    [
      'with more results and fewer clicks',
      [
        ['a', 0, 'wireles mouse', 2, 1],
        ['a', 1, 'wireless mouse', 9, 0],
      ],
    ],
    [
      'the plural',
      [
        ['a', 0, 'running shoe', 2],
        ['a', 1, 'running shoes', 900],
      ],
    ],
    [
      'another wish',
      [
        ['a', 0, 'garden chair', 0],
        ['a', 1, 'garden table', 900],
      ],
    ],
    [
      'another number',
      [
        ['a', 0, 'rtx 4080', 0],
        ['a', 1, 'rtx 4090', 900],
      ],
    ],
    [
      'two words at once',
      [
        ['a', 0, 'wireles mose', 0],
        ['a', 1, 'wireless mouse', 9],
      ],
    ],
    [
      'a word more',
      [
        ['a', 0, 'mouse', 0],
        ['a', 1, 'wireless mouse', 9],
      ],
    ],
    [
      'a short word',
      [
        ['a', 0, 'red hat', 0],
        ['a', 1, 'red hut', 9],
      ],
    ],
  ])('does not take a query that comes %s for a correction', (_, rows) => {
    expect(found(rows)).toEqual([]);
  });

  it('goes by clicks where results are not told, and by order where times are not', () => {
    const reformulations = new Reformulations();
    const add = (query: string, clicks: number) =>
      reformulations.add(query, -1, { session: 's', timeMs: Number.NaN, clicks });
    add('adidsa', 0);
    add('adidas', 2);
    expect(reformulations.found()).toEqual([{ typed: 'adidsa', meant: ['adidas'], count: 1 }]);
  });
});

describe('ZeroHits', () => {
  it('finds the terms that only queries without results have', () => {
    const zeroHits = new ZeroHits();
    zeroHits.add('wireles mouse', 3, 0);
    zeroHits.add('Wireles keyboard 4090', 2, 0);
    zeroHits.add('keyboard', 1, 12);
    zeroHits.add('gizmo', 1, -1);
    zeroHits.add('keyboard cover', 4, 0);
    zeroHits.add('mouse', 5, 7);
    expect(Object.fromEntries(zeroHits.found())).toEqual({ wireles: 5, cover: 4 });
  });
});
