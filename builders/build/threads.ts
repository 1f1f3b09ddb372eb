import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { BuildError, reasonOf } from '../errors.ts';
import { moduleBeside } from './beside.ts';
import type { CountTask, CountTaskResult } from './count-task.ts';
import type { DeletionsTask, DeletionsTaskResult } from './deletions-task.ts';
import { type ThreadError, unpackError } from './thread-error.ts';

/** What a thread can be asked to do, and what it answers; all of it can be copied between threads. */
export interface Tasks {
  readonly count: { readonly task: CountTask; readonly result: CountTaskResult };
  readonly deletions: { readonly task: DeletionsTask; readonly result: DeletionsTaskResult };
}

export type TaskKind = keyof Tasks;

/** From the build to a thread. */
export interface TaskMessage<Kind extends TaskKind = TaskKind> {
  readonly kind: Kind;
  readonly task: Tasks[Kind]['task'];
}

/** From a thread to the build: how far it is, or its end. */
export type ThreadMessage =
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'done'; readonly result: Tasks[TaskKind]['result'] }
  | { readonly type: 'failed'; readonly error: ThreadError };

/** More bring little: the inputs of a build are few, and what is made of them is made in two parts. */
const MOST_THREADS = 4;

/** Less than this for each to count in, and they would write out more than they save, in bytes. */
const LEAST_MEMORY_BYTES = 64 << 20;

/** Inputs smaller than this together are read before a thread has started, in bytes. */
const WORTHWHILE_BYTES = 4 << 20;

/**
 * How many threads a build of so many bytes of input is worth, which share the memory for counting: as many as there are
 * processors, or 0, which stands for the thread that asks. What they make does not depend on it.
 *
 * @param others that count meanwhile, with the same share of the memory
 */
export function threadsFor(inputBytes: number, memoryBytes: number, others = 0): number {
  const shares = Math.floor(memoryBytes / LEAST_MEMORY_BYTES) - others;
  const most = Math.min(availableParallelism(), MOST_THREADS, shares);
  return inputBytes >= WORTHWHILE_BYTES && most > 1 && moduleBeside('thread') !== undefined ? most : 0;
}

interface Waiting {
  readonly message: TaskMessage;
  readonly onProgress: (done: number) => void;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** Threads that work on tasks in the order in which they were asked for. */
export class Threads {
  /** Threads at once. */
  readonly most: number;
  readonly #entry: string;
  /** What each thread works on; undefined while it has nothing to do. */
  readonly #workers: Map<Worker, Waiting | undefined>;
  readonly #waiting: Waiting[];
  #closed: boolean;

  /** @param most threads at once; each starts when there is a task for it */
  constructor(most: number) {
    const entry = moduleBeside('thread');
    if (entry === undefined) throw new Error('threads run from compiled modules alone');
    this.most = most;
    this.#entry = entry;
    this.#workers = new Map();
    this.#waiting = [];
    this.#closed = false;
  }

  /**
   * Has a thread work on a task.
   *
   * @param onProgress told how far it is, some 20 times a second
   * @throws {BuildError} what the task throws, as a rejection
   */
  run<Kind extends TaskKind>(
    kind: Kind,
    task: Tasks[Kind]['task'],
    onProgress: (done: number) => void = () => undefined,
  ): Promise<Tasks[Kind]['result']> {
    const promise = new Promise<Tasks[Kind]['result']>((resolve, reject) => {
      this.#waiting.push({ message: { kind, task }, onProgress, resolve, reject });
    });
    // Whoever awaits it hears of the failure; nobody may yet.
    promise.catch(() => undefined);
    this.#assign();
    return promise;
  }

  /** Stops all threads wherever they are; what was asked of them fails. Settles when they have ended. Safe at any time. */
  async close(): Promise<void> {
    this.#closed = true;
    const stopped = new Error('the threads of the build were stopped');
    for (const { reject } of this.#waiting.splice(0)) reject(stopped);
    const workers = [...this.#workers];
    await Promise.all(workers.map(([worker]) => worker.terminate()));
    for (const [, task] of workers) task?.reject(stopped);
  }

  /** Gives the tasks that wait to threads without one. */
  #assign(): void {
    while (!this.#closed && this.#waiting.length > 0) {
      const worker = this.#idle() ?? (this.#workers.size < this.most ? this.#start() : undefined);
      if (worker === undefined) return;
      const next = this.#waiting.shift()!;
      this.#workers.set(worker, next);
      worker.postMessage(next.message);
    }
  }

  #idle(): Worker | undefined {
    for (const [worker, task] of this.#workers) if (task === undefined) return worker;
    return undefined;
  }

  #start(): Worker {
    // Descriptors of scratch files outlive the thread that opened them: they are handed over.
    const worker = new Worker(this.#entry, { trackUnmanagedFds: false });
    worker.on('message', (answer: ThreadMessage) => {
      const task = this.#workers.get(worker);
      if (answer.type === 'progress') {
        task?.onProgress(answer.done);
        return;
      }
      this.#workers.set(worker, undefined);
      if (answer.type === 'done') task?.resolve(answer.result as never);
      else task?.reject(unpackError(answer.error));
      this.#assign();
    });
    // It ran out of memory, or stopped for a reason of its own.
    worker.on('error', (cause) => {
      const task = this.#workers.get(worker);
      this.#workers.delete(worker);
      task?.reject(new BuildError('BUILD_LIMIT', `a thread of the build ended: ${reasonOf(cause)}`, { cause }));
      this.#assign();
    });
    return worker;
  }
}
