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
  languageCost: -0.3782,
  unigramCost: -0.0042,
  pairsSeen: 0.1036,
  keptUnknown: -4.714,
  keptUnknownLetters: -0.9983,
  keptUnknownShort: -0.3042,
  keptSuspect: 1.5593,
  keptRunOn: 1.0239,
  keptWeb: 1.7152,
  keptWebRarity: -0.3452,
  keptName: -0.4894,
  changed: 0.9934,
  replaced: 0.0168,
  replacedTwice: -0.5209,
  channelCost: -0.1745,
  groupCost: 0.0616,
  mixedCost: -1.0012,
  substitution: -0.1252,
  adjacentKey: 0.4033,
  vowelForVowel: -0.891,
  insertion: 0.0563,
  deletion: -0.036,
  doubledInserted: -5.0354,
  doubledDeleted: 0.7107,
  transposition: -0.1493,
  firstLetter: -0.1254,
  lastLetter: -0.4959,
  finalS: -2.9363,
  shortWord: -0.5185,
  longWord: 0.0662,
  split: -6.1685,
  furtherSplit: -0.479,
  splitKnown: 2.0046,
  splitUnseenPairs: 0.2477,
  splitSingleLetters: -2.2883,
  splitTwoLetters: -0.9312,
  merge: 1.9397,
  mergeKnown: -0.5969,
  mergeReplaced: -0.5371,
  movedSpace: -10.397,
  fromDictionary: -2.7939,
  fromName: -3.6239,
  fromWeb: 0.1658,
  fromRarity: 0.5806,
  fromDictionaryRarity: -0.1705,
  fromWebRarity: -0.6745,
  fromWebShort: -0.6644,
  pairsLost: -0.5305,
  fromSuspect: -0.1697,
  fromSuspectGain: 0.2599,
  fromRunOn: 0.3107,
  fromRunOnGain: 1.8235,
  fromWebGain: 0.1054,
  fromNameGain: 0.1053,
  toRarity: -0.2884,
  toWeb: -0.2941,
  toName: -0.669,
  toSuspect: 0.093,
  toRunOn: 0.5051,
  toCommonFromShort: -1.428,
  pairsAround: 0.4171,
  changedAlone: 1.2471,
});

/** The share of misspelled queries that the weights stand for. */
export const ENGLISH_TRAINED_ERROR_RATE = 0.2;

export const ENGLISH_CALIBRATION: Calibration = Object.freeze({
  errorRate: 0.06,
  best: {
    x: [
      -7.5187, -5.6824, -4.7365, -3.9816, -3.3278, -2.8956, -2.2762, -1.8367, -1.6175, -1.0894, -0.1298, 0.7702, 1.3828,
      1.8573, 3.12, 4.9605,
    ],
    y: [
      -7.6198, -5.534, -4.4671, -3.9931, -3.0606, -2.6411, -1.893, -1.7428, -1.3781, -1.1359, -0.225, 0.6253, 1.3464,
      1.5288, 2.6498, 7.9481,
    ],
  },
  keep: {
    x: [
      -1.844, 0.1326, 1.1676, 1.8864, 2.4171, 2.829, 3.1691, 3.5669, 3.8452, 4.1251, 4.3625, 4.5484, 4.6954, 4.8413,
      5.0498, 5.236, 5.2906,
    ],
    y: [
      -0.3906, 0.8112, 1.1575, 1.5795, 1.6466, 2.4154, 2.6766, 3.382, 3.639, 3.8213, 4.0289, 4.3048, 4.7426, 5.1533,
      5.3164, 5.6334, 6.8962,
    ],
  },
  others: 0.5059,
  edit: {
    x: [
      -7.3798, -5.6018, -4.6193, -4.0492, -3.2322, -2.7486, -2.333, -1.9008, -1.7908, -1.6206, -1.2682, -1.042, -0.8839,
      -0.4762, 0.0104, 0.3116, 0.8136, 1.4332, 2.0321, 4.3473,
    ],
    y: [
      -7.5599, -5.7185, -4.4935, -3.9625, -3.3495, -2.6088, -2.0791, -1.8075, -1.7445, -1.6567, -1.2717, -0.761,
      -0.5243, -0.349, -0.2101, 0.4231, 0.6289, 1.5816, 2.2255, 3.7318,
    ],
  },
});

/** Readings above this probability are offered. */
export const ENGLISH_SUGGEST_ABOVE = 0.18;
