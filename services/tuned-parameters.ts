import { join } from 'node:path';
import type { Dataset } from '../stores/dataset/open.ts';
import { StoreError } from '../stores/errors.ts';
import { FEATURE_NAMES } from './rewrite/features.ts';
import { DEFAULT_PARAMETERS, type Parameters } from './rewrite/parameters.ts';
import type { RankerWeights } from './rewrite/ranker.ts';

/**
 * The numbers behind the rewriting over a dataset: the language's defaults, and in their place what the dataset was tuned to.
 *
 * @throws {StoreError} `STORE_VERSION` when it was tuned by a program that weighs other features
 */
export function parametersOf({ dir, manifest, model }: Pick<Dataset, 'dir' | 'manifest' | 'model'>): Parameters {
  if (model === undefined) return DEFAULT_PARAMETERS;
  const names = Object.keys(model.weights);
  const known: readonly string[] = FEATURE_NAMES;
  const other = names.find((name) => !known.includes(name)) ?? known.find((name) => !names.includes(name));
  if (other !== undefined) {
    const file = join(dir, manifest.files.find(({ name }) => name === 'model')?.file ?? '');
    const message = `${file}: weights of other features than this program has ("${other}"); tune the dataset again with "emend tune"`;
    throw new StoreError('STORE_VERSION', message);
  }
  const { weights, trainedErrorRate, calibration, suggestAbove } = model;
  // Checked just above: the names are those of the features.
  return { ...DEFAULT_PARAMETERS, ranker: weights as RankerWeights, trainedErrorRate, calibration, suggestAbove };
}
