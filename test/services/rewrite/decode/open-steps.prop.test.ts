import fc from 'fast-check';
import { OpenSteps } from '../../../../services/rewrite/decode/open-steps.ts';

describe('OpenSteps', () => {
  it('gives the cheapest first, whatever comes in between', () => {
    const open = new OpenSteps();
    const add = fc.record({ cost: fc.double({ min: 0, max: 9, noNaN: true }), path: fc.nat(), step: fc.nat() });
    fc.assert(
      fc.property(fc.array(fc.oneof(add, fc.constant('take' as const)), { maxLength: 2500, size: 'max' }), (orders) => {
        open.clear();
        const model: { cost: number; path: number; step: number }[] = [];
        for (const order of orders) {
          if (order !== 'take') {
            model.push(order);
            open.add(order.cost, order.path, order.step);
            continue;
          }
          const least = Math.min(...model.map(({ cost }) => cost));
          const taken = open.take();
          if (taken !== model.length > 0) throw new Error(`took ${taken} of ${model.length}`);
          if (!taken) continue;
          const { cost, path, step } = open;
          const at = model.findIndex((one) => one.cost === cost && one.path === path && one.step === step);
          if (cost !== least || at < 0) throw new Error(`took ${cost}, the cheapest costs ${least}`);
          model.splice(at, 1);
        }
      }),
      { numRuns: 8 },
    );
  });
});
