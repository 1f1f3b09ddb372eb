import fc from 'fast-check';
import { evaluateSets } from '../../../../services/evaluate/evaluate-sets.ts';
import { judge, type Outcome } from '../../../../services/evaluate/judge/outcome.ts';
import { ALL_ROWS } from '../../../../services/evaluate/rows/select.ts';
import { figuresOf } from '../../../../services/evaluate/score/figures.ts';
import type { Decision } from '../../../../services/rewrite/answer.ts';
import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { TableRewriter } from '../../../support/table-rewriter.ts';

/** Eight rows judged by hand; four need correction. */
const OUTCOMES: Outcome[] = [
  row('wireles mouse', 'wireless mouse', 'wireless mouse', 'auto', 0.98),
  row('blutooth speeker', 'bluetooth speaker', 'bluetooth speeker', 'suggest', 0.6, [['bluetooth speaker', 0.3]]),
  row('newyork', 'new york', 'new york', 'suggest', 0.7),
  row('peace of cake', 'piece of cake', 'peace of cake', 'none', 0.8, [['piece of cake', 0.1]]),
  row('kirsten dunst', 'kirsten dunst', 'kristen dunst', 'suggest', 0.55),
  row('zara shoes', 'zara shoes', 'zara shoes', 'none', 0.99),
  row('rtx 4090', 'rtx 4090', 'rtx 4090', 'none', 0.99),
  row('sara bag', 'sara bag', 'zara bag', 'auto', 0.95),
];

function row(
  input: string,
  right: string,
  rewritten: string,
  decision: Decision,
  confidence: number,
  alternatives: [string, number][] = [],
): Outcome {
  return judge(
    { line: 1, input, rights: [right] },
    {
      rewritten,
      decision,
      search: decision === 'auto' ? rewritten : input,
      confidence,
      alternatives: alternatives.map(([query, p]) => ({ query, confidence: p })),
    },
  );
}

