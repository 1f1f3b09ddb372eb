import { seededRandom } from '../../../../services/figures/random.ts';
import { FEATURE_COUNT } from '../../../../services/rewrite/rank/features.ts';
import { fitNetwork } from '../../../../services/tune/fit/fit-network.ts';
import { fitWeights } from '../../../../services/tune/fit/log-linear.ts';
import { ReadingTable } from '../../../../services/tune/readings/reading-table.ts';
import { UNFITTED } from '../../../../services/tune/tuned.ts';

/** Queries of two readings; the changed one is right when its two first features are of one sign: no weighed sum can say that. */
function oneOfASign(count: number): ReadingTable {
  const random = seededRandom(5);
  const table = new ReadingTable();
  for (let n = 0; n < count; n++) {
    const features = new Float64Array(FEATURE_COUNT);
    features[0] = random() < 0.5 ? -1 : 1;
    features[1] = random() < 0.5 ? -1 : 1;
    features[2] = 1;
    const isRight = features[0] === features[1];
    table.add(
      {
        set: 0,
        input: 'typed',
        rights: [isRight ? 'meant' : 'typed'],
        needsCorrection: isRight,
        fold: n % 5,
        readings: ['typed', 'meant'].map((text) => ({ text, edits: [] })),
      },
      isRight ? [0, 1] : [1, 0],
      [new Float64Array(FEATURE_COUNT), features],
    );
  }
  return table;
}

describe('fitNetwork', () => {
  const table = oneOfASign(200);
  const fit = { table, rows: table.rows, rowWeights: new Float64Array(200).fill(1 / 200), rowWorth: 1e-5 };
  const weights = fitWeights({ ...fit, centre: UNFITTED.weights, strength: 1e-5 });
  const rightShare = (ranking: typeof UNFITTED) =>
    table.rows.filter((row) => {
      const [typed, meant] = table.scoresOf(row, ranking);
      return meant! > typed! === row.needsCorrection;
    }).length / 200;

  it('finds what features say together', () => {
    expect(rightShare({ ...UNFITTED, weights })).toBeLessThan(0.9);
    expect(rightShare(fitNetwork(fit, weights))).toBe(1);
  });

  it('finds the same again', () => {
    expect(fitNetwork(fit, weights)).toEqual(fitNetwork(fit, weights));
  });

  it('gives features that are not free no weight in any unit', () => {
    const free = new Float64Array(FEATURE_COUNT).fill(1);
    free[1] = 0;
    const { network } = fitNetwork({ ...fit, free }, weights);
    expect([...network.weights.subarray(network.unitCount, 2 * network.unitCount)].every((w) => w === 0)).toBe(true);
    expect(network.weights.some((weight) => weight !== 0)).toBe(true);
  });
});
