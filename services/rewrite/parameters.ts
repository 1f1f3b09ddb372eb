import type { Calibration } from './decide/calibration.ts';
import {
  ENGLISH_CALIBRATION,
  ENGLISH_NETWORK,
  ENGLISH_SUGGEST_ABOVE,
  ENGLISH_TRAINED_ERROR_RATE,
  ENGLISH_WEIGHTS,
} from './profiles/en-weights.ts';
import type { ProposalCosts } from './propose/costs.ts';
import type { NetworkWeights } from './rank/network.ts';
import type { RankerWeights } from './rank/ranker.ts';

/** The numbers behind the rewriting. A dataset may carry its own (`model.json`); these are the defaults. */
export interface Parameters {
  readonly costs: ProposalCosts;
  /** What each feature of a reading adds to its log-odds; see `rank/features.ts`. */
  readonly ranker: RankerWeights;
  /** What features say together; see `rank/network.ts`. */
  readonly network: NetworkWeights;
  /** The share of misspelled queries that the ranker's scores stand for. */
  readonly trainedErrorRate: number;
  /** From the ranker's probabilities to how often they come true. */
  readonly calibration: Calibration;
  /** A reading below this probability is not offered. */
  readonly suggestAbove: number;
}

const ENGLISH_COSTS: ProposalCosts = Object.freeze({
  errorCost: 3.5,
  substitution: 5,
  adjacentKey: 4.16,
  vowelForVowel: 3,
  insertion: 4.5,
  deletion: 2.8,
  doubledLetter: 2.6,
  transposition: 2,
  diacritic: 1,
  apostrophe: 1.5,
  firstLetter: 1,
  knownMisspelling: 3,
  missingSpace: 3.5,
  furtherMissingSpace: 1.4,
  extraSpace: 3.5,
  knownDictionary: 4,
  knownName: 3.5,
  knownOwner: 3,
  knownWeb: 2.6,
  unknownWord: 16,
  unknownLetter: 1.3,
  suspect: 3.5,
  runOn: 6.5,
  keepWeb: 0.7,
  keepWebRare: 0.2,
  webRareAbove: 13,
  proposeWeb: 1,
  languageWeight: 0.8,
});

export const DEFAULT_PARAMETERS: Parameters = Object.freeze({
  costs: ENGLISH_COSTS,
  ranker: ENGLISH_WEIGHTS,
  network: ENGLISH_NETWORK,
  trainedErrorRate: ENGLISH_TRAINED_ERROR_RATE,
  calibration: ENGLISH_CALIBRATION,
  suggestAbove: ENGLISH_SUGGEST_ABOVE,
});
