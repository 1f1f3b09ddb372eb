import fc from 'fast-check';
import { partOf, selectRows } from '../../../../services/evaluate/rows/select.ts';

const set = {
  name: 'x',
  skipped: 0,
  firstSkipped: 0,
  rows: Array.from({ length: 60 }, (_, i) => ({ line: i + 1, input: `typo ${i}`, rights: [`query ${i % 20}`] })),
};

describe('selectRows', () => {
  it('keeps the rows of one right answer together, and every row in one part', () => {
    const parts = [1, 2, 3].map((index) =>
      selectRows(set, { part: { index, of: 3, by: 'right' }, sample: null, excluded: null }),
    );
    expect(parts.flatMap(({ rows }) => rows).sort((a, b) => a.line - b.line)).toEqual(set.rows);
    const answers = parts.map(({ rows }) => new Set(rows.map(({ rights }) => rights[0])));
    expect(answers.reduce((sum, some) => sum + some.size, 0)).toBe(20);
  });

  it('leaves out what is excluded before it draws a sample', () => {
    const excluded = new Set(set.rows.slice(0, 50).map(({ input }) => input));
    const { rows } = selectRows(set, { part: null, sample: { size: 20, seed: 1 }, excluded });
    expect(rows).toEqual(set.rows.slice(50));
  });
});

describe('partOf', () => {
  it('does not tell apart what compares equal, and splits about evenly', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(partOf(` ${text} `, 7)).toBe(partOf(text, 7))));
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++)
      counts[partOf(`some query ${i}`, 4) - 1] = (counts[partOf(`some query ${i}`, 4) - 1] ?? 0) + 1;
    // 1,000 each expected; the standard deviation is 27.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(140);
  });

  it('stays as it is: what was held out must stay held out', () => {
    expect(['wireless mouse', 'new york', 'teh', 'zara'].map((text) => partOf(text, 10))).toEqual([7, 5, 5, 2]);
  });
});
