import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageVersion } from '../../data/package-root.ts';
import { readChannel } from '../../stores/channel/group-channel.ts';
import {
  DATASET_FORMAT_VERSION,
  datasetId,
  encodeManifest,
  MANIFEST_FILE,
  type Manifest,
  type ManifestFile,
} from '../../stores/dataset/manifest.ts';
import { sha256OfFile } from '../../stores/dataset/verify.ts';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import { assemble } from '../assemble/assemble.ts';
import type { MisspellingList } from '../assemble/misspellings.ts';
import type { ChannelSources } from '../channel/learn.ts';
import type { TrainingPair } from '../channel/train.ts';
import { pairWeight } from '../channel/word-pairs.ts';
import { BuildError } from '../errors.ts';
import type { BuildProgress } from '../progress.ts';
import { fileInput, type Input, streamInput } from '../sources/input.ts';
import { type CountedInput, countInput } from './count-input.ts';
import { Engines } from './engines.ts';
import { writeLanguage } from './language-folder.ts';
import { type BuildPlan, isCounted } from './plan.ts';
import { type PairsInput, readPairsInput } from './read-pairs.ts';
import { readVectorsInput } from './read-vectors.ts';
import { Staging } from './staging.ts';

/** What a build did. */
export interface BuildReport {
  readonly dir: string;
  readonly manifest: Manifest;
  /** What was wrong with the first line left out of each input that had one. */
  readonly firstSkipped: readonly string[];
}

/**
 * Builds a dataset version at `dir`, a path that is free or an empty folder. It appears there whole or not at all.
 *
 * @param stdin read where the plan's file is `-`
 * @throws {BuildError} for inputs, outputs and limits; whatever `progress.breathe` throws when interrupted
 */
export async function buildDataset(
  plan: BuildPlan,
  dir: string,
  stdin: NodeJS.ReadableStream,
  progress: BuildProgress,
): Promise<BuildReport> {
  if (plan.inputs.length === 0) throw new BuildError('BUILD_INPUT', 'building a dataset: there is no input; give one');
  const inputs = plan.inputs.map((input) =>
    input.file === '-' ? streamInput(stdin) : fileInput(input.file, input.label),
  );
  const staging = new Staging(dir);
  const engines = new Engines(staging.dir, plan.engines);
  const read: ReadInput[] = [];
  try {
    await readAll(plan, inputs, staging.dir, progress, read);
    const sources = countedOf(read).map((input) => input.counted);
    const vectors = await readVectorsInput(plan, progress);
    let step = '';
    const assembled = await assemble(
      sources,
      staging.dir,
      {
        language: plan.language.language,
        openWriter: engines.openWriter,
        channel: channelSources(plan, read),
        misspellings: misspellingLists(read),
        zeroHits: zeroHitsOf(read),
        ...(vectors === undefined ? {} : { vectors }),
      },
      (label, done, total) => {
        if (label !== step) progress.step(label, total, 'entries');
        step = label;
        progress.update(done);
        const breath = progress.breathe();
        // Where it is not awaited, the next call throws what it was interrupted with.
        breath?.catch(() => undefined);
        return breath;
      },
    );
    for (const source of sources) source.close();
    progress.step('digests', assembled.length, 'entries');
    const files = assembled.map(({ name, file, kind, entries, bytes, parameters }, i): ManifestFile => {
      progress.update(i);
      return { name, file, kind, entries, bytes, sha256: sha256OfFile(join(staging.dir, file)), parameters };
    });
    files.push(...writeLanguage(plan.language, staging.dir));
    const manifest = describeBuild(plan, read, files);
    writeFileSync(join(staging.dir, MANIFEST_FILE), encodeManifest(manifest));
    await progress.breathe();
    staging.commit();
    return { dir, manifest, firstSkipped: read.flatMap((input) => input.firstSkipped || []) };
  } finally {
    for (const input of countedOf(read)) input.counted.close();
    engines.abort();
    staging.discard();
  }
}

