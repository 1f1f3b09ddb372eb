/** Writes what was tuned as a model, of a dataset version or of a language. */
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
import { unwritable } from '../../stores/errors.ts';
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
 * @throws {StoreError} `STORE_IO` when a file cannot be written
 */
export function writeVersion(from: string, manifest: Manifest, model: Model, to: string): Manifest {
  const stores = manifest.files.filter(({ name }) => name !== 'model');
  for (const { file } of stores) linkOrCopy(join(from, file), join(to, file));
  const bytes = Buffer.from(encodeModel(model));
  write(join(to, MODEL_FILE), bytes);
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
  write(join(to, MANIFEST_FILE), encodeManifest(written));
  return written;
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    writing(to, () => copyFileSync(from, to));
  }
}

function write(path: string, content: string | Uint8Array): void {
  writing(path, () => writeFileSync(path, content));
}

function writing(path: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    throw unwritable(path, cause);
  }
}
