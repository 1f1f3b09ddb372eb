import type { Fault } from './fault.ts';
import { datasetFaults, rulesFaults, runningFileFaults } from './file-faults.ts';
import { NOBODY } from './program.ts';
import { signalFaults } from './signal-faults.ts';
import { configFaults, limitFaults, lockFaults, works, writingFaults } from './system-faults.ts';
import type { World } from './world.ts';

/** Which faults to try. */
export interface MatrixOptions {
  /** Those alone that the tests run. */
  readonly quick: boolean;
  /** Also those that build the bundled dataset: a minute each. */
  readonly firstStart: boolean;
}

/** The faults that can be made here, and what cannot be and why. */
export function matrixOf(world: World, { quick, firstStart }: MatrixOptions): { faults: Fault[]; missing: string[] } {
  const missing: string[] = [];
  if (!works(NOBODY)) missing.push('permissions: setpriv may not become another user');
  if (!works(['unshare', '--user', '--map-root-user', '--mount'])) missing.push('disk: no user namespaces to mount in');
  if (!works(['prlimit', '--nofile=64'])) missing.push('descriptors and memory: no prlimit');
  const all = [
    ...writingFaults(world),
    ...datasetFaults(world),
    ...rulesFaults(world),
    ...configFaults(world),
    ...limitFaults(world),
    ...runningFileFaults(world),
    ...signalFaults(world),
    ...(firstStart ? lockFaults(world) : []),
  ];
  const faults = all.filter(({ kind, name, isQuick }) => {
    if (quick && !isQuick) return false;
    return !missing.some(
      (what) => what.startsWith(kind) || (name.includes('may not be read') && what.startsWith('permissions')),
    );
  });
  return { faults, missing };
}