/** Sessions in which a word was put right before it counts: once may have been another wish. */
const MIN_REFORMULATIONS = 2;

/** An input once it is read: counted, or taken for its pairs. */
type ReadInput = CountedInput | PairsInput;

function countedOf(read: readonly ReadInput[]): CountedInput[] {
  return read.flatMap((input) => ('counted' in input ? [input] : []));
}

/** @throws {StoreError} when the error model to begin with cannot be read */
function channelSources({ channel }: BuildPlan, read: readonly ReadInput[]): ChannelSources {
  return {
    base: channel === null ? null : { name: basename(channel), costs: readChannel(channel) },
    pairs: read.flatMap((input) => ('pairs' in input ? input.pairs : reformulatedPairs(input))),
  };
}

/** What people put right themselves teaches the error model, too: once is chance. */
function reformulatedPairs({ reformulations, plan }: CountedInput): TrainingPair[] {
  return reformulations
    .filter(({ meant, count }) => meant.length === 1 && count >= MIN_REFORMULATIONS)
    .map(({ typed, meant, count }) => ({ typed, meant: meant[0]!, weight: plan.weight * pairWeight(count) }));
}

function misspellingLists(read: readonly ReadInput[]): MisspellingList[] {
  return read.flatMap((input) => ('lists' in input ? input.lists : [reformulatedList(input)]));
}

function reformulatedList({ reformulations }: CountedInput): MisspellingList {
  const often = reformulations.filter(({ count }) => count >= MIN_REFORMULATIONS);
  return { pairs: often.map(({ typed, meant }) => ({ wrong: typed, rights: [meant] })), origin: 'log' };
}

/** The terms that nowhere in the logs had results, and how often they were asked for. */
function zeroHitsOf(read: readonly ReadInput[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const { zeroHits } of countedOf(read)) {
    for (const [term, count] of zeroHits) all.set(term, (all.get(term) ?? 0) + count);
  }
  return all;
}

async function readAll(
  plan: BuildPlan,
  inputs: readonly Input[],
  scratchFolder: string,
  progress: BuildProgress,
  read: ReadInput[],
): Promise<void> {
  const sizes = inputs.map((input) => input.size);
  // Where one size is unknown, so is the total: no remaining time then.
  const total = sizes.includes(undefined) ? 0 : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  let done = 0;
  const onBytes = (bytes: number) => {
    done += bytes;
    progress.update(done);
  };
  progress.step('reading', total, 'bytes');
  const names = uniqueNames(inputs);
  for (let i = 0; i < inputs.length; i++) {
    const context = { build: plan, scratchFolder, progress, onBytes };
    const input = plan.inputs[i]!;
    read.push(
      isCounted(input)
        ? await countInput(inputs[i]!, input, names[i]!, context)
        : await readPairsInput(inputs[i]!, input, names[i]!, context),
    );
  }
}

function uniqueNames(inputs: readonly Input[]): string[] {
  const seen = new Map<string, number>();
  return inputs.map(({ name }) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

function describeBuild(plan: BuildPlan, read: readonly ReadInput[], files: readonly ManifestFile[]): Manifest {
  const [minCount1 = 1, minCount2 = 1, minCount3 = 1] = plan.minCounts;
  return {
    formatVersion: DATASET_FORMAT_VERSION,
    id: datasetId(files),
    builder: packageVersion(),
    textVersion: TEXT_VERSION,
    node: process.versions.node,
    unicode: process.versions['unicode'] ?? 'unknown',
    parameters: { minCount1, minCount2, minCount3, skipInvalid: plan.skipInvalid },
    inputs: read.map((input) => ({
      name: input.name,
      role: input.plan.role,
      wordClass: input.plan.wordClass,
      weight: input.plan.weight,
      bytes: input.digest.bytes,
      sha256: input.digest.sha256,
      records: input.records,
      skipped: input.skipped,
      tokens: 'counted' in input ? input.counted.tokenCount : 0,
      ngrams: 'counted' in input ? input.counted.sizes : [0, 0, 0],
    })),
    files,
  };
}
