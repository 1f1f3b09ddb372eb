/** When a fault strikes. */
export type Stage = 'build' | 'start' | 'serve' | 'drain';

/**
 * What became of the program.
 *
 * | outcome | meaning |
 * | --- | --- |
 * | `right` | it answers, and rightly |
 * | `told` | it ends within seconds with exit code 1 or 2 and a line that names what failed, without a stack; nothing half made |
 * | `problem` | requests that need what failed get a problem document, the others right answers; the process lives |
 * | `drained` | it ends with exit code 0, every request answered |
 * | `cut` | it ends with exit code 1 |
 * | `ended` | it ends at once, by the signal |
 *
 * All else is a fault of the program: `hangs`, `crashes`, `wrong answer`, `shows a stack`, `says nothing`, `leaves files`.
 */
export type Outcome = 'right' | 'told' | 'problem' | 'drained' | 'cut' | 'ended';

/** One fault at one stage, and what may come of it. */
export interface Fault {
  readonly stage: Stage;
  /** What is at fault: a file, descriptors, memory, disk, permissions, a signal. */
  readonly kind: string;
  readonly name: string;
  readonly expected: readonly Outcome[];
  /** Whether it is among those that the tests run: those that take the least time for what they show. */
  readonly isQuick: boolean;
  /** Makes the fault, looks, and answers an {@link Outcome} or, in words, what must not be. */
  run(): Promise<string>;
}

/** A fault that was tried. */
export interface Tried {
  readonly fault: Fault;
  readonly found: string;
}

/** Tries faults one after another; those that throw are found to have `threw`. */
export async function tryFaults(faults: readonly Fault[], onTried: (tried: Tried) => void): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const fault of faults) {
    const found = await fault.run().catch((error: unknown) => `threw: ${String(error).slice(0, 200)}`);
    tried.push({ fault, found });
    onTried({ fault, found });
  }
  return tried;
}

/** Whether what was found may be. */
export function isAsExpected({ fault, found }: Tried): boolean {
  return (fault.expected as readonly string[]).includes(found);
}
