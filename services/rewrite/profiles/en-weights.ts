/**
 * The defaults of the language: what decides between readings where a dataset has no model of its own. Written by
 * `emend tune --defaults` (services/tune/README.md says how); not to be edited by hand.
 *
 * Tuned on:
 * - homedepot_queries.tsv (pairs, 1682 rows, SHA-256 685e2f5f3e46bdf1...)
 * - msmarco_typos.tsv (pairs, 4983 rows, SHA-256 6660d98c4640502d...)
 * - qsec10_wordbreak.tsv (pairs, 4280 rows, SHA-256 6ba79ccf41b30c78...)
 */
import type { Calibration } from '../calibration.ts';
import type { RankerWeights } from '../ranker.ts';

export const ENGLISH_WEIGHTS: RankerWeights = Object.freeze({
  languageCost: -0.3763,
  unigramCost: -0.0052,
  pairsSeen: 0.1041,
  keptUnknown: -4.6216,
  keptUnknownLetters: -1.0049,
  keptUnknownShort: -0.3123,
  keptSuspect: 0.5621,
  keptRunOn: 0.4003,
  keptWeb: 2.1414,
  keptWebRarity: -0.267,
  keptName: -0.1949,
  changed: 0.9802,
  replaced: 0.0107,
  replacedTwice: -0.5362,
  channelCost: -0.1723,
  groupCost: 0.0585,
  mixedCost: -0.988,
  substitution: -0.1379,
  adjacentKey: 0.3955,
  vowelForVowel: -0.8985,
  insertion: 0.0428,
  deletion: -0.0276,
  doubledInserted: -5.0511,
  doubledDeleted: 0.6999,
  transposition: -0.1385,
  firstLetter: -0.1499,
  lastLetter: -0.4905,
  finalS: -3,
  shortWord: -0.504,
  longWord: 0.0659,
  split: -6.1659,
  furtherSplit: -0.4897,
  splitKnown: 2.0518,
  splitUnseenPairs: 0.2657,
  splitSingleLetters: -2.291,
  splitTwoLetters: -0.9164,
  merge: 1.6811,
  mergeKnown: -0.2489,
  mergeReplaced: -0.4812,
  movedSpace: -10.5783,
  fromDictionary: -2.8326,
  fromName: -3.4502,
  fromWeb: -0.253,
  fromRarity: 0.5772,
  fromDictionaryRarity: -0.1651,
  fromWebRarity: -0.552,
  fromWebShort: 0.0792,
  pairsLost: -0.5184,
  fromSuspect: -0.0502,
  fromSuspectGain: 0.2262,
  fromRunOn: 0.4173,
  fromRunOnGain: 1.8154,
  fromWebGain: 0.086,
  fromNameGain: 0.1319,
  toRarity: -0.2923,
  toWeb: -0.3358,
  toName: -0.6555,
  toSuspect: 0.1385,
  toRunOn: 0.5642,
  toCommonFromShort: -1.39,
  pairsAround: 0.4295,
  changedAlone: 1.2293,
});

/** The share of misspelled queries that the weights stand for. */
export const ENGLISH_TRAINED_ERROR_RATE = 0.2;

export const ENGLISH_CALIBRATION: Calibration = Object.freeze({
  errorRate: 0.06,
  best: {
    x: [
      -7.527, -5.6706, -4.7083, -3.9564, -3.3013, -2.8775, -2.4366, -2.0956, -1.8205, -1.5925, -1.3318, -0.9912,
      -0.7462, -0.0804, 0.828, 1.4349, 1.7499, 2.2025, 3.023, 4.4285,
    ],
    y: [
      -7.5794, -5.3307, -4.4769, -3.7634, -2.8822, -2.6202, -1.8846, -1.8517, -1.8098, -1.2533, -1.0033, -0.843,
      -0.4676, -0.2765, 0.6402, 1.1434, 1.4311, 2.2394, 2.4853, 3.5105,
    ],
  },
  keep: {
    x: [
      -1.8578, 0.1202, 1.1115, 2.0632, 2.7568, 3.0931, 3.5006, 3.7993, 4.2115, 4.5302, 4.6846, 4.9136, 5.1044, 5.1866,
      5.2597, 5.2905,
    ],
    y: [
      -0.3628, 0.7661, 1.2025, 1.6001, 2.0911, 2.4919, 3.1452, 3.1911, 3.7808, 4.3268, 4.6365, 5.0229, 5.1262, 5.7695,
      5.9279, 6.4665,
    ],
  },
  others: 0.5115,
  edit: {
    x: [
      -7.3113, -5.4871, -4.6325, -3.9328, -3.1407, -2.7265, -2.3075, -1.8545, -1.5822, -1.0569, -0.8021, -0.5699,
      -0.158, 0.6404, 1.4851, 2.4166, 3.0956, 3.8591,
    ],
    y: [
      -7.5509, -5.6193, -4.4211, -3.8737, -3.3592, -2.5475, -2.3444, -1.6713, -1.5453, -1.0914, -0.6299, -0.5561,
      -0.2789, 0.5705, 1.8709, 2.1195, 3.0546, 5.0474,
    ],
  },
});

/** Readings above this probability are offered. */
export const ENGLISH_SUGGEST_ABOVE = 0.19;
