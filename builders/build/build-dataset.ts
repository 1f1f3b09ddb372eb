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
import { type AssembleOptions, assemble, DELETION_INDEXES } from '../assemble/assemble.ts';
import type { MisspellingList } from '../assemble/misspellings.ts';
import type { ChannelSources } from '../channel/learn.ts';
import type { TrainingPair } from '../channel/train.ts';
import { pairWeight } from '../channel/word-pairs.ts';
import { BuildError } from '../errors.ts';
import type { BuildProgress } from '../progress.ts';
import { fileInput, streamInput } from '../sources/input.ts';
import type { CountedInput } from './count-input.ts';
import { shareTerms } from './deletions-task.ts';
import { Engines } from './engines.ts';
import type { BuildPlan } from './plan.ts';
import { type ReadInput, readInputs } from './read-inputs.ts';
import { readVectorsInput } from './read-vectors.ts';
import { Staging } from './staging.ts';
import { Threads, threadsFor } from './threads.ts';

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
  const most = threadsFor(
    inputs.reduce((sum, { size }) => sum + (size ?? 0), 0),
    plan.memoryBytes,
  );
  // New ones for the second part: what the first ones took for counting goes back.
  const counting = most === 0 ? undefined : new Threads(most);
  const writing = most === 0 ? undefined : new Threads(most - 1);
  const read: ReadInput[] = [];
  try {
    await readInputs(plan, inputs, staging.dir, progress, counting, read);
    await counting?.close();
    const sources = countedOf(read).map((input) => input.counted);
    const vectors = await readVectorsInput(plan, progress);
    let step = '';
    const assembled = await assemble(
      sources,
      staging.dir,
      {
        openWriter: engines.openWriter,
        channel: channelSources(plan, read),
        misspellings: misspellingLists(read),
        zeroHits: zeroHitsOf(read),
        ...(vectors === undefined ? {} : { vectors }),
        ...(writing === undefined ? {} : { writeDeletions: deletionsInThreads(writing, staging.dir, plan) }),
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
    const manifest = describeBuild(plan, read, files);
    writeFileSync(join(staging.dir, MANIFEST_FILE), encodeManifest(manifest));
    await progress.breathe();
    staging.commit();
    return { dir, manifest, firstSkipped: read.flatMap((input) => input.firstSkipped || []) };
  } finally {
    await counting?.close();
    await writing?.close();
    for (const input of countedOf(read)) input.counted.close();
    engines.abort();
    staging.discard();
  }
}

/** Sessions in which a word was put right before it counts: once may have been another wish. */
const MIN_REFORMULATIONS = 2;

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

/** Has the deletion indexes written by threads, one by each where there are enough. */
function deletionsInThreads(
  threads: Threads,
  dir: string,
  plan: BuildPlan,
): NonNullable<AssembleOptions['writeDeletions']> {
  return async (terms, channel, onDone) => {
    const groups = threads.most > 1 ? DELETION_INDEXES.map((name) => [name]) : [DELETION_INDEXES];
    const shared = shareTerms(terms);
    const done = groups.map(() => 0);
    const written = groups.map((names, i) =>
      threads.run('deletions', { names, terms: shared, channel, dir, engines: plan.engines }, (hashes) => {
        done[i] = hashes;
        onDone(done.reduce((sum, of) => sum + of, 0));
      }),
    );
    return (await Promise.all(written)).flat();
  };
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
