import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import type { CellResult } from '../cells/cell.ts';
import type { SaturationReport } from '../cells/saturation.ts';

/** Where a run took place: without it figures mean nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Load over the last minute when the run began: above 0.5 a core somebody else was at work. */
  readonly loadAverage: number;
  readonly serverCpus: string;
  readonly driverCpus: string;
}

/** What was measured of one server process, started for it. */
export interface ServerResult {
  /** `bare`, `express`, `emend`, `maps` ... */
  readonly server: string;
  /** Folder and id of the dataset; empty for a server without one. */
  readonly dataset: string;
  readonly datasetId: string;
  readonly datasetBytes: number;
  /** Bytes of the block cache; undefined: as the program comes. */
  readonly cacheBytes: number | undefined;
  /** Undefined for a server that ran already. */
  readonly readyMs: number | undefined;
  readonly cells: readonly CellResult[];
  /** The place among the cells of the one that counts for the verdict. */
  readonly headline: number;
  readonly saturation: SaturationReport | undefined;
  /** The highest rate that held the limit twice, and the rates that were tried. */
  readonly capacity: Capacity | undefined;
}

export interface Capacity {
  readonly ratePerSecond: number;
  readonly tried: readonly CellResult[];
}

/** A whole run, as result.json has it. */
export interface RunResult {
  readonly startedAt: string;
  readonly command: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly queries: string;
  readonly seed: number;
  readonly limitMs: number;
  readonly servers: readonly ServerResult[];
  readonly outcome: string;
  readonly verdictLine: string;
}

/** Looks at the machine. */
export function describeMachine(serverCpus: string | undefined, driverCpus: string | undefined): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
    loadAverage: loadavg()[0] ?? 0,
    serverCpus: serverCpus ?? 'any',
    driverCpus: driverCpus ?? 'any',
  };
}

/** The commit that is checked out, or empty where there is none. */
export function currentCommit(folder: string): string {
  try {
    return execFileSync('git', ['-C', folder, 'rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
