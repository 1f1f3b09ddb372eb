import type { Calibration } from './decide/calibration.ts';
import type { ProposalCosts } from './propose/costs.ts';
import type { NetworkWeights } from './rank/network.ts';
import type { RankerWeights } from './rank/ranker.ts';

/** The numbers of rewriting, from a dataset's `language.json` (costs) and `model.json` (all others). */
export interface Parameters {
  readonly costs: ProposalCosts;
  /** What each feature of a reading adds to its log-odds; see `rank/features.ts`. */
  readonly ranker: RankerWeights;
  /** The network over the features; see `rank/network.ts`. */
  readonly network: NetworkWeights;
  /** The share of misspelled queries that the ranker's scores stand for. */
  readonly trainedErrorRate: number;
  /** From the ranker's probabilities to how often they come true. */
  readonly calibration: Calibration;
  /** A reading below this probability is not offered. */
  readonly suggestAbove: number;
}
