import type { Calibration } from '../rewrite/decide/calibration.ts';
import type { Parameters } from '../rewrite/parameters.ts';
import { FEATURE_COUNT, FEATURE_NAMES } from '../rewrite/rank/features.ts';
import { type Network, NO_NETWORK, toNetwork } from '../rewrite/rank/network.ts';
import type { RankerWeights } from '../rewrite/rank/ranker.ts';

/** What puts readings in order. */
export interface Ranking {
  /** By feature, in the order of `FEATURE_NAMES`. */
  readonly weights: Float64Array;
  readonly network: Network;
}

/** Where a fit from nothing begins. */
export const UNFITTED: Ranking = Object.freeze({ weights: new Float64Array(FEATURE_COUNT), network: NO_NETWORK });

/** What tuning finds: all that decides between readings. */
export interface Tuned extends Ranking {
  readonly trainedErrorRate: number;
  readonly calibration: Calibration;
  readonly suggestAbove: number;
}

/** The tuned part of some parameters. */
export function tunedOf(parameters: Parameters): Tuned {
  const { ranker, network, trainedErrorRate, calibration, suggestAbove } = parameters;
  const weights = Float64Array.from(FEATURE_NAMES, (name) => ranker[name] ?? 0);
  return { weights, network: toNetwork(network), trainedErrorRate, calibration, suggestAbove };
}

/** Weights by name, with the digits that a file keeps; features without a weight are there with 0. */
export function weightsByName(weights: Float64Array): Required<RankerWeights> {
  return Object.fromEntries(
    FEATURE_NAMES.map((name, i) => [name, Math.round(weights[i]! * 1e4) / 1e4]),
  ) as Required<RankerWeights>;
}
