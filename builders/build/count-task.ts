/** Counting one input in a thread: what goes there and what comes back. */
import { CountedFile, type HandedCounts } from '../count/counted-file.ts';
import { silentProgress } from '../progress.ts';
import { fileInput } from '../sources/input.ts';
import { type CountContext, type CountedInput, countInput, type LoneInput } from './count-input.ts';

export interface CountTask {
  readonly plan: LoneInput;
  /** Unique within the build. */
  readonly name: string;
  readonly build: CountContext['build'];
  readonly scratchFolder: string;
}

/** A {@link CountedInput} whose counts are on their way to another thread, and what of it was passed over. */
export interface CountTaskResult extends Omit<CountedInput, 'counted'> {
  readonly counts: HandedCounts | undefined;
  readonly warnings: readonly string[];
}

/** Counts an input. @param onDone told the stored bytes read so far */
export async function runCountTask(task: CountTask, onDone: (bytes: number) => void): Promise<CountTaskResult> {
  const { plan, name, build, scratchFolder } = task;
  let bytes = 0;
  const onBytes = (chunk: number) => {
    bytes += chunk;
    onDone(bytes);
  };
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const context = { build, scratchFolder, progress: silentProgress(), warn, onBytes };
  const { counted, ...rest } = await countInput(fileInput(plan.file, plan.label), plan, name, context);
  return { ...rest, counts: counted?.handOver(), warnings };
}

/** Takes over what a thread has counted. @param warn told what of it was passed over */
export function takeCounts({ counts, warnings, ...rest }: CountTaskResult, warn: CountContext['warn']): CountedInput {
  for (const message of warnings) warn(message);
  return { ...rest, counted: counts === undefined ? undefined : CountedFile.takeOver(counts) };
}
