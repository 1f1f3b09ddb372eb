import fc from 'fast-check';
import { seekCapacity } from '../../../load/cells/capacity.ts';

type Answer = 'PASS' | 'FAIL' | 'NO VERDICT';

/** A server that holds up to a rate, but where `luck` turns the answer of a probe, by its number. */
function serverOf(most: number, luck: readonly boolean[] = []) {
  const probed: number[] = [];
  const held = new Map<number, number>();
  const probe = async (rate: number): Promise<Answer> => {
    const answer = rate <= most !== (luck[probed.length] ?? false);
    probed.push(rate);
    if (answer) held.set(rate, (held.get(rate) ?? 0) + 1);
    return answer ? 'PASS' : 'FAIL';
  };
  return { probe, probed, held };
}

describe('the highest rate that holds', () => {
  it('is found within a step where the server does the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 200, max: 4000 }), async (most) => {
        const { probe, probed } = serverOf(most);
        const found = await seekCapacity(probe, 4000);
        expect(found).toBeLessThanOrEqual(most);
        expect(found).toBeGreaterThan(most * 0.92 - 4000 / 32);
        expect(probed.length).toBeLessThanOrEqual(12);
      }),
    );
  });

  it('has held twice, whatever luck single probes had, or is 0', async () => {
    const luck = fc.array(fc.boolean(), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4000 }), luck, async (most, turns) => {
        const { probe, held, probed } = serverOf(most, turns);
        const found = await seekCapacity(probe, 4000);
        if (found > 0) expect(held.get(found)).toBeGreaterThanOrEqual(2);
        expect(found).toBeLessThanOrEqual(4000);
        expect(probed.length).toBeLessThanOrEqual(5 + 4 + 2 * 5);
      }),
    );
  });

  it('is looked for above too, where one unlucky probe ended the halving', async () => {
    const { probe } = serverOf(3000, [true]);
    expect(await seekCapacity(probe, 4000)).toBeGreaterThan(2400);
  });

  it('is not claimed where probes give no verdict', async () => {
    expect(await seekCapacity(async () => 'NO VERDICT', 4000)).toBe(0);
  });
});
