import { seededRandom } from '../../../../services/figures/random.ts';
import { FEATURE_COUNT, FEATURE_NAMES } from '../../../../services/rewrite/rank/features.ts';
import { bent, keptNetwork, NO_NETWORK, networkScore, toNetwork } from '../../../../services/rewrite/rank/network.ts';
import { ENGLISH_PARAMETERS } from '../../../support/english.ts';

const SMALL = { bias: [0.5, -1], out: [2, -3], weights: { languageCost: [0.25, 0], changed: [-1, 2] } };
const at = (name: (typeof FEATURE_NAMES)[number]) => FEATURE_NAMES.indexOf(name);

describe('the network of the ranker', () => {
  it('adds what its bent units say', () => {
    const columns = Uint16Array.of(0, at('languageCost'), at('changed'), 0);
    // Units: 0.5 + 0.25 * 4 - 1 = 0.5, bent a third; -1 + 2 = 1, bent a half.
    expect(networkScore(toNetwork(SMALL), columns, Float64Array.of(9, 4, 1, 9), 1, 3)).toBeCloseTo(2 / 3 - 3 / 2, 12);
  });

  it('adds the same however many units there are beside', () => {
    const random = seededRandom(1);
    const list = (length: number) => Array.from({ length }, () => 2 * random() - 1);
    const six = { bias: list(6), out: list(6), weights: { languageCost: list(6), changed: list(6) } };
    const part = (from: number, to: number) => {
      const cut = (row: readonly number[]) => row.slice(from, to);
      const { languageCost, changed } = six.weights;
      const weights = { languageCost: cut(languageCost), changed: cut(changed) };
      const network = toNetwork({ bias: cut(six.bias), out: cut(six.out), weights });
      return networkScore(network, Uint16Array.of(at('languageCost'), at('changed')), Float64Array.of(3, -1), 0, 2);
    };
    expect(part(0, 6)).toBeCloseTo(
      [0, 1, 2, 3, 4, 5].reduce((sum, u) => sum + part(u, u + 1), 0),
      12,
    );
  });

  it('adds nothing without units', () => {
    expect(networkScore(NO_NETWORK, Uint16Array.of(1), Float64Array.of(1), 0, 1)).toBe(0);
    expect(toNetwork({ bias: [], out: [], weights: {} })).toEqual(NO_NETWORK);
  });

  it('is kept with all features, and comes back the same but for digits that do not count', () => {
    const kept = keptNetwork(toNetwork(SMALL));
    expect(Object.keys(kept.weights)).toEqual([...FEATURE_NAMES]);
    expect(toNetwork(kept)).toEqual(toNetwork(SMALL));
    const third = keptNetwork({ ...toNetwork(SMALL), bias: Float64Array.of(1 / 3, -1e-7 / 3) });
    expect(third.bias).toEqual([0.3333, -3.333e-8]);
  });

  it('bends between -1 and 1, straight at 0', () => {
    expect(bent(0)).toBe(0);
    expect(bent(1e9)).toBeLessThanOrEqual(1);
    expect(bent(-3)).toBe(-0.75);
  });

  it('has a weight in every unit for every feature that the defaults name', () => {
    const { bias, out, weights } = ENGLISH_PARAMETERS.network;
    expect(out).toHaveLength(bias.length);
    for (const row of Object.values(weights)) expect(row).toHaveLength(bias.length);
    expect(toNetwork(ENGLISH_PARAMETERS.network).weights).toHaveLength(FEATURE_COUNT * bias.length);
  });
});
