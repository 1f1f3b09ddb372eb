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
  /** Added when the first letter is touched. */
  readonly firstLetter: number;
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
  /** Cost of proposing a term that is known from the web alone. */
  readonly proposeWeb: number;
  /** How much the language model counts against the error model. */
  readonly languageWeight: number;
  /** Nats that make one unit of the posterior's exponent: above 1 flattens. */
  readonly temperature: number;
  /** The share of misspelled queries that the costs stand for. */
  readonly costErrorRate: number;
  /** A reading below this probability is not offered. */
  readonly suggestAbove: number;
}

export const DEFAULT_PARAMETERS: Parameters = Object.freeze({
  errorCost: 3.5,
  substitution: 5,
  adjacentKey: 3.2,
  vowelForVowel: 3,
  insertion: 4,
  deletion: 3.6,
  doubledLetter: 2.2,
  transposition: 2.6,
  firstLetter: 1.5,
  missingSpace: 5,
  furtherMissingSpace: 2,
  extraSpace: 5,
  knownDictionary: 4,
  knownName: 3.5,
  knownOwner: 3,
  knownWeb: 2,
  unknownWord: 12,
  unknownLetter: 1,
  suspect: 5,
  runOn: 5,
  proposeWeb: 1.5,
  languageWeight: 0.8,
  temperature: 1.3,
  costErrorRate: 0.2,
  suggestAbove: 0.5,
});
