import { join } from 'node:path';
import type { Dataset } from '../stores/dataset/open.ts';
import { StoreError } from '../stores/errors.ts';
import type { Calibration } from './rewrite/decide/calibration.ts';
import { EVIDENCE_NAMES } from './rewrite/decide/evidence.ts';
import { DEFAULT_PARAMETERS, type Parameters } from './rewrite/parameters.ts';
import { FEATURE_NAMES } from './rewrite/rank/features.ts';
import type { NetworkWeights } from './rewrite/rank/network.ts';
import type { RankerWeights } from './rewrite/rank/ranker.ts';

/**
 * The numbers behind the rewriting over a dataset: the language's defaults, and in their place what the dataset was tuned to.
 *
 * @throws {StoreError} `STORE_VERSION` when it was tuned by a program that weighs other features
 */
export function parametersOf({ dir, manifest, model }: Pick<Dataset, 'dir' | 'manifest' | 'model'>): Parameters {
  if (model === undefined) return DEFAULT_PARAMETERS;
  const { evidence } = model.calibration;
  const other =
    otherName(Object.keys(model.weights), FEATURE_NAMES) ??
    otherName(Object.keys(model.network.weights), FEATURE_NAMES) ??
    (evidence === null ? undefined : otherName(Object.keys(evidence.weights), EVIDENCE_NAMES));
  if (other !== undefined) {
    const file = join(dir, manifest.files.find(({ name }) => name === 'model')?.file ?? '');
    const message = `${file}: weights of other features than this program has ("${other}"); tune the dataset again with "emend tune"`;
    throw new StoreError('STORE_VERSION', message);
  }
  const { weights, network, trainedErrorRate, calibration, suggestAbove } = model;
  // Checked just above: the names are those of the features, and of the evidence.
  return {
    ...DEFAULT_PARAMETERS,
    ranker: weights as RankerWeights,
    network: network as NetworkWeights,
    trainedErrorRate,
    calibration: calibration as Calibration,
    suggestAbove,
  };
}

/** A name that is in one list only. */
function otherName(names: readonly string[], known: readonly string[]): string | undefined {
  return names.find((name) => !known.includes(name)) ?? known.find((name) => !names.includes(name));
}
