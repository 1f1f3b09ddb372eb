import type { BuildProgress } from '../progress.ts';
import { fileInput } from '../sources/input.ts';
import { readVectors, type WordVectors } from '../sources/vectors.ts';
import type { BuildPlan } from './plan.ts';

/** Vectors of words, and the name of the file that they came from. */
export interface VectorsInput {
  readonly source: string;
  readonly words: WordVectors;
}

/**
 * Reads the vectors that a plan names; undefined where it names none.
 *
 * @throws {BuildError} `BUILD_INPUT`, as the reader does
 */
export async function readVectorsInput(plan: BuildPlan, progress: BuildProgress): Promise<VectorsInput | undefined> {
  if (plan.vectors === undefined) return undefined;
  const input = fileInput(plan.vectors);
  progress.step('word vectors', input.size ?? 0, 'bytes');
  let done = 0;
  const words = await readVectors(
    input,
    { bytes: 0, sha256: '' },
    {
      invalid: { skip: plan.skipInvalid, count: 0, first: '' },
      onBytes: (bytes) => {
        done += bytes;
        progress.update(done);
      },
      breathe: () => progress.breathe(),
    },
  );
  return { source: input.name, words };
}
