import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../../data/package-root.ts';
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
import { BuildError } from '../errors.ts';
import type { BuildProgress } from '../progress.ts';
import { fileInput, type Input, streamInput } from '../sources/input.ts';
import { type CountedInput, countInput } from './count-input.ts';
import { Engines } from './engines.ts';
import type { BuildPlan } from './plan.ts';
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
  const counted: CountedInput[] = [];
  try {
    await countAll(plan, inputs, staging.dir, progress, counted);
    const sources = counted.map((input) => input.counted);
    let step = '';
    const assembled = await assemble(
      sources,
      staging.dir,
      { openWriter: engines.openWriter, channelPath: bundledChannel() },
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
    const manifest = describeBuild(plan, counted, files);
    writeFileSync(join(staging.dir, MANIFEST_FILE), encodeManifest(manifest));
    await progress.breathe();
    staging.commit();
    return { dir, manifest, firstSkipped: counted.flatMap((input) => input.firstSkipped || []) };
  } finally {
    for (const input of counted) input.counted.close();
    engines.abort();
    staging.discard();
  }
}

/** The error model for English, trained on free lists of misspellings: `data/README.md` says which. */
function bundledChannel(): string {
  return join(packageRoot(), 'data', 'models', 'channel_en.tsv');
}

async function countAll(
  plan: BuildPlan,
  inputs: readonly Input[],
  scratchFolder: string,
  progress: BuildProgress,
  counted: CountedInput[],
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
    counted.push(await countInput(inputs[i]!, plan.inputs[i]!, names[i]!, context));
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

function describeBuild(plan: BuildPlan, counted: readonly CountedInput[], files: readonly ManifestFile[]): Manifest {
  const [minCount1 = 1, minCount2 = 1, minCount3 = 1] = plan.minCounts;
  return {
    formatVersion: DATASET_FORMAT_VERSION,
    id: datasetId(files),
    builder: packageVersion(),
    textVersion: TEXT_VERSION,
    node: process.versions.node,
    unicode: process.versions['unicode'] ?? 'unknown',
    parameters: { minCount1, minCount2, minCount3, skipInvalid: plan.skipInvalid },
    inputs: counted.map(({ counted: source, digest, records, skipped }) => ({
      name: source.name,
      role: source.role,
      wordClass: source.wordClass,
      weight: source.weight,
      bytes: digest.bytes,
      sha256: digest.sha256,
      records,
      skipped,
      tokens: source.tokenCount,
      ngrams: source.sizes,
    })),
    files,
  };
}
