import type { Calibration } from './decide/calibration.ts';
import {
  ENGLISH_CALIBRATION,
  ENGLISH_NETWORK,
  ENGLISH_SUGGEST_ABOVE,
  ENGLISH_TRAINED_ERROR_RATE,
  ENGLISH_WEIGHTS,
} from './profiles/en-weights.ts';
import type { NetworkWeights } from './rank/network.ts';
import type { RankerWeights } from './rank/ranker.ts';

/**
 * The numbers behind the rewriting: costs in nats (-ln of a probability), chosen on the development sets. A dataset may
 * carry its own (`model.json`); these are the defaults.
 */
export interface Parameters {
  /** Cost of there being a spelling error in a word at all, before what error it is. */
  readonly errorCost: number;
  /** Edit costs by type; see `spell/channel.ts`. */
  readonly substitution: number;
  readonly adjacentKey: number;
  readonly vowelForVowel: number;
  readonly insertion: number;
  readonly deletion: number;
  readonly doubledLetter: number;
  readonly transposition: number;
  /** A letter without its mark, with one too many or with another: `cafe`. */
  readonly diacritic: number;
  /** An apostrophe left out, or put in. */
  readonly apostrophe: number;
  /** Added when the first letter is touched. */
  readonly firstLetter: number;
  /** Cost of what a list of known misspellings says is meant, all told. */
  readonly knownMisspelling: number;
  /** Cost of a missing space, and of each further one in the same token. */
  readonly missingSpace: number;
  readonly furtherMissingSpace: number;
  /** Cost of a wrong space. */
  readonly extraSpace: number;
  /** Added when what was typed is itself a known word, by its standing. */
  readonly knownDictionary: number;
  readonly knownName: number;
  readonly knownOwner: number;
  readonly knownWeb: number;
  /** Cost of keeping an unknown word: constant and per code unit; takes the place of its language model cost. */
  readonly unknownWord: number;
  readonly unknownLetter: number;
  /** Cost of keeping a word that is doubtful. */
  readonly suspect: number;
  readonly runOn: number;
  /** Cost of keeping a word that is known from the web alone, and of each nat by which it is rarer than `webRareAbove`. */
  readonly keepWeb: number;
  readonly keepWebRare: number;
  readonly webRareAbove: number;
  /** Cost of proposing a term that is known from the web alone. */
  readonly proposeWeb: number;
  /** How much the language model counts against the error model. */
  readonly languageWeight: number;
  /** What each feature of a reading adds to its log-odds; see `features.ts`. */
  readonly ranker: RankerWeights;
  /** What features say together; see `network.ts`. */
  readonly network: NetworkWeights;
  /** The share of misspelled queries that the ranker's scores stand for. */
  readonly trainedErrorRate: number;
  /** From the ranker's probabilities to how often they come true. */
  readonly calibration: Calibration;
  /** A reading below this probability is not offered. */
  readonly suggestAbove: number;
}

export const DEFAULT_PARAMETERS: Parameters = Object.freeze({
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
  ranker: ENGLISH_WEIGHTS,
  network: ENGLISH_NETWORK,
  trainedErrorRate: ENGLISH_TRAINED_ERROR_RATE,
  calibration: ENGLISH_CALIBRATION,
  suggestAbove: ENGLISH_SUGGEST_ABOVE,
});
