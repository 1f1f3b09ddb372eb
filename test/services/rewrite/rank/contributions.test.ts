import { seededRandom } from '../../../../services/figures/random.ts';
import { contributions } from '../../../../services/rewrite/rank/contributions.ts';
import { FEATURE_COUNT } from '../../../../services/rewrite/rank/features.ts';
import { networkScore, toNetwork } from '../../../../services/rewrite/rank/network.ts';
import { ENGLISH_PARAMETERS } from '../../../support/english.ts';

describe('what each feature adds to the difference of two readings', () => {
  it('sums to the difference of their scores, network and all', () => {
    const random = seededRandom(7);
    const network = toNetwork(ENGLISH_PARAMETERS.network);
    const weights = Float64Array.from({ length: FEATURE_COUNT }, () => 2 * random() - 1);
    const columns = Uint16Array.from({ length: FEATURE_COUNT }, (_, f) => f);
    const score = (vector: Float64Array) =>
      vector.reduce((sum, value, f) => sum + value * weights[f]!, 0) +
      networkScore(network, columns, vector, 0, FEATURE_COUNT);
    for (let round = 0; round < 50; round++) {
      const [a, b] = [0, 1].map(() =>
        Float64Array.from({ length: FEATURE_COUNT }, () => (random() < 0.3 ? 4 * random() - 2 : 0)),
      ) as [Float64Array, Float64Array];
      const told = contributions(weights, network, a, b);
      expect(told.reduce((sum, { adds }) => sum + adds, 0)).toBeCloseTo(score(a) - score(b), 9);
      expect(told.every(({ adds }, i) => i === 0 || Math.abs(adds) <= Math.abs(told[i - 1]!.adds))).toBe(true);
      expect(told.map(({ value, other }) => value === other)).not.toContain(true);
    }
  });
});
