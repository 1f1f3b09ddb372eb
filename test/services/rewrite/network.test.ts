import { FEATURE_COUNT, FEATURE_NAMES } from '../../../services/rewrite/features.ts';
import { add, begin, bent, keptNetwork, NO_NETWORK, output, toNetwork } from '../../../services/rewrite/network.ts';
import { DEFAULT_PARAMETERS } from '../../../services/rewrite/parameters.ts';

const SMALL = { bias: [0.5, -1], out: [2, -3], weights: { languageCost: [0.25, 0], changed: [-1, 2] } };
const at = (name: (typeof FEATURE_NAMES)[number]) => FEATURE_NAMES.indexOf(name);

describe('the network of the ranker', () => {
  it('adds what its bent units say', () => {
    const network = toNetwork(SMALL);
    const sums = new Float64Array(network.unitCount);
    begin(network, sums);
    add(network, at('languageCost'), 4, sums);
    add(network, at('changed'), 1, sums);
    // Units: 0.5 + 0.25 * 4 - 1 = 0.5, bent a third; -1 + 2 = 1, bent a half.
    expect(output(network, sums)).toBeCloseTo(2 / 3 - 3 / 2, 12);
  });

  it('begins anew for every reading', () => {
    const network = toNetwork(SMALL);
    const sums = Float64Array.of(7, 7);
    begin(network, sums);
    expect([...sums]).toEqual(SMALL.bias);
  });

  it('adds nothing without units', () => {
    expect(output(NO_NETWORK, new Float64Array(0))).toBe(0);
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
    const { bias, out, weights } = DEFAULT_PARAMETERS.network;
    expect(out).toHaveLength(bias.length);
    for (const row of Object.values(weights)) expect(row).toHaveLength(bias.length);
    expect(toNetwork(DEFAULT_PARAMETERS.network).weights).toHaveLength(FEATURE_COUNT * bias.length);
  });
});
