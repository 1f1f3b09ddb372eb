import fc from 'fast-check';
import { judge, type Outcome } from '../../../../services/evaluate/judge/outcome.ts';
import { fixAtBroken, staircase, sweepThreshold } from '../../../../services/evaluate/score/sweep.ts';

/** A changed row: misspelled and put right, misspelled and put wrong, or correct and broken. */
function changed(kind: 'fixed' | 'wrong' | 'broken', confidence: number): Outcome {
  const right = kind === 'broken' ? 'in' : 'right';
  const rewritten = kind === 'fixed' ? 'right' : 'other';
  return judge(
    { line: 1, input: 'in', rights: [right] },
    { rewritten, decision: 'auto', search: rewritten, confidence, alternatives: [] },
  );
}

describe('sweepThreshold', () => {
  const outcomes = [
    changed('fixed', 0.9),
    changed('fixed', 0.8),
    changed('broken', 0.8),
    changed('wrong', 0.7),
    changed('fixed', 0.6),
    changed('broken', 0.5),
    changed('fixed', 0.4),
  ];
  const points = sweepThreshold(outcomes);

  it('takes rows of equal confidence together', () => {
    expect(points).toEqual([
      { threshold: null, fixed: 0, broken: 0 },
      { threshold: 0.9, fixed: 1, broken: 0 },
      { threshold: 0.8, fixed: 2, broken: 1 },
      { threshold: 0.7, fixed: 2, broken: 1 },
      { threshold: 0.6, fixed: 3, broken: 1 },
      { threshold: 0.5, fixed: 3, broken: 2 },
      { threshold: 0.4, fixed: 4, broken: 2 },
    ]);
  });

  it('keeps the most fixed for every number broken', () => {
    expect(staircase(points).map(({ fixed, broken }) => [broken, fixed])).toEqual([
      [0, 1],
      [1, 3],
      [2, 4],
    ]);
  });

  it.each([
    [0.005, 0.9, 1, 0],
    [0.01, 0.6, 3, 1],
    [0.02, 0.4, 4, 2],
  ])('breaks at most %d of 100 correct inputs at threshold %d', (limit, threshold, fixed, broken) => {
    const found = fixAtBroken(points, limit, 10, 100);
    expect([found.threshold, found.fix.hits, found.broken.hits]).toEqual([threshold, fixed, broken]);
  });

  it('takes nothing when the first step breaks too many', () => {
    const found = fixAtBroken(sweepThreshold([changed('broken', 0.9), changed('fixed', 0.5)]), 0.01, 1, 10);
    expect([found.threshold, found.fix.share, found.broken.share]).toEqual([null, 0, 0]);
  });

  it('only grows, whatever the rows, and is lost nowhere by the staircase', () => {
    const kind = fc.constantFrom('fixed' as const, 'wrong' as const, 'broken' as const);
    const rows = fc.array(fc.tuple(kind, fc.integer({ min: 0, max: 10 })), { maxLength: 40 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 40 }), (list, allowed) => {
        const swept = sweepThreshold(list.map(([what, tenths]) => changed(what, tenths / 10)));
        for (const [i, point] of swept.entries()) {
          const before = swept[i - 1];
          if (before === undefined) continue;
          expect(point.fixed).toBeGreaterThanOrEqual(before.fixed);
          expect(point.broken).toBeGreaterThanOrEqual(before.broken);
        }
        const most = (some: typeof swept) =>
          Math.max(...some.filter(({ broken }) => broken <= allowed).map(({ fixed }) => fixed), 0);
        expect(most(staircase(swept))).toBe(most(swept));
      }),
    );
  });
});
