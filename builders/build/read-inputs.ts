/** Reads the inputs of a build, in this thread or several at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BuildError } from '../errors.ts';
import type { BuildProgress } from '../progress.ts';
import type { Input } from '../sources/input.ts';
import {
  type CountedInput,
  countInput,
  countLog,
  isLog,
  isLone,
  type LogContext,
  type LoneInput,
  logOf,
} from './count-input.ts';
import { takeCounts } from './count-task.ts';
import { type BuildPlan, type InputPlan, isCounted } from './plan.ts';
import { type PairsInput, readPairsInput } from './read-pairs.ts';
import { Threads, threadsFor } from './threads.ts';

/** An input once it is read: counted, or taken for its pairs. */
export type ReadInput = CountedInput | PairsInput;

/** How often progress is told while other threads are waited for. */
const WAIT_MS = 50;

/** What all inputs are read with. */
type Reading = Omit<LogContext, 'goesOn'> & { readonly inputs: readonly Input[]; readonly names: readonly string[] };

/**
 * Reads all inputs into `read`, in the order of the plan. What is there when it throws is the caller's to close.
 *
 * Where it is worth it, files that are counted by themselves are counted in threads, meanwhile the others here; they share the
 * memory for counting. Query logs are one log, counted in one place.
 *
 * @throws {BuildError} of the first input in the order of reading that has one; what `progress.breathe` throws
 */
export async function readInputs(
  inputs: readonly Input[],
  shared: Omit<LogContext, 'onBytes' | 'goesOn'>,
  read: ReadInput[],
): Promise<void> {
  const { build, progress, warn } = shared;
  const sizes = inputs.map((input) => input.size);
  // Where one size is unknown, so is the total: no remaining time then.
  const total = sizes.includes(undefined) ? 0 : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  let done = 0;
  const onBytes = (bytes: number) => {
    done += bytes;
    progress.update(done);
  };
  progress.step('reading', total, 'bytes');
  const lone = [...inputs.keys()].filter((i) => isForThread(build.inputs[i]!));
  const isHereToo = build.inputs.some((input) => isCounted(input) && !isForThread(input));
  const most = countingThreads(inputs, build, lone.length, isHereToo);
  const memoryBytes = Math.floor(build.memoryBytes / Math.max(1, most + (isHereToo && most > 0 ? 1 : 0)));
  const reading = { ...shared, build: { ...build, memoryBytes }, onBytes, inputs, names: uniqueNames(inputs) };
  const threads = most === 0 ? undefined : new Threads(most);
  const counting = threads === undefined ? new Map<number, Counting>() : countInThreads(reading, lone, threads);
  try {
    const order = readingOrder(build.inputs);
    for (let at = 0; at < order.length; at++) {
      const i = order[at]!;
      const elsewhere = counting.get(i);
      read[i] =
        elsewhere === undefined
          ? await readHere(reading, i, order[at + 1])
          : takeCounts(await waitFor(elsewhere, progress), warn);
      counting.delete(i);
      if (build.allowEmpty !== true) refuseEmpty(read[i]!, inputs[i]!.label);
    }
  } finally {
    await threads?.close();
    // What was counted beyond an input that failed is given back.
    for (const settled of await Promise.allSettled(counting.values())) {
      if (settled.status === 'fulfilled') takeCounts(settled.value, () => undefined).counted?.close();
    }
  }
}

/** Whether an input can be counted in a thread: a file that is counted by itself. */
function isForThread(input: InputPlan): input is LoneInput {
  return isLone(input) && input.file !== '-';
}

/** How many threads count, or 0 where nothing would be counted at the same time. */
function countingThreads(inputs: readonly Input[], build: BuildPlan, loneCount: number, isHereToo: boolean): number {
  if (loneCount + (isHereToo ? 1 : 0) < 2) return 0;
  const bytes = inputs.reduce((sum, { size }) => sum + (size ?? 0), 0);
  return Math.min(loneCount, threadsFor(bytes, build.memoryBytes, isHereToo ? 1 : 0));
}

type Counting = ReturnType<typeof Threads.prototype.run<'count'>>;

/** Hands inputs to threads, the largest first: the others fill the gaps at the end. */
function countInThreads(reading: Reading, lone: readonly number[], threads: Threads): Map<number, Counting> {
  const { inputs, names, scratchFolder, onBytes, build } = reading;
  const { minCounts, skipInvalid, memoryBytes } = build;
  const counting = new Map<number, Counting>();
  for (const i of [...lone].sort((a, b) => (inputs[b]!.size ?? 0) - (inputs[a]!.size ?? 0))) {
    const plan = build.inputs[i]! as LoneInput;
    const task = { plan, name: names[i]!, build: { minCounts, skipInvalid, memoryBytes }, scratchFolder };
    let told = 0;
    const running = threads.run('count', task, (bytes) => {
      onBytes(bytes - told);
      told = bytes;
    });
    counting.set(i, running);
  }
  return counting;
}

/** @param next the place of the input that is read after it */
async function readHere(reading: Reading, i: number, next: number | undefined): Promise<ReadInput> {
  const { inputs, names, build } = reading;
  const [input, plan, name] = [inputs[i]!, build.inputs[i]!, names[i]!];
  if (isLone(plan)) return countInput(input, plan, name, reading);
  if (!isLog(plan)) return readPairsInput(input, plan, name, reading);
  const goesOn = next !== undefined && logOf(build.inputs[next]!) === logOf(plan);
  return countLog(input, plan, name, { ...reading, goesOn });
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

/** A log may consist of queries without results, which are not counted; other inputs must have terms. */
function refuseEmpty(input: ReadInput, label: string): void {
  const isWithoutTerms = 'counted' in input && input.plan.role !== 'queries' && input.tokenCount === 0;
  if (input.records > 0 && !isWithoutTerms) return;
  const found = input.records === 0 ? 'no record in it' : `no term in its ${input.records} records`;
  const leftOut = input.skipped === 0 ? '' : `, and ${input.skipped} lines left out (the first: ${input.firstSkipped})`;
  throw new BuildError(
    'BUILD_INPUT',
    `${label}: reading it: found ${found}${leftOut}; check the file, or accept it with --allow-empty`,
  );
}

/** The places of the inputs in the order given, but files of one log next to its first: only one is counted at a time. */
function readingOrder(inputs: readonly InputPlan[]): number[] {
  const places = new Map<string, number[]>();
  inputs.forEach((input, i) => {
    const key = logOf(input) ?? `input ${i}`;
    places.set(key, [...(places.get(key) ?? []), i]);
  });
  return [...places.values()].flat();
}

function uniqueNames(inputs: readonly Input[]): string[] {
  const seen = new Map<string, number>();
  return inputs.map(({ name }) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}
