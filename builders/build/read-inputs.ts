/** Reads the inputs of a build, in this thread or several at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BuildProgress } from '../progress.ts';
import type { Input } from '../sources/input.ts';
import { type CountedInput, countInput } from './count-input.ts';
import { takeCounts } from './count-task.ts';
import { type BuildPlan, type InputPlan, isCounted } from './plan.ts';
import { type PairsInput, readPairsInput } from './read-pairs.ts';
import type { Threads } from './threads.ts';

/** An input once it is read: counted, or taken for its pairs. */
export type ReadInput = CountedInput | PairsInput;

/** How often progress is told while other threads are waited for. */
const WAIT_MS = 50;

/** What all inputs are read with. */
interface Reading {
  readonly plan: BuildPlan;
  readonly inputs: readonly Input[];
  readonly names: readonly string[];
  readonly scratchFolder: string;
  readonly progress: BuildProgress;
  readonly onBytes: (bytes: number) => void;
}

/**
 * Reads all inputs and adds them to `read`, in the order of the plan. What is there when it throws is the caller's to close.
 *
 * @param threads count the inputs that are files, with the memory for counting divided among them; without any, or of one
 *   input alone, this thread does
 * @throws {BuildError} of the first input in the order of the plan that has one; what `progress.breathe` throws
 */
export async function readInputs(
  plan: BuildPlan,
  inputs: readonly Input[],
  scratchFolder: string,
  progress: BuildProgress,
  threads: Threads | undefined,
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
  const reading = { plan, inputs, names: uniqueNames(inputs), scratchFolder, progress, onBytes };
  const counting = threads === undefined ? [] : countInThreads(reading, threads);
  try {
    for (let i = 0; i < inputs.length; i++) {
      const elsewhere = counting[i];
      read.push(elsewhere === undefined ? await readHere(reading, i) : takeCounts(await waitFor(elsewhere, progress)));
      counting[i] = undefined;
    }
  } catch (error) {
    // What was counted beyond the one that failed is given back.
    await threads?.close();
    for (const settled of await Promise.allSettled(counting)) {
      if (settled.status === 'fulfilled' && settled.value !== undefined) takeCounts(settled.value).counted.close();
    }
    throw error;
  }
}

type Counting = ReturnType<typeof Threads.prototype.run<'count'>>;

/** Hands the counted inputs that are files to threads, the largest first: the others fill the gaps at the end. */
function countInThreads(reading: Reading, threads: Threads): (Counting | undefined)[] {
  const { plan, inputs, names, scratchFolder, onBytes } = reading;
  const { minCounts, skipInvalid } = plan;
  const build = { minCounts, skipInvalid, memoryBytes: Math.floor(plan.memoryBytes / threads.most) };
  const counting: (Counting | undefined)[] = inputs.map(() => undefined);
  const bySize = [...inputs.keys()].sort((a, b) => (inputs[b]!.size ?? 0) - (inputs[a]!.size ?? 0));
  for (const i of bySize) {
    const input: InputPlan = plan.inputs[i]!;
    if (input.file === '-' || !isCounted(input)) continue;
    let told = 0;
    counting[i] = threads.run('count', { plan: input, name: names[i]!, build, scratchFolder }, (bytes) => {
      onBytes(bytes - told);
      told = bytes;
    });
  }
  return counting;
}

async function readHere(
  { plan, inputs, names, scratchFolder, progress, onBytes }: Reading,
  i: number,
): Promise<ReadInput> {
  const context = { build: plan, scratchFolder, progress, onBytes };
  const input = plan.inputs[i]!;
  return isCounted(input)
    ? countInput(inputs[i]!, input, names[i]!, context)
    : readPairsInput(inputs[i]!, input, names[i]!, context);
}

/** What a thread answers; until then an interrupted build stops here. */
async function waitFor<T>(promise: Promise<T>, progress: BuildProgress): Promise<T> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  while (!isSettled) {
    await Promise.race([promise, sleep(WAIT_MS)]);
    await progress.breathe();
  }
  return promise;
}

function uniqueNames(inputs: readonly Input[]): string[] {
  const seen = new Map<string, number>();
  return inputs.map(({ name }) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}
