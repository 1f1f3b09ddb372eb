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
  languageCost: -0.3751,
  unigramCost: -0.0079,
  pairsSeen: 0.0819,
  keptUnknown: -4.8719,
  keptUnknownLetters: -0.9489,
  keptUnknownShort: -0.3395,
  keptSuspect: 0.4544,
  keptRunOn: -5.7736,
  keptWeb: 1.011,
  keptWebRarity: 0.1075,
  keptName: 0.9951,
  changed: 1.3895,
  replaced: -0.0763,
  replacedTwice: -0.1935,
  channelCost: -0.0818,
  groupCost: 0.0943,
  mixedCost: -1.179,
  substitution: -0.0398,
  adjacentKey: 0.5649,
  vowelForVowel: -0.7452,
  insertion: 0.0615,
  deletion: -0.0329,
  doubledInserted: -4.951,
  doubledDeleted: 0.088,
  transposition: -0.5712,
  firstLetter: -0.4785,
  lastLetter: -0.5981,
  finalS: -3.6301,
  shortWord: -0.5427,
  longWord: 0.1747,
  split: -6.8349,
  furtherSplit: -1.0941,
  splitKnown: 1.6027,
  splitUnseenPairs: 0.5872,
  splitSingleLetters: -2.5719,
  splitTwoLetters: -0.9829,
  merge: 2.0636,
  mergeKnown: -0.7423,
  mergeReplaced: -0.607,
  movedSpace: -10.7188,
  fromDictionary: -2.9573,
  fromName: -2.1924,
  fromWeb: -0.2904,
  fromRarity: 0.5907,
  fromDictionaryRarity: -0.1411,
  fromWebRarity: -0.2398,
  fromWebShort: -0.3893,
  pairsLost: -0.9014,
  fromSuspect: -0.0343,
  fromSuspectGain: 0.3429,
  fromRunOn: -4.1494,
  fromRunOnGain: 0.9383,
  fromSuspectExplained: 0.0998,
  fromWebGain: 0.0277,
  fromWebExplained: 0.0853,
  fromNameGain: 0.0752,
  fromNameExplained: -0.0804,
  toRarity: -0.301,
  toWeb: -0.4449,
  toName: -0.9195,
  toSuspect: -1.0408,
  toRunOn: 0.5685,
  toCommonFromShort: -1.7663,
  pairsAround: 0.9131,
  changedAlone: 3.1575,
});

/** The share of misspelled queries that the weights stand for. */
export const ENGLISH_TRAINED_ERROR_RATE = 0.2;

export const ENGLISH_CALIBRATION: Calibration = Object.freeze({
  errorRate: 0.06,
  evidence: null,
  best: {
    x: [
      -7.4934, -5.5567, -4.6335, -3.9792, -3.2049, -2.6312, -2.2552, -1.757, -1.2971, -0.9741, -0.5947, -0.1568, 0.1023,
      0.4106, 0.9658, 1.4154, 2.1483, 3.7722, 5.1847,
    ],
    y: [
      -7.4735, -5.1719, -4.7113, -3.7788, -3.2721, -2.6593, -1.8263, -1.6742, -1.3222, -0.9364, -0.6305, -0.3033,
      0.0914, 0.1673, 0.3487, 1.4777, 2.4476, 2.5147, 4.4915,
    ],
  },
  keep: {
    x: [
      -1.8952, 0.0266, 1.186, 2.2562, 2.9801, 3.3556, 3.6942, 4.11, 4.4713, 4.6441, 4.8214, 4.9817, 5.1276, 5.2532,
      5.2913,
    ],
    y: [
      -0.3331, 0.7594, 0.9247, 2.1057, 2.6081, 2.8064, 2.9621, 3.8133, 4.0081, 4.3412, 4.951, 4.999, 5.2905, 5.86,
      6.5299,
    ],
  },
  others: 0.5167,
  edit: {
    x: [
      -7.3087, -5.5139, -4.8576, -4.0541, -3.5241, -3.0963, -2.6633, -2.0024, -1.7337, -1.529, -1.1732, -0.9356,
      -0.5998, -0.2055, 0.1597, 0.594, 1.4272, 2.3347, 3.2935,
    ],
    y: [
      -7.5047, -5.794, -4.6559, -4.0902, -3.3762, -3.1081, -2.7797, -1.946, -1.5588, -1.4679, -1.1065, -0.6383, -0.5789,
      -0.4274, 0.064, 0.508, 1.7436, 2.0352, 3.6936,
    ],
  },
});

/** Readings above this probability are offered. */
export const ENGLISH_SUGGEST_ABOVE = 0.18;
