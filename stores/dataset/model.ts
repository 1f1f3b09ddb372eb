/**
 * `model.json`: how a dataset's readings are weighed, as tuning found it. README.md beside this file describes every member.
 *
 * JSON rather than bytes: it is small, and people read it. Written in a fixed order without a date, so that the same rows
 * give the same bytes.
 */
import { readFileSync } from 'node:fs';
import { unreadable } from '../errors.ts';
import { openStrict, type StrictFormat, type StrictValue } from '../json/strict-value.ts';

export const MODEL_FILE = 'model.json';

/** Raised when a reader of the version before could misread a model. */
export const MODEL_FORMAT_VERSION = 3;

const MODEL_FORMAT: StrictFormat = {
  format: 'emend-model',
  formatVersion: MODEL_FORMAT_VERSION,
  what: 'a model',
  remedy: 'restore the file or tune again',
  versionRemedy: 'tune the dataset again with "emend tune"',
};

const MEMBERS = [
  'format',
  'formatVersion',
  'language',
  'weights',
  'network',
  'trainedErrorRate',
  'calibration',
  'suggestAbove',
  'tunedOn',
] as const;

/** A rising map of log-odds by its knots: `x` strictly ascending, `y` ascending, equally many, at least one. */
export interface ModelMap {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** One file that a model was tuned on. */
export interface ModelSource {
  /** The file's name without its folder. */
  readonly name: string;
  /** What it was read as: `pairs`, `judged` or `clean`. */
  readonly kind: string;
  readonly sha256: string;
  readonly rows: number;
}

/** The content of `model.json`. */
export interface Model {
  readonly formatVersion: number;
  readonly language: string;
  /** What a unit of each feature adds to the log-odds of a reading; every feature of the program, also those of weight 0. */
  readonly weights: Readonly<Record<string, number>>;
  /** What features say together: units by their biases and what they count, and by feature its weight in each unit. */
  readonly network: {
    readonly bias: readonly number[];
    readonly out: readonly number[];
    readonly weights: Readonly<Record<string, readonly number[]>>;
  };
  /** The share of misspelled queries that scores stand for, 0..1 exclusive. */
  readonly trainedErrorRate: number;
  readonly calibration: {
    readonly errorRate: number;
    /** What says how far to trust the best change, by name, and where its log-odds begin; null for its probability alone. */
    readonly evidence: { readonly bias: number; readonly weights: Readonly<Record<string, number>> } | null;
    readonly best: ModelMap;
    readonly keep: ModelMap;
    readonly others: number;
    readonly edit: ModelMap;
  };
  /** A reading that is less probable is not offered, 0..1. */
  readonly suggestAbove: number;
  /** What the weights and the rest were tuned on, in the order given. */
  readonly tunedOn: {
    /** Id of the dataset version whose stores were read. */
    readonly dataset: string;
    readonly costOfBreaking: number;
    readonly sources: readonly ModelSource[];
  };
}

/** The model as it is written: JSON with two spaces of indentation, members in a fixed order. */
export function encodeModel(model: Model): string {
  const { formatVersion, language, weights, network, trainedErrorRate, calibration, suggestAbove, tunedOn } = model;
  const ordered = {
    format: MODEL_FORMAT.format,
    formatVersion,
    language,
    weights,
    network,
    trainedErrorRate,
    calibration,
    suggestAbove,
    tunedOn,
  };
  return `${JSON.stringify(ordered, undefined, 2)}\n`;
}

/**
 * Reads a model.
 *
 * @throws {StoreError} as {@link decodeModel} does; `STORE_NOT_FOUND`, `STORE_IO` when the file cannot be read
 */
export function readModel(path: string): Model {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, 'reading a model', cause, 'restore the file or tune again');
  }
  return decodeModel(text, path);
}

/**
 * Reads the text of a model, strictly: every member is there, nothing else is, all numbers are finite and in range.
 *
 * @param path for messages
 * @throws {StoreError} `STORE_FOREIGN` for JSON of something else, `STORE_VERSION` for another format version,
 *   `DATASET_INVALID` for any other mistake
 */
export function decodeModel(text: string, path: string): Model {
  const root = openStrict(text, path, MODEL_FORMAT).members(MEMBERS);
  const network = root.network.members(['bias', 'out', 'weights']);
  const bias = network.bias.numbers();
  const maps = root.calibration.members(['errorRate', 'evidence', 'best', 'keep', 'others', 'edit']);
  const origin = root.tunedOn.members(['dataset', 'costOfBreaking', 'sources']);
  return {
    formatVersion: MODEL_FORMAT_VERSION,
    language: root.language.text(),
    weights: root.weights.record(toNumber),
    network: {
      bias,
      out: network.out.numbers(bias.length),
      weights: network.weights.record((row) => row.numbers(bias.length)),
    },
    trainedErrorRate: toRate(root.trainedErrorRate),
    calibration: {
      errorRate: toRate(maps.errorRate),
      evidence: toEvidence(maps.evidence),
      best: toMap(maps.best),
      keep: toMap(maps.keep),
      others: maps.others.numberIn(0, 1),
      edit: toMap(maps.edit),
    },
    suggestAbove: root.suggestAbove.numberIn(0, 1),
    tunedOn: {
      dataset: origin.dataset.text(),
      costOfBreaking: origin.costOfBreaking.number(),
      sources: origin.sources.list().map((source) => {
        const { name, kind, sha256, rows } = source.members(['name', 'kind', 'sha256', 'rows']);
        return { name: name.text(), kind: kind.text(), sha256: sha256.text(), rows: rows.number() };
      }),
    },
  };
}

function toNumber(value: StrictValue): number {
  return value.number();
}

/** A share above 0 and below 1. */
function toRate(value: StrictValue): number {
  const rate = value.number();
  return rate > 0 && rate < 1 ? rate : value.fail('a number between 0 and 1');
}

function toEvidence(value: StrictValue): Model['calibration']['evidence'] {
  if (value.isNull()) return null;
  const { bias, weights } = value.members(['bias', 'weights']);
  return { bias: bias.number(), weights: weights.record(toNumber) };
}

function toMap(value: StrictValue): ModelMap {
  const knots = value.members(['x', 'y']);
  const [x, y] = [knots.x.numbers(), knots.y.numbers()];
  if (x.length === 0 || x.length !== y.length) return value.fail('as many x as y', [x.length, y.length]);
  for (let i = 1; i < x.length; i++) {
    if (x[i]! <= x[i - 1]! || y[i]! < y[i - 1]!) return value.fail('rising knots', [x[i], y[i]]);
  }
  return { x, y };
}
