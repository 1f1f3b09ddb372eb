import { join } from 'node:path';
import { DEFAULT_LANGUAGE, languageFolder } from '../data/languages.ts';
import type { Dataset } from '../stores/dataset/open.ts';
import { StoreError } from '../stores/errors.ts';
import { LANGUAGE_FILE, readLanguage } from '../stores/profile/language.ts';
import { PHRASES_FILE, readPhraseWeights } from '../stores/profile/phrases.ts';
import { readUnits, UNITS_FILE } from '../stores/profile/units.ts';
import { EVIDENCE_NAMES, type EvidenceName } from './rewrite/decide/evidence.ts';
import { profileOf } from './rewrite/language/profile.ts';
import type { Parameters } from './rewrite/parameters.ts';
import type { RewriterParts } from './rewrite/pipeline.ts';
import { COST_NAMES, type ProposalCosts } from './rewrite/propose/costs.ts';
import { FEATURE_NAMES } from './rewrite/rank/features.ts';
import type { NetworkWeights } from './rewrite/rank/network.ts';
import type { RankerWeights } from './rewrite/rank/ranker.ts';

/** What a rewriter needs of an open dataset. */
export type DatasetParts = Pick<
  RewriterParts,
  'dataset' | 'stores' | 'profile' | 'rudeWords' | 'units' | 'phraseWeights' | 'parameters'
>;

/**
 * The parts of a rewriter that an open dataset has.
 *
 * @throws {StoreError} as {@link parametersOf} does
 */
export function partsOf(opened: Dataset): DatasetParts {
  return {
    dataset: opened.id,
    stores: opened.stores,
    profile: profileOf(opened.language),
    rudeWords: opened.rudeWords,
    units: readUnits(join(languageFolder(opened.language.language), UNITS_FILE)),
    phraseWeights: readPhraseWeights(join(languageFolder(opened.language.language), PHRASES_FILE)),
    parameters: parametersOf(opened),
  };
}

/**
 * The numbers of a dataset's rewriting: the costs of its language, and the model that it was built with or tuned to.
 * Names match: a feature that the model lacks weighs 0, and a cost that the language lacks is that of the default language.
 *
 * @throws {StoreError} `STORE_VERSION` naming a feature or a cost that this program does not have
 */
export function parametersOf({
  dir,
  language,
  model,
  modelPath,
}: Pick<Dataset, 'dir' | 'language' | 'model' | 'modelPath'>): Parameters {
  const { weights, network, trainedErrorRate, calibration, suggestAbove } = model;
  const { evidence } = calibration;
  const tuneAgain = 'tune the dataset again with "emend tune"';
  refuseUnknown(modelPath, 'features', weights, FEATURE_NAMES, tuneAgain);
  refuseUnknown(modelPath, 'features', network.weights, FEATURE_NAMES, tuneAgain);
  refuseUnknown(modelPath, 'evidence', evidence?.weights ?? {}, EVIDENCE_NAMES, tuneAgain);
  refuseUnknown(dir, 'costs of the language', language.costs, COST_NAMES, 'build the dataset again with "emend build"');
  // Checked just above: the names are those of the features.
  return {
    costs: completeCosts(language.costs),
    ranker: weights as RankerWeights,
    network: network as NetworkWeights,
    trainedErrorRate,
    calibration: {
      ...calibration,
      evidence: evidence === null ? null : { bias: evidence.bias, weights: completeEvidence(evidence.weights) },
    },
    suggestAbove,
  };
}

function refuseUnknown(file: string, what: string, found: object, known: readonly string[], remedy: string): void {
  const other = Object.keys(found).find((name) => !known.includes(name));
  if (other === undefined) return;
  const message = `${file}: expected ${what} that this program has, found "${other}"; ${remedy}, or use the program that made it`;
  throw new StoreError('STORE_VERSION', message);
}

function completeEvidence(weights: Readonly<Record<string, number>>): Record<EvidenceName, number> {
  return Object.fromEntries(EVIDENCE_NAMES.map((name) => [name, weights[name] ?? 0])) as Record<EvidenceName, number>;
}

function completeCosts(own: Readonly<Record<string, number>>): ProposalCosts {
  const isWhole = COST_NAMES.every((name) => own[name] !== undefined);
  const costs = isWhole
    ? own
    : { ...readLanguage(join(languageFolder(DEFAULT_LANGUAGE), LANGUAGE_FILE)).costs, ...own };
  return Object.fromEntries(COST_NAMES.map((name) => [name, costs[name] ?? 0])) as Record<keyof ProposalCosts, number>;
}
