/** Keeping what was tuned: in a new dataset version, or as the defaults of a language. */
import { createHash } from 'node:crypto';
import { copyFileSync, linkSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { datasetId, encodeManifest, MANIFEST_FILE, type Manifest } from '../../stores/dataset/manifest.ts';
import {
  encodeModel,
  MODEL_FILE,
  MODEL_FORMAT_VERSION,
  type Model,
  type ModelSource,
} from '../../stores/dataset/model.ts';
import type { Calibration } from '../rewrite/decide/calibration.ts';
import { keptNetwork } from '../rewrite/rank/network.ts';
import { type Tuned, weightsByName } from './tuned.ts';

/** What was tuned and on what, as it is kept. */
export function toModel(
  { weights, network, trainedErrorRate, calibration, suggestAbove }: Tuned,
  language: string,
  tunedOn: Model['tunedOn'],
): Model {
  return {
    formatVersion: MODEL_FORMAT_VERSION,
    language,
    weights: weightsByName(weights),
    network: keptNetwork(network),
    trainedErrorRate,
    calibration,
    suggestAbove,
    tunedOn,
  };
}

/** One file as `tunedOn` names it. Reads it once more: a file that has to be read twice is small. */
export function sourceOf(path: string, name: string, kind: string, rows: number): ModelSource {
  return { name, kind, sha256: createHash('sha256').update(readFileSync(path)).digest('hex'), rows };
}

/**
 * Writes into `to` the dataset of `from` with a model in place of the one it had: store files as hard links where the
 * file system lets it, and as copies elsewhere.
 *
 * @returns the new manifest
 */
export function writeVersion(from: string, manifest: Manifest, model: Model, to: string): Manifest {
  const stores = manifest.files.filter(({ name }) => name !== 'model');
  for (const { file } of stores) linkOrCopy(join(from, file), join(to, file));
  const bytes = Buffer.from(encodeModel(model));
  writeFileSync(join(to, MODEL_FILE), bytes);
  const files = [
    ...stores,
    {
      name: 'model',
      file: MODEL_FILE,
      kind: 'model',
      entries: Object.keys(model.weights).length,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      parameters: { formatVersion: model.formatVersion },
    },
  ];
  const written = { ...manifest, id: datasetId(files), files };
  writeFileSync(join(to, MANIFEST_FILE), encodeManifest(written));
  return written;
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function evidenceLiteral(evidence: Calibration['evidence']): string {
  if (evidence === null) return 'null';
  const weights = Object.entries(evidence.weights).map(([name, weight]) => `${name}: ${weight}`);
  return `{ bias: ${evidence.bias}, weights: { ${weights.join(', ')} } }`;
}

/** The TypeScript module that holds a language's defaults. `prefix` begins the names of what it exports. */
export function defaultsModule(prefix: string, tuned: Tuned, sources: readonly ModelSource[]): string {
  const { calibration, suggestAbove, trainedErrorRate, weights } = tuned;
  const network = keptNetwork(tuned.network);
  const list = (numbers: readonly number[]) => `[${numbers.join(', ')}]`;
  const map = ({ x, y }: { x: readonly number[]; y: readonly number[] }) => `{ x: ${list(x)}, y: ${list(y)} }`;
  return `/**
 * The defaults of the language: what decides between readings where a dataset has no model of its own. Written by
 * \`emend tune --defaults\` (services/tune/README.md says how); not to be edited by hand.
 *
 * Tuned on:
${sources.map(({ name, kind, rows, sha256 }) => ` * - ${name} (${kind}, ${rows} rows, SHA-256 ${sha256.slice(0, 16)}...)`).join('\n')}
 */
// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: numbers that were fitted, near to anything now and then
import type { Calibration } from '../calibration.ts';
import type { NetworkWeights } from '../network.ts';
import type { RankerWeights } from '../ranker.ts';

export const ${prefix}_WEIGHTS: RankerWeights = Object.freeze({
${Object.entries(weightsByName(weights))
  .filter(([, weight]) => weight !== 0)
  .map(([name, weight]) => `  ${name}: ${weight},`)
  .join('\n')}
});

/** What features say together. */
export const ${prefix}_NETWORK: NetworkWeights = Object.freeze({
  bias: ${list(network.bias)},
  out: ${list(network.out)},
  weights: {
${Object.entries(network.weights)
  .filter(([, row]) => row.some((weight) => weight !== 0))
  .map(([name, row]) => `    ${name}: ${list(row)},`)
  .join('\n')}
  },
});

/** The share of misspelled queries that the weights stand for. */
export const ${prefix}_TRAINED_ERROR_RATE = ${trainedErrorRate};

export const ${prefix}_CALIBRATION: Calibration = Object.freeze({
  errorRate: ${calibration.errorRate},
  evidence: ${evidenceLiteral(calibration.evidence)},
  best: ${map(calibration.best)},
  keep: ${map(calibration.keep)},
  others: ${calibration.others},
  edit: ${map(calibration.edit)},
});

/** Readings above this probability are offered. */
export const ${prefix}_SUGGEST_ABOVE = ${suggestAbove};
`;
}
