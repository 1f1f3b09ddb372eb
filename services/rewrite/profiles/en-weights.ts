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
  languageCost: -0.4937,
  unigramCost: -0.0291,
  pairsSeen: 0.074,
  vectorWords: 0.0526,
  vectorBest: 0.2611,
  vectorMean: 2.1881,
  keptUnknown: -2.2379,
  keptUnknownLetters: -0.4746,
  keptUnknownShort: -0.1176,
  keptUnknownSpelling: -0.2624,
  keptSuspect: -0.8112,
  keptRunOn: -1.588,
  keptWeb: 5.2652,
  keptWebRarity: -0.2623,
  keptWebSpelling: -0.0843,
  keptName: -0.7343,
  changed: 0.6676,
  replaced: -1.6467,
  replacedTwice: -2.0003,
  replacedFar: 0.0145,
  knownMisspelling: 3.1118,
  soundsAlike: 0.8929,
  channelCost: 0.0911,
  groupCost: -0.1133,
  mixedCost: -0.6537,
  substitution: -0.1083,
  adjacentKey: 0.9815,
  vowelForVowel: -0.0963,
  insertion: 0.1995,
  deletion: 0.9439,
  doubledInserted: -4.4831,
  doubledDeleted: 1.368,
  transposition: 0.6629,
  firstLetter: -0.2008,
  lastLetter: -0.5091,
  finalS: -1.0997,
  diacritic: -3.0435,
  apostrophe: 0.9343,
  shortWord: -0.655,
  longWord: 0.237,
  split: -5.4245,
  furtherSplit: -0.7698,
  splitKnown: 1.3792,
  splitUnseenPairs: 1.5276,
  splitSingleLetters: -1.6382,
  splitTwoLetters: -0.7585,
  splitReplaced: -2.2643,
  merge: 2.4772,
  mergeKnown: -0.4965,
  mergeReplaced: -1.7979,
  movedSpace: 1.3675,
  fromDictionary: -2.7328,
  fromName: -5.4389,
  fromWeb: 1.8421,
  fromRarity: 0.5196,
  fromDictionaryRarity: -0.5855,
  fromWebRarity: -0.7434,
  fromWebShort: -0.6776,
  pairsLost: -1.2177,
  fromSuspect: 0.0679,
  fromSuspectGain: 0.0024,
  fromRunOn: -2.4012,
  fromRunOnGain: 1.0154,
  fromSuspectExplained: 0.1012,
  fromWebGain: 0.1538,
  fromWebExplained: -0.0036,
  fromNameGain: 0.1531,
  fromNameExplained: -0.108,
  toRarity: -0.0815,
  toWeb: -0.7711,
  toName: -0.9725,
  toSuspect: 0.1311,
  toRunOn: -0.8222,
  toCommonFromShort: -2.3774,
  pairsAround: 0.6604,
  changedAlone: -0.0052,
  afterName: -0.0746,
  unvoweled: -1.5475,
  leftUnknown: -1.1639,
  leftOutside: 0.5036,
  leftOutsideShare: -1.7315,
});

/** The share of misspelled queries that the weights stand for. */
export const ENGLISH_TRAINED_ERROR_RATE = 0.2;

export const ENGLISH_CALIBRATION: Calibration = Object.freeze({
  errorRate: 0.06,
  evidence: { bias: 0.3045, weights: { odds: 0.8153, changesKnown: -0.7956, furtherSplits: 0.3111 } },
  best: {
    x: [
      -7.2606, -5.7948, -5.1332, -4.6212, -4.1188, -3.6684, -3.2068, -2.8266, -2.4261, -1.9243, -1.5817, -1.411,
      -1.2087, -0.9785, -0.6422, -0.3188, 0.1909, 1.2976, 2.3336, 3.2105, 4.2871,
    ],
    y: [
      -7.7797, -6.4116, -5.5087, -4.8261, -4.4266, -3.7703, -3.0421, -2.3081, -2.1672, -2.1161, -1.821, -1.4954,
      -0.6983, -0.6314, -0.1559, 0.0242, 0.1805, 1.1222, 2.2045, 3.7595, 4.447,
    ],
  },
  keep: {
    x: [-1.1567, 1.2032, 2.3452, 3.2929, 3.8463, 4.2999, 4.657, 4.9857, 5.2138, 5.2859],
    y: [-1.6553, 0.4064, 2.0362, 2.3197, 3.1438, 3.4831, 4.041, 5.07, 5.7034, 6.0497],
  },
  others: 0.439,
  edit: {
    x: [-2.4798, -0.7803, 0.2159, 0.527, 0.8067, 1.2894, 2.1491, 3.7878],
    y: [-0.8957, -0.5252, 0.1329, 0.5651, 1.1704, 1.5115, 1.9519, 3.0991],
  },
});

/** Readings above this probability are offered. */
export const ENGLISH_SUGGEST_ABOVE = 0.21;
