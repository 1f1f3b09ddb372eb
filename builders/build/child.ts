/** The process that `build-in-child.ts` starts: builds what it is told to, says how far it is, and ends. */
import { Breath, type BuildProgress } from '../progress.ts';
import type { ChildMessage, ChildOrder } from './build-in-child.ts';
import { buildOnce } from './build-once.ts';
import { packError } from './thread-error.ts';

/** How often it says how far it is. */
const TELL_MS = 50;

const controller = new AbortController();
const stop = () => controller.abort(new Error('the build was stopped'));
// A terminal sends this one to both processes; whoever started this one says when to stop.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', stop);
process.on('SIGHUP', stop);
process.on('disconnect', stop);

function send(message: ChildMessage, then: () => void = () => undefined): void {
  // Whoever started it may be gone: then nobody is told, and it stops at the next breath.
  if (process.connected) process.send?.(message, undefined, {}, then);
  else then();
}

function tellingProgress(): BuildProgress {
  const breath = new Breath(controller.signal);
  let toldMs = 0;
  return {
    step: (label, total, unit) => send({ type: 'step', label, total, unit }),
    update(done) {
      const nowMs = performance.now();
      if (nowMs - toldMs < TELL_MS) return;
      toldMs = nowMs;
      send({ type: 'update', done });
    },
    breathe: () => breath.breathe(),
  };
}

process.once('message', async ({ plan, dir }: ChildOrder) => {
  let end: ChildMessage = { type: 'done' };
  try {
    await buildOnce(plan, dir, tellingProgress());
  } catch (error) {
    end = { type: 'failed', error: packError(error) };
  }
  send(end, () => process.exit(end.type === 'done' ? 0 : 1));
});
