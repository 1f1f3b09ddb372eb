/**
 * The defaults of the language: what decides between readings where a dataset has no model of its own. Written by
 * `emend tune --defaults` (services/tune/README.md says how); not to be edited by hand.
 *
 * Tuned on:
 * - homedepot_queries.even.tsv (pairs, 1682 rows, SHA-256 685e2f5f3e46bdf1...)
 * - msmarco_typos.even.tsv (pairs, 4983 rows, SHA-256 6660d98c4640502d...)
 * - qsec10_wordbreak.even.tsv (pairs, 4280 rows, SHA-256 6ba79ccf41b30c78...)
 * - train_words_wrong.tsv (pairs, 553 rows, SHA-256 6669cf8505d24a4f...)
 * - train_words_right.tsv (pairs, 700 rows, SHA-256 2f6c0c2b8b593671...)
 * - train_bea.tsv (pairs, 400 rows, SHA-256 7729d5b1a0bee4e9...)
 * - train_moved.tsv (pairs, 120 rows, SHA-256 41fc918e3356d48a...)
 */
import type { Calibration } from '../calibration.ts';
import type { RankerWeights } from '../ranker.ts';

export const ENGLISH_WEIGHTS: RankerWeights = Object.freeze({
  languageCost: -0.5061,
  unigramCost: -0.008,
  pairsSeen: 0.0649,
  vectorWords: 0.1122,
  vectorBest: 0.3168,
  vectorMean: 2.1588,
  keptUnknown: -2.3362,
  keptUnknownLetters: -0.4724,
  keptUnknownShort: -0.0697,
  keptUnknownSpelling: -0.2497,
  keptSuspect: -0.92,
  keptRunOn: -1.4576,
  keptWeb: 7.2743,
  keptWebRarity: -0.45,
  keptWebSpelling: -0.046,
  keptName: 3.9749,
  changed: 1.3238,
  replaced: -2.3037,
  replacedTwice: -1.9503,
  replacedFar: 0.1987,
  knownMisspelling: 3.0027,
  soundsAlike: 0.9335,
  channelCost: 0.0815,
  groupCost: -0.1157,
  mixedCost: -0.6277,
  substitution: -0.0884,
  adjacentKey: 0.9603,
  vowelForVowel: -0.182,
  insertion: 0.217,
  deletion: 0.8366,
  doubledInserted: -4.3194,
  doubledDeleted: 1.353,
  transposition: 0.5752,
  firstLetter: -0.2491,
  lastLetter: -0.4665,
  finalS: -1.9009,
  diacritic: -2.9796,
  apostrophe: 0.925,
  shortWord: -0.6193,
  longWord: 0.1407,
  split: -5.9716,
  furtherSplit: -0.7476,
  splitKnown: 2.0583,
  splitUnseenPairs: 1.4699,
  splitSingleLetters: -1.5899,
  splitTwoLetters: -0.6847,
  splitReplaced: -1.4655,
  merge: 2.3655,
  mergeKnown: -0.3736,
  mergeReplaced: -0.5714,
  movedSpace: 1.0478,
  fromDictionary: -3.0704,
  fromName: -1.2956,
  fromWeb: 2.0463,
  fromRarity: 0.3933,
  fromDictionaryRarity: -0.521,
  fromWebRarity: -0.6024,
  fromWebShort: 0.6788,
  pairsLost: -1.0464,
  fromSuspect: 0.076,
  fromSuspectGain: 0.1723,
  fromRunOn: -0.764,
  fromRunOnGain: 1.0923,
  fromSuspectExplained: -0.3171,
  fromWebGain: 0.0214,
  fromWebExplained: -0.1877,
  fromNameGain: 0.1624,
  fromNameExplained: -0.2292,
  fromDictionaryGain: 0.0744,
  fromDictionaryExplained: -0.0096,
  fromSlip: 0.3889,
  fromDictionarySlip: 0.0773,
  toRarity: -0.0374,
  toWeb: -0.6333,
  toName: -0.5808,
  toSuspect: -1.1142,
  toRunOn: -0.5219,
  toCommonFromShort: -2.1116,
  pairsAround: 0.5905,
  changedAlone: -0.1561,
  afterName: -0.2738,
  unvoweled: -1.3502,
  leftUnknown: -0.9577,
  leftOutside: -0.0216,
  leftOutsideShare: -1.3285,
});

/** The share of misspelled queries that the weights stand for. */
export const ENGLISH_TRAINED_ERROR_RATE = 0.2;

export const ENGLISH_CALIBRATION: Calibration = Object.freeze({
  errorRate: 0.06,
  evidence: { bias: 0.3307, weights: { odds: 0.8093, changesKnown: -0.8785, furtherSplits: 0.289 } },
  best: {
    x: [
      -7.3157, -5.7133, -5.0692, -4.5675, -4.0736, -3.6113, -3.175, -2.6541, -2.0644, -1.6952, -1.3415, -0.6593,
      -0.0134, 0.3554, 1.2231, 2.1319, 2.8567, 3.9859,
    ],
    y: [
      -7.7754, -6.5255, -5.4929, -4.957, -4.2816, -3.7489, -2.8281, -2.0593, -2.0519, -1.5325, -1.4632, -0.4229, 0.2508,
      0.3205, 1.026, 2.5802, 2.8239, 4.3667,
    ],
  },
  keep: {
    x: [-1.0349, 0.8821, 1.4381, 2.1786, 2.9597, 3.3484, 3.7651, 4.129, 4.3731, 4.5716, 4.7278, 4.9043, 5.1409, 5.2744],
    y: [
      -1.6298, -0.0122, 1.4497, 1.8998, 2.0828, 2.4487, 2.9782, 3.1794, 3.7673, 4.0452, 4.4473, 4.5516, 5.2857, 6.0219,
    ],
  },
  others: 0.4618,
  edit: {
    x: [-2.4966, -1.4106, -0.623, 0.1421, 0.3641, 0.8038, 1.2626, 1.9819, 3.3508, 4.7002],
    y: [-1.3645, -0.8595, -0.3445, 0.4508, 0.4749, 1.2381, 1.3589, 2.0551, 2.8693, 3.6095],
  },
});

/** Readings above this probability are offered. */
export const ENGLISH_SUGGEST_ABOVE = 0.26;
