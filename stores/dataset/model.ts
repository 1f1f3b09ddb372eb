/**
 * `model.json`: how a dataset's readings are weighed, as tuning found it. README.md beside this file describes every member.
 *
 * JSON rather than bytes: it is small, and people read it. Written in a fixed order without a date, so that the same rows
 * give the same bytes.
 */
import { readFileSync } from 'node:fs';
import { StoreError } from '../errors.ts';

export const MODEL_FILE = 'model.json';

/** Raised when a reader of the version before could misread a model. */
export const MODEL_FORMAT_VERSION = 3;

const FORMAT = 'emend-model';

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
    format: FORMAT,
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
 * @throws {StoreError} as {@link decodeModel} does; `STORE_IO` when the file cannot be read
 */
export function readModel(path: string): Model {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StoreError('STORE_IO', `${path}: reading a model failed; restore the file or tune again`, { cause });
  }
  return decodeModel(text, path);
}

/**
 * Reads the text of a model, strictly: every member is there, nothing else is, all numbers are finite and in range.
 *
 * @param path for messages
 * @throws {StoreError} `STORE_FOREIGN` for JSON of something else, `STORE_VERSION` for another format version,
 *   `DATASET_INVALID` for all else that is wrong
 */
export function decodeModel(text: string, path: string): Model {
  const fail = (where: string, expected: string, found: unknown): never => {
    const shown = found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 80);
    const message = `${path}: ${where}: expected ${expected}, found ${shown}; restore the file or tune again`;
    throw new StoreError('DATASET_INVALID', message);
  };
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return fail('the whole', 'JSON', text.slice(0, 20));
  }
  const members = (value: unknown, where: string, names: readonly string[]): Record<string, unknown> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(where, 'an object', value);
    const found = Object.keys(value);
    const missing = names.find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) return fail(`${where}.${missing}`, 'a value', undefined);
    const extra = found.find((name) => !names.includes(name));
    if (extra !== undefined) return fail(where, names.join(', '), extra);
    return value as Record<string, unknown>;
  };
  const number = (value: unknown, where: string): number =>
    typeof value === 'number' && Number.isFinite(value) ? value : fail(where, 'a number', value);
  const share = (value: unknown, where: string): number =>
    typeof value === 'number' && value >= 0 && value <= 1 ? value : fail(where, 'a number from 0 to 1', value);
  const rate = (value: unknown, where: string): number =>
    typeof value === 'number' && value > 0 && value < 1 ? value : fail(where, 'a number between 0 and 1', value);
  const string = (value: unknown, where: string): string =>
    typeof value === 'string' ? value : fail(where, 'a text', value);
  const map = (value: unknown, where: string): ModelMap => {
    const { x, y } = members(value, where, ['x', 'y']);
    const list = (knots: unknown, name: string): number[] =>
      Array.isArray(knots)
        ? knots.map((knot) => number(knot, `${where}.${name}`))
        : fail(`${where}.${name}`, 'a list', knots);
    const [xs, ys] = [list(x, 'x'), list(y, 'y')];
    if (xs.length === 0 || xs.length !== ys.length) return fail(where, 'as many x as y', [xs.length, ys.length]);
    for (let i = 1; i < xs.length; i++) {
      if (xs[i]! <= xs[i - 1]! || ys[i]! < ys[i - 1]!) return fail(where, 'rising knots', [xs[i], ys[i]]);
    }
    return { x: xs, y: ys };
  };

  const numbers = (value: unknown, where: string): Record<string, number> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return fail(where, 'an object of numbers', value);
    }
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, number(one, `${where}.${name}`)]));
  };
  const row = (value: unknown, where: string, length?: number): number[] => {
    if (!Array.isArray(value)) return fail(where, 'a list', value);
    if (length !== undefined && value.length !== length) return fail(where, `${length} numbers`, value.length);
    return value.map((one) => number(one, where));
  };
  const networkOf = (value: unknown): Model['network'] => {
    const { bias, out, weights } = members(value, 'network', ['bias', 'out', 'weights']);
    const biases = row(bias, 'network.bias');
    if (typeof weights !== 'object' || weights === null || Array.isArray(weights)) {
      return fail('network.weights', 'an object of lists', weights);
    }
    const rows = Object.entries(weights).map(([name, one]) => [
      name,
      row(one, `network.weights.${name}`, biases.length),
    ]);
    return { bias: biases, out: row(out, 'network.out', biases.length), weights: Object.fromEntries(rows) };
  };
  const evidence = (value: unknown) => {
    if (value === null) return null;
    const { bias, weights } = members(value, 'calibration.evidence', ['bias', 'weights']);
    return {
      bias: number(bias, 'calibration.evidence.bias'),
      weights: numbers(weights, 'calibration.evidence.weights'),
    };
  };

  if (typeof root !== 'object' || root === null || !('format' in root) || root.format !== FORMAT) {
    throw new StoreError(
      'STORE_FOREIGN',
      `${path}: expected "format": "${FORMAT}", found another; this is not a model`,
    );
  }
  if (!('formatVersion' in root) || root.formatVersion !== MODEL_FORMAT_VERSION) {
    const found = 'formatVersion' in root ? JSON.stringify(root.formatVersion) : 'none';
    throw new StoreError(
      'STORE_VERSION',
      `${path}: model format ${found}, this program reads ${MODEL_FORMAT_VERSION}; tune the dataset again with "emend tune"`,
    );
  }
  const { language, weights, network, trainedErrorRate, calibration, suggestAbove, tunedOn } = members(
    root,
    'the whole',
    [
      'format',
      'formatVersion',
      'language',
      'weights',
      'network',
      'trainedErrorRate',
      'calibration',
      'suggestAbove',
      'tunedOn',
    ],
  );
  const maps = members(calibration, 'calibration', ['errorRate', 'evidence', 'best', 'keep', 'others', 'edit']);
  const origin = members(tunedOn, 'tunedOn', ['dataset', 'costOfBreaking', 'sources']);
  if (!Array.isArray(origin['sources'])) return fail('tunedOn.sources', 'a list', origin['sources']);
  return {
    formatVersion: MODEL_FORMAT_VERSION,
    language: string(language, 'language'),
    weights: numbers(weights, 'weights'),
    network: networkOf(network),
    trainedErrorRate: rate(trainedErrorRate, 'trainedErrorRate'),
    calibration: {
      errorRate: rate(maps['errorRate'], 'calibration.errorRate'),
      evidence: evidence(maps['evidence']),
      best: map(maps['best'], 'calibration.best'),
      keep: map(maps['keep'], 'calibration.keep'),
      others: share(maps['others'], 'calibration.others'),
      edit: map(maps['edit'], 'calibration.edit'),
    },
    suggestAbove: share(suggestAbove, 'suggestAbove'),
    tunedOn: {
      dataset: string(origin['dataset'], 'tunedOn.dataset'),
      costOfBreaking: number(origin['costOfBreaking'], 'tunedOn.costOfBreaking'),
      sources: origin['sources'].map((source: unknown, i): ModelSource => {
        const where = `tunedOn.sources[${i}]`;
        const { name, kind, sha256, rows } = members(source, where, ['name', 'kind', 'sha256', 'rows']);
        return {
          name: string(name, `${where}.name`),
          kind: string(kind, `${where}.kind`),
          sha256: string(sha256, `${where}.sha256`),
          rows: number(rows, `${where}.rows`),
        };
      }),
    },
  };
}
