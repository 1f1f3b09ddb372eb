import type { RewriteContext } from './context.ts';
import type { Reading } from './edits.ts';
import { FEATURE_COUNT, FEATURE_NAMES, type FeatureName } from './features.ts';
import type { Resources } from './worker.ts';

/** What a unit of each feature adds to the log-odds of a reading. Features without a weight count nothing. */
export type RankerWeights = Readonly<Partial<Record<FeatureName, number>>>;

/**
 * Scores readings by their features: a log-linear model, trained to give the right reading the greatest probability
 * among the decoder's best (`emend tune`).
 */
export class Ranker {
  readonly #weights: Float64Array;
  readonly #features: Float64Array;

  constructor(weights: RankerWeights) {
    this.#weights = Float64Array.from(FEATURE_NAMES, (name) => weights[name] ?? 0);
    this.#features = new Float64Array(FEATURE_COUNT);
  }

  /** ln P(reading), but for a constant of the query. */
  score(reading: Reading, context: RewriteContext, resources: Resources): number {
    resources.features.read(reading, context, resources, this.#features);
    let score = 0;
    for (let i = 0; i < FEATURE_COUNT; i++) score += this.#weights[i]! * this.#features[i]!;
    return score;
  }
}
