/** What a thread of a build runs: one task after another, each told by a message. See `threads.ts`. */
import { parentPort } from 'node:worker_threads';
import { runCountTask } from './count-task.ts';
import { runDeletionsTask } from './deletions-task.ts';
import { packError } from './thread-error.ts';
import type { TaskKind, TaskMessage, Tasks, ThreadMessage } from './threads.ts';

const PROGRESS_MS = 50;

function send(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

/** Tells how far a task is, not more often than is worth it. */
function reporter(): (done: number) => void {
  let toldMs = 0;
  return (done) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_MS) return;
    toldMs = nowMs;
    send({ type: 'progress', done });
  };
}

async function perform({ kind, task }: TaskMessage): Promise<Tasks[TaskKind]['result']> {
  switch (kind) {
    case 'count':
      return await runCountTask(task as Tasks['count']['task'], reporter());
    case 'deletions':
      return runDeletionsTask(task as Tasks['deletions']['task'], reporter());
  }
}

parentPort?.on('message', async (message: TaskMessage) => {
  try {
    send({ type: 'done', result: await perform(message) });
  } catch (error) {
    send({ type: 'failed', error: packError(error) });
  }
});
