import { measurePerplexity, perplexityTable } from '../../../../services/evaluate/parts/perplexity.ts';
import type { WordCost } from '../../../../services/rewrite/language/word-costs.ts';

const end: WordCost = { cost: Math.log(2), kind: 'end', pair: -1, triple: -1 };
const word = (cost: number, pair: -1 | 0 | 1, triple: -1 | 0 | 1): WordCost => ({ cost, kind: 'word', pair, triple });
const COSTS: Readonly<Record<string, readonly WordCost[]>> = {
  'usb hub': [word(Math.log(8), -1, -1), word(Math.log(4), 1, -1), end],
  'qzx usb': [{ cost: 0, kind: 'unknown', pair: -1, triple: -1 }, word(Math.log(8), 0, 0), end],
};

describe('measurePerplexity', () => {
  it('takes each right answer once, and unknown words apart', () => {
    const rows = [
      ['usb hubb', 'USB hub'],
      ['usb hub', 'usb  hub'],
      ['qzx usb', 'qzx usb', 'another'],
    ].map(([input = '', ...rights], i) => ({ line: i + 1, input, rights }));
    const figures = measurePerplexity((query) => COSTS[query] ?? [], {
      name: 'set',
      rows,
      skipped: 0,
      firstSkipped: 0,
    });
    // Five costs of 8, 4, 2, 8, 2: their geometric mean is 2^(10/5).
    expect(figures).toMatchObject({ queries: 2, words: 4, unknown: 1, pairsSeen: 1 / 2, triplesSeen: 0 });
    expect(figures.perplexity).toBeCloseTo(2 ** (10 / 5), 12);
    expect(perplexityTable([figures]).rows).toEqual([['set', '2', '4', '25.0', '4', '50.0', '0.0']]);
  });

  it('has no figures where there is nothing to measure', () => {
    const figures = measurePerplexity(() => [], { name: 'none', rows: [], skipped: 0, firstSkipped: 0 });
    expect(perplexityTable([figures]).rows).toEqual([['none', '0', '0', '-', '-', '-', '-']]);
  });
});
