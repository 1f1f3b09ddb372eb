/**
 * Told how far a build is. Steps follow one another; within a step `done` rises to `total`.
 *
 * Long stretches of work call `breathe` every few thousand items and await what it answers: that keeps signals and the
 * progress line alive, and is where an interrupted build stops.
 */
export interface BuildProgress {
  /** Begins a step: what is being done, in a few words, and of how much of what. */
  step(label: string, total: number, unit: 'bytes' | 'entries'): void;
  /** How much of the step is done in total. */
  update(done: number): void;
  /**
   * Lets the event loop run when it is time to, which is some 20 times a second: otherwise undefined, at no cost.
   *
   * @throws whatever the build was interrupted with (or the promise rejects with it)
   */
  breathe(): Promise<void> | undefined;
}

const BREATH_MS = 50;

/** The part of {@link BuildProgress} that is the same for all: `breathe`, stopped by a signal. */
export class Breath {
  readonly #signal: AbortSignal | undefined;
  #last: number;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    this.#last = performance.now();
  }

  breathe(): Promise<void> | undefined {
    this.#signal?.throwIfAborted();
    const now = performance.now();
    if (now - this.#last < BREATH_MS) return undefined;
    this.#last = now;
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        if (this.#signal?.aborted) reject(this.#signal.reason);
        else resolve();
      });
    });
  }
}

/** Progress that nobody looks at. */
export function silentProgress(signal?: AbortSignal): BuildProgress {
  const breath = new Breath(signal);
  return { step: () => undefined, update: () => undefined, breathe: () => breath.breathe() };
}