describe('figuresOf', () => {
  const figures = figuresOf('by hand', OUTCOMES, 3, 0.1);

  it('counts rows of both kinds', () => {
    expect([figures.set, figures.rows, figures.skipped, figures.needCorrection, figures.correct]).toEqual([
      'by hand',
      8,
      3,
      4,
      4,
    ]);
  });

  it('counts at suggest level what is offered or done', () => {
    expect(figures.suggest.verdicts).toEqual({ fixed: 2, wrong: 1, missed: 1, kept: 2, broken: 2 });
    expect([figures.suggest.fix.share, figures.suggest.broken.share]).toEqual([0.5, 0.5]);
    // Two right of five changed.
    expect(figures.suggest.precision.share).toBe(0.4);
  });

  it('counts at auto level only what is done', () => {
    expect(figures.auto.verdicts).toEqual({ fixed: 1, wrong: 0, missed: 3, kept: 3, broken: 1 });
    expect([figures.auto.fix.share, figures.auto.broken.share]).toEqual([0.25, 0.25]);
  });

  it('nets what is fixed against what is broken', () => {
    const nets = figures.auto.net.map(({ rate, value }) => [rate, value?.toFixed(4)]);
    // r * 0.25 - (1 - r) * 0.25
    expect(nets).toEqual([
      [0.03, '-0.2350'],
      [0.06, '-0.2200'],
      [0.1, '-0.2000'],
    ]);
  });

  it('weighs precision to the error rate', () => {
    // At 10 %: weights 0.2 and 1.8. Suggest: 2 right of 3 changed, 2 broken: 0.4 / (0.6 + 3.6). Auto: 0.2 / (0.2 + 1.8).
    expect(figures.suggest.precisionAtErrorRate.value).toBeCloseTo(0.4 / 4.2, 12);
    expect(figures.auto.precisionAtErrorRate.value).toBeCloseTo(0.1, 12);
  });

  it('scores edits', () => {
    // Suggest: made wireless, bluetooth, "new york", kristen, zara: 5, of which 3 right; wanted 1 + 2 + 1 + 1.
    expect([figures.suggest.edits.precision.share, figures.suggest.edits.recall.share]).toEqual([0.6, 0.6]);
    expect(figures.suggest.edits.fHalf.value).toBeCloseTo(0.6, 12);
    expect([figures.auto.edits.precision.share, figures.auto.edits.recall.share]).toEqual([0.5, 0.2]);
  });

  it('ranks right answers', () => {
    expect([figures.top1.share, figures.top5.share, figures.reach.share]).toEqual([0.5, 1, 1]);
  });

  it('sweeps the threshold', () => {
    // From the top: 0.98 fixed, 0.95 broken, 0.7 fixed, 0.6 wrong, 0.55 broken, 0.1 fixed ("piece of cake").
    expect(figures.curve).toEqual([
      { threshold: 0.98, fixed: 1, broken: 0 },
      { threshold: 0.6, fixed: 2, broken: 1 },
      { threshold: 0.1, fixed: 3, broken: 2 },
    ]);
    expect(figures.fixAtBroken.map(({ limit, fix }) => [limit, fix.hits])).toEqual([
      [0.005, 1],
      [0.01, 1],
      [0.02, 1],
    ]);
  });

  it('tells the kinds of error apart', () => {
    expect(figures.slices.map(({ slice, suggest, top5 }) => [slice, suggest.hits, suggest.of, top5.hits])).toEqual([
      ['one space missing', 1, 1, 1],
      ['one word respelled', 1, 2, 2],
      ['several words respelled', 0, 1, 1],
    ]);
  });

  it('bounds what is bootstrapped', () => {
    for (const { value, low, high } of [figures.calibration.error, figures.suggest.edits.fHalf]) {
      expect(low).toBeLessThanOrEqual(high ?? -1);
      expect(value).not.toBeNull();
    }
  });

  it('has no figure where there is nothing to divide by', () => {
    const words = figuresOf('words', OUTCOMES.slice(0, 4), 0, 0.1);
    expect(words.suggest.broken.share).toBeNull();
    expect(words.suggest.net[0]?.value).toBeNull();
    expect(words.calibration.error.value).toBeNull();
    expect(figuresOf('none', [], 0, 0.1).top1.share).toBeNull();
  });

  it('accounts for every row at both levels, auto never above suggest', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'd');
    const anyRow = fc
      .tuple(word, word, word, fc.constantFrom<Decision>('suggest', 'auto'), fc.integer({ min: 0, max: 20 }))
      .map(([input, right, rewritten, decision, p]) =>
        row(input, right, rewritten, input === rewritten ? 'none' : decision, p / 20),
      );
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 30 }), (outcomes) => {
        const { suggest, auto, needCorrection, correct, top1, top5, reach, slices } = figuresOf(
          'any',
          outcomes,
          0,
          0.06,
        );
        for (const { verdicts } of [suggest, auto]) {
          expect(verdicts.fixed + verdicts.wrong + verdicts.missed).toBe(needCorrection);
          expect(verdicts.kept + verdicts.broken).toBe(correct);
        }
        expect(auto.verdicts.fixed).toBeLessThanOrEqual(suggest.verdicts.fixed);
        expect(auto.verdicts.broken).toBeLessThanOrEqual(suggest.verdicts.broken);
        expect(top1.hits).toBe(suggest.verdicts.fixed);
        expect(top5.hits).toBeGreaterThanOrEqual(top1.hits);
        expect(reach.hits).toBeGreaterThanOrEqual(top5.hits);
        expect(slices.reduce((sum, slice) => sum + slice.suggest.of, 0)).toBe(needCorrection);
      }),
      { numRuns: 30 },
    );
  });
});

describe('evaluateSets', () => {
  const sets = [
    { name: 'one', rows: [{ line: 1, input: 'teh', rights: ['the'] }], skipped: 1, firstSkipped: 2 },
    { name: 'two', rows: [{ line: 1, input: 'the', rights: ['the'] }], skipped: 0, firstSkipped: 0 },
  ];

  it.each([false, true])('measures each set and all together (answers as promises: %s)', async (waits) => {
    const rewriter = new TableRewriter({ teh: { rewritten: 'the' } }, waits);
    let steps = 0;
    const { report, judged } = await evaluateSets(rewriter, sets, DEFAULT_OPTIONS, ALL_ROWS, () => steps++);
    expect(steps).toBe(2);
    expect(report.sets.map(({ set, rows }) => [set, rows])).toEqual([
      ['one', 1],
      ['two', 1],
    ]);
    expect([report.all?.suggest.fix.share, report.all?.suggest.broken.share, report.all?.skipped]).toEqual([1, 0, 1]);
    expect(judged.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(Object.keys(report.times)).toEqual(['one', 'two']);
    expect(rewriter.asked.every(({ options }) => options.alternatives === 10)).toBe(true);
  });
});
