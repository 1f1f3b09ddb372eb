import type { RewriteContext } from './context.ts';
import type { Reading } from './edits.ts';
import { FEATURE_COUNT, FEATURE_NAMES, type FeatureName } from './features.ts';
import { add, begin, type Network, type NetworkWeights, output, toNetwork } from './network.ts';
import type { Resources } from './worker.ts';

/** What a unit of each feature adds to the log-odds of a reading. Features without a weight count nothing. */
export type RankerWeights = Readonly<Partial<Record<FeatureName, number>>>;

/**
 * Scores readings by their features: a log-linear model and a small network beside it, trained together to give the right
 * reading the greatest probability among the decoder's best (`emend tune`).
 */
export class Ranker {
  readonly #weights: Float64Array;
  readonly #network: Network;
  readonly #features: Float64Array;
  readonly #sums: Float64Array;

  constructor(weights: RankerWeights, network: NetworkWeights) {
    this.#weights = Float64Array.from(FEATURE_NAMES, (name) => weights[name] ?? 0);
    this.#network = toNetwork(network);
    this.#features = new Float64Array(FEATURE_COUNT);
    this.#sums = new Float64Array(this.#network.unitCount);
  }

  /** ln P(reading), but for a constant of the query. */
  score(reading: Reading, context: RewriteContext, resources: Resources): number {
    resources.features.read(reading, context, resources, this.#features);
    begin(this.#network, this.#sums);
    let score = 0;
    for (let i = 0; i < FEATURE_COUNT; i++) {
      // Of eighty features a reading has some twenty.
      const value = this.#features[i]!;
      if (value === 0) continue;
      score += this.#weights[i]! * value;
      add(this.#network, i, value, this.#sums);
    }
    return score + output(this.#network, this.#sums);
  }
}
