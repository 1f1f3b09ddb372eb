import type { RewriteContext } from '../context.ts';
import type { Reading } from '../decode/reading.ts';
import { contributions, type FeatureDifference } from './contributions.ts';
import { FEATURE_COUNT, FEATURE_NAMES, type FeatureName } from './features.ts';
import { type Network, type NetworkWeights, networkScore, toNetwork } from './network.ts';
import type { ReadingFeatures } from './reading-features.ts';

/** What a unit of each feature adds to the log-odds of a reading. Features without a weight count nothing. */
export type RankerWeights = Readonly<Partial<Record<FeatureName, number>>>;

/**
 * Scores readings by their features: a log-linear model and a small network beside it, trained together to give the right
 * reading the greatest probability among the decoder's best (`emend tune`).
 */
export class Ranker {
  readonly #weights: Float64Array;
  readonly #network: Network;
  readonly #source: ReadingFeatures;
  readonly #features: Float64Array;
  /** The features of a reading that are not 0. */
  readonly #columns = new Uint16Array(FEATURE_COUNT);
  readonly #values = new Float64Array(FEATURE_COUNT);

  constructor(weights: RankerWeights, network: NetworkWeights, features: ReadingFeatures) {
    this.#weights = Float64Array.from(FEATURE_NAMES, (name) => weights[name] ?? 0);
    this.#network = toNetwork(network);
    this.#source = features;
    this.#features = new Float64Array(FEATURE_COUNT);
  }

  /** ln P(reading), but for a constant of the query. */
  score(reading: Reading, context: RewriteContext): number {
    this.#source.read(reading, context, this.#features);
    let score = 0;
    let count = 0;
    for (let i = 0; i < FEATURE_COUNT; i++) {
      // Of eighty features a reading has some twenty.
      const value = this.#features[i]!;
      if (value === 0) continue;
      score += this.#weights[i]! * value;
      this.#columns[count] = i;
      this.#values[count++] = value;
    }
    return score + networkScore(this.#network, this.#columns, this.#values, 0, count);
  }

  /** What each feature adds to the score of a reading beyond that of another, the most first. */
  compare(reading: Reading, other: Reading, context: RewriteContext): FeatureDifference[] {
    const [vector, otherVector] = [reading, other].map((one) => {
      const features = new Float64Array(FEATURE_COUNT);
      this.#source.read(one, context, features);
      return features;
    }) as [Float64Array, Float64Array];
    return contributions(this.#weights, this.#network, vector, otherVector);
  }
}
