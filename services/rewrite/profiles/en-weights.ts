/**
 * The defaults of the language: what decides between readings where a dataset has no model of its own. Written by
 * `emend tune --defaults` (services/tune/README.md says how); not to be edited by hand.
 *
 * Tuned on:
 * - homedepot_queries.tsv (pairs, 1682 rows, SHA-256 685e2f5f3e46bdf1...)
 * - msmarco_typos.tsv (pairs, 4983 rows, SHA-256 6660d98c4640502d...)
 * - qsec10_wordbreak.tsv (pairs, 4280 rows, SHA-256 6ba79ccf41b30c78...)
 * - wikipedia_misspellings.tsv (pairs, 600 rows, SHA-256 1b6344d46ae6684b...)
 * - sent_bea4660.tsv (pairs, 400 rows, SHA-256 7729d5b1a0bee4e9...)
 */
import type { Calibration } from '../calibration.ts';
import type { RankerWeights } from '../ranker.ts';

export const ENGLISH_WEIGHTS: RankerWeights = Object.freeze({
  languageCost: -0.3756,
  unigramCost: -0.0054,
  pairsSeen: 0.0817,
  keptUnknown: -4.8598,
  keptUnknownLetters: -0.9482,
  keptUnknownShort: -0.3177,
  keptSuspect: 0.3969,
  keptRunOn: -6.165,
  keptWeb: 1.0323,
  keptWebRarity: 0.1149,
  keptName: 1.0696,
  changed: 1.3894,
  replaced: -0.0702,
  replacedTwice: -0.1939,
  channelCost: -0.0866,
  groupCost: 0.0931,
  mixedCost: -1.1732,
  substitution: -0.0395,
  adjacentKey: 0.5613,
  vowelForVowel: -0.7355,
  insertion: 0.063,
  deletion: -0.0306,
  doubledInserted: -4.9675,
  doubledDeleted: 0.1006,
  transposition: -0.571,
  firstLetter: -0.4696,
  lastLetter: -0.5919,
  finalS: -3.5952,
  shortWord: -0.5487,
  longWord: 0.1546,
  split: -6.853,
  furtherSplit: -1.1082,
  splitKnown: 1.6531,
  splitUnseenPairs: 0.5879,
  splitSingleLetters: -2.5957,
  splitTwoLetters: -1.0106,
  merge: 2.3114,
  mergeKnown: -0.966,
  mergeReplaced: -0.703,
  movedSpace: -10.7021,
  fromDictionary: -2.9552,
  fromName: -2.1797,
  fromWeb: -0.3262,
  fromRarity: 0.6022,
  fromDictionaryRarity: -0.1503,
  fromWebRarity: -0.233,
  fromWebShort: -0.3322,
  pairsLost: -0.894,
  fromSuspect: -0.03,
  fromSuspectGain: 0.3472,
  fromRunOn: -4.6257,
  fromRunOnGain: 1.0068,
  fromSuspectExplained: 0.0964,
  fromWebGain: 0.0248,
  fromWebExplained: 0.0885,
  fromNameGain: 0.0819,
  fromNameExplained: -0.0876,
  toRarity: -0.3026,
  toWeb: -0.4469,
  toName: -0.9291,
  toSuspect: -1.0286,
  toRunOn: 0.5513,
  toCommonFromShort: -1.7564,
  pairsAround: 0.9151,
  changedAlone: 3.1514,
});

/** The share of misspelled queries that the weights stand for. */
export const ENGLISH_TRAINED_ERROR_RATE = 0.2;

export const ENGLISH_CALIBRATION: Calibration = Object.freeze({
  errorRate: 0.06,
  best: {
    x: [
      -7.4912, -5.555, -4.6324, -3.9836, -3.197, -2.6198, -2.2564, -1.7631, -1.2079, -0.613, -0.3116, -0.0463, 0.2424,
      0.4389, 0.9922, 2.37, 4.4473,
    ],
    y: [
      -7.6302, -5.2312, -4.9, -3.9436, -3.2233, -2.7866, -2.0223, -1.6624, -1.3077, -0.5326, -0.3196, -0.2826, 0.1654,
      0.2444, 0.4656, 2.1435, 3.56,
    ],
  },
  keep: {
    x: [
      -1.8561, 0.0671, 1.2512, 2.0878, 2.6592, 3.2426, 3.7457, 4.1558, 4.5053, 4.6667, 4.8364, 5.0553, 5.2441, 5.2917,
    ],
    y: [
      -0.3257, 0.7953, 0.9663, 2.1027, 2.1631, 2.8851, 3.2658, 3.8542, 4.1569, 4.5933, 4.9411, 5.1232, 6.0003, 6.8108,
    ],
  },
  others: 0.516,
  edit: {
    x: [
      -7.3454, -5.4423, -4.8322, -3.9154, -3.1502, -2.3982, -1.8729, -1.5682, -1.1794, -0.3555, 0.2362, 0.5202, 0.8554,
      1.8072, 3.0259, 3.8277,
    ],
    y: [
      -7.5661, -5.5372, -4.7132, -3.8425, -3.1962, -2.6101, -1.5624, -1.5146, -1.1267, -0.4113, 0.1932, 0.4801, 0.8433,
      2.3355, 2.4191, 7.2956,
    ],
  },
});

/** Readings above this probability are offered. */
export const ENGLISH_SUGGEST_ABOVE = 0.19;
