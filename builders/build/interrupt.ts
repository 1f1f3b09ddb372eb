const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What an interrupted build fails with. */
export class Interrupted extends Error {
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}; nothing was written`);
    this.name = 'Interrupted';
    this.signal = signal;
  }
}

/**
 * Runs `work` with a signal that is aborted, by an {@link Interrupted}, when the process is asked to end. The process
 * ends by that same signal once `work` has cleaned up after itself, as whoever sent it expects.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => controller.abort(new Interrupted(signal));
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    const reason: unknown = controller.signal.reason;
    if (reason instanceof Interrupted) process.kill(process.pid, reason.signal);
  }
}
