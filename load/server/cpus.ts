import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Which cores the server and the driver are kept on; undefined where they are not kept apart. */
export interface CpuPlan {
  readonly server: string | undefined;
  readonly driver: string | undefined;
}

/**
 * The driver gets the last core and the server all others, so that neither waits for the other's turn. Not on one core,
 * nor where there is no `taskset` (util-linux).
 */
export function planCpus(): CpuPlan {
  const cores = availableParallelism();
  const apart = cores >= 2 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  if (!apart) return { server: undefined, driver: undefined };
  return { server: cores === 2 ? '0' : `0-${cores - 2}`, driver: `${cores - 1}` };
}

/** The command that runs `node` with the given arguments on the given cores. */
export function nodeOn(cpus: string | undefined, args: readonly string[]): [string, string[]] {
  if (cpus === undefined) return [process.execPath, [...args]];
  return ['taskset', ['-c', cpus, process.execPath, ...args]];
}
