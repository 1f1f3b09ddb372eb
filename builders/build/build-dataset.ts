import { basename, join } from 'node:path';
import { packageVersion } from '../../data/package-root.ts';
import { readChannel } from '../../stores/channel/group-channel.ts';
import { endsOfFile } from '../../stores/dataset/file-check.ts';
import {
  DATASET_FORMAT_VERSION,
  datasetId,
  encodeManifest,
  MANIFEST_FILE,
  type Manifest,
  type ManifestFile,
} from '../../stores/dataset/manifest.ts';
import { openDataset } from '../../stores/dataset/open.ts';
import { sha256OfFile } from '../../stores/dataset/verify.ts';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import { assemble } from '../assemble/assemble.ts';
import type { ChannelSources } from '../channel/learn.ts';
import type { CountedFile } from '../count/counted-file.ts';
import type { NgramCounter } from '../count/ngram-counter.ts';
import { BuildError, reasonOf } from '../errors.ts';
import { SessionRepeats } from '../extract/session-repeats.ts';
import type { BuildProgress } from '../progress.ts';
import { fileInput, streamInput } from '../sources/input.ts';
import { writeFile } from '../write-file.ts';
import { deletionsInThreads } from './deletions-in-threads.ts';
import { Engines } from './engines.ts';
import { writeLanguage } from './language-folder.ts';
import type { BuildPlan } from './plan.ts';
import { QueryLog } from './query-log.ts';
import { type ReadInput, readInputs } from './read-inputs.ts';
import { readTitlesInput } from './read-titles.ts';
import { readVectorsInput } from './read-vectors.ts';
import { Staging } from './staging.ts';
import { Threads, threadsFor } from './threads.ts';
import { type WithheldReport, withholdInputs } from './withhold-inputs.ts';

/** What a build did. */
export interface BuildReport {
  readonly dir: string;
  readonly manifest: Manifest;
  /** What was wrong with the first line left out of each input that had one. */
  readonly firstSkipped: readonly string[];
  /** What was ignored in the inputs without being asked for. */
  readonly warnings: readonly string[];
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
  const inputBytes = inputs.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const most = threadsFor(inputBytes, plan.memoryBytes);
  const writing = most === 0 ? undefined : new Threads(most - 1);
  const log = new QueryLog();
  const repeats = new SessionRepeats(staging.dir, plan.memoryBytes / 4);
  const open = new Map<string, NgramCounter>();
  const warnings: string[] = [];
  const read: ReadInput[] = [];
  try {
    const warn = (message: string) => void warnings.push(message);
    const shared = { build: plan, scratchFolder: staging.dir, progress, log, repeats, open, warn };
    await readInputs(inputs, shared, read);
    const counted = read.flatMap((input) => ('counted' in input ? [input] : []));
    const withheld = await withholdInputs(counted, plan, repeats, staging.dir, progress);
    const sources = countedOf(read);
    const vectors = await readVectorsInput(plan, progress);
    const titles = await readTitlesInput(plan, progress);
    let step = '';
    const assembled = await assemble(
      sources,
      staging.dir,
      {
        language: plan.language.language,
        openWriter: engines.openWriter,
        channel: channelSources(plan, log, read),
        misspellings: [log.misspellings(), ...read.flatMap((input) => ('lists' in input ? input.lists : []))],
        forms: counted.flatMap(({ forms = [] }) => forms),
        zeroHits: log.zeroHits(),
        ...(vectors === undefined ? {} : { vectors }),
        ...(titles === undefined ? {} : { titles }),
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
      const path = join(staging.dir, file);
      const ends = endsOfFile(path, bytes);
      return { name, file, kind, entries, bytes, sha256: sha256OfFile(path), ends, parameters };
    });
    files.push(...writeLanguage(plan.language, staging.dir));
    const manifest = describeBuild(plan, read, withheld, files);
    writeFile(join(staging.dir, MANIFEST_FILE), encodeManifest(manifest));
    await progress.breathe();
    checkOpens(staging.dir, dir);
    staging.commit();
    return { dir, manifest, firstSkipped: read.flatMap((input) => input.firstSkipped || []), warnings };
  } finally {
    await writing?.close();
    for (const counter of open.values()) counter.close();
    repeats.close();
    for (const source of countedOf(read)) source.close();
    engines.abort();
    staging.discard();
  }
}

/** Opens what was written as a service would: a dataset that cannot be opened is not put in place. About a second for 1 GB. */
function checkOpens(written: string, dir: string): void {
  try {
    openDataset(written).close();
  } catch (cause) {
    throw new BuildError(
      'BUILD_OUTPUT',
      `${dir}: opening the finished dataset before putting it in place: ${reasonOf(cause)}; nothing was written; report this with the inputs`,
      { cause },
    );
  }
}

function countedOf(read: readonly ReadInput[]): CountedFile[] {
  return read.flatMap((input) => ('counted' in input && input.counted !== undefined ? [input.counted] : []));
}

/** @throws {StoreError} when the error model to begin with cannot be read */
function channelSources({ channel }: BuildPlan, log: QueryLog, read: readonly ReadInput[]): ChannelSources {
  return {
    base: channel === null ? null : { name: basename(channel), costs: readChannel(channel) },
    pairs: [...log.trainingPairs(), ...read.flatMap((input) => ('pairs' in input ? input.pairs : []))],
  };
}

/** What a manifest states about the logs; nothing if none has a threshold. */
function withheldParameters(withheld: WithheldReport | undefined): Manifest['parameters'] {
  if (withheld === undefined) return {};
  const [rareWords, rarePairs, rareTriples] = withheld.leftOut;
  return { minSessions: withheld.minSessions, sessions: withheld.hasSessions, rareWords, rarePairs, rareTriples };
}

function describeBuild(
  plan: BuildPlan,
  read: readonly ReadInput[],
  withheld: WithheldReport | undefined,
  files: readonly ManifestFile[],
): Manifest {
  const [minCount1 = 1, minCount2 = 1, minCount3 = 1] = plan.minCounts;
  return {
    formatVersion: DATASET_FORMAT_VERSION,
    id: datasetId(files),
    builder: packageVersion(),
    textVersion: TEXT_VERSION,
    node: process.versions.node,
    unicode: process.versions['unicode'] ?? 'unknown',
    parameters: { minCount1, minCount2, minCount3, skipInvalid: plan.skipInvalid, ...withheldParameters(withheld) },
    inputs: read.map((input) => ({
      name: input.name,
      role: input.plan.role,
      wordClass: input.plan.wordClass,
      weight: input.plan.weight,
      bytes: input.digest.bytes,
      sha256: input.digest.sha256,
      records: input.records,
      skipped: input.skipped,
      tokens: 'counted' in input ? input.tokenCount : 0,
      ngrams: ('counted' in input ? input.counted?.sizes : undefined) ?? [0, 0, 0],
    })),
    files,
  };
}
