/** Counting one input in a thread: what goes there and what comes back. */
import { CountedFile, type HandedCounts } from '../count/counted-file.ts';
import type { SourceRole } from '../count/counted-source.ts';
import { silentProgress } from '../progress.ts';
import { fileInput } from '../sources/input.ts';
import { type CountedInput, countInput } from './count-input.ts';
import type { BuildPlan, InputPlan } from './plan.ts';

export interface CountTask {
  readonly plan: InputPlan<SourceRole>;
  /** Unique within the build. */
  readonly name: string;
  readonly build: Pick<BuildPlan, 'memoryBytes' | 'minCounts' | 'skipInvalid'>;
  readonly scratchFolder: string;
}

/** A {@link CountedInput} whose counts are on their way to another thread. */
export type CountTaskResult = Omit<CountedInput, 'counted'> & { readonly counts: HandedCounts };

/** Counts an input. @param onDone told the stored bytes read so far */
export async function runCountTask(task: CountTask, onDone: (bytes: number) => void): Promise<CountTaskResult> {
  const { plan, name, build, scratchFolder } = task;
  let bytes = 0;
  const onBytes = (chunk: number) => {
    bytes += chunk;
    onDone(bytes);
  };
  const context = { build, scratchFolder, progress: silentProgress(), onBytes };
  const { counted, ...rest } = await countInput(fileInput(plan.file, plan.label), plan, name, context);
  return { ...rest, counts: counted.handOver() };
}

/** Takes over what a thread has counted. */
export function takeCounts({ counts, ...rest }: CountTaskResult): CountedInput {
  return { ...rest, counted: CountedFile.takeOver(counts) };
}
