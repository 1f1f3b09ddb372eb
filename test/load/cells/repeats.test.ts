import { middleOf, RepeatBudget, untilUndisturbed } from '../../../load/cells/repeats.ts';
import { hasSettled } from '../../../load/cells/warm-up.ts';

const PASS = { outcome: 'PASS', why: '' } as const;
const FAIL = { outcome: 'FAIL', why: '' } as const;
const NONE = { outcome: 'NO VERDICT', why: '' } as const;
const fine = { verdict: PASS, disturbance: undefined };
const failed = { verdict: FAIL, disturbance: undefined };
const disturbed = { verdict: NONE, disturbance: 'noise' };

async function triesOf(measured: readonly (typeof fine | typeof failed | typeof disturbed)[], budget: RepeatBudget) {
  let next = 0;
  return untilUndisturbed(async () => measured[next++] ?? fine, budget);
}

describe('measuring again', () => {
  it('is for what was disturbed alone, never for a FAIL', async () => {
    const budget = new RepeatBudget(10);
    expect(await triesOf([failed, fine], budget)).toEqual([failed]);
    expect(await triesOf([fine, failed], budget)).toEqual([fine]);
    expect(await triesOf([disturbed, failed, fine], budget)).toEqual([disturbed, failed]);
  });

  it('ends after three tries, and when the run has had its repeats', async () => {
    const always = [disturbed, disturbed, disturbed, disturbed];
    expect(await triesOf(always, new RepeatBudget(10))).toHaveLength(3);
    const budget = new RepeatBudget(3);
    expect(await triesOf(always, budget)).toHaveLength(3);
    expect(await triesOf(always, budget)).toHaveLength(2);
    expect(await triesOf(always, budget)).toHaveLength(1);
  });
});

describe('the middle of several measurements', () => {
  const of = (p99: number, disturbance?: string) => ({ p99, verdict: PASS, disturbance });
  const middle = (...measured: ReturnType<typeof of>[]) => measured[middleOf(measured, ({ p99 }) => p99)]?.p99;

  it('is the median, and of two the worse', () => {
    expect(middle(of(3), of(1), of(2))).toBe(2);
    expect(middle(of(4), of(9))).toBe(9);
    expect(middle(of(5))).toBe(5);
  });

  it('leaves out what was disturbed, unless all were', () => {
    expect(middle(of(1, 'noise'), of(8), of(2, 'noise'))).toBe(8);
    expect(middle(of(1, 'noise'), of(2, 'noise'), of(3, 'noise'))).toBe(2);
  });
});

describe('a warm-up', () => {
  it.each([
    [[1.9], false],
    [[1.9, 0.9], false],
    [[1.9, 0.9, 0.6], false],
    [[0.9, 0.6, 0.59], false],
    [[0.6, 0.59, 0.58], true],
    [[0.58, 0.6, 0.61], true],
    [[9, 0.58, 0.6, 0.57], false],
    [[9, 0.58, 0.6, 0.58], true],
  ])('with %j ms of CPU a query has settled: %s', (costs, settled) => {
    expect(hasSettled(costs)).toBe(settled);
  });
});
