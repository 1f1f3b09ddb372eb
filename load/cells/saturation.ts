import { spawn } from 'node:child_process';
import { compiled } from '../../data/package-root.ts';
import type { LoadRequest } from '../driver/request.ts';
import { nodeOn } from '../server/cpus.ts';

/** What a saturation process is asked to do. */
export interface SaturationOrder {
  readonly host: string;
  readonly port: number;
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  readonly seconds: number;
}

/** What a server did when it always had something to do. */
export interface SaturationReport {
  readonly requestsPerSecond: number;
  readonly errors: number;
  readonly seconds: number;
}

/** Runs autocannon against a server: closed loop, throughput only. */
export function saturate(order: SaturationOrder, cpus: string | undefined): Promise<SaturationReport> {
  const [command, args] = nodeOn(cpus, [compiled('load/cells/saturation-process.js')]);
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('message', (report) => resolve(report as SaturationReport));
    child.once('exit', (code) => reject(new Error(`autocannon ended with code ${code} and no result`)));
    child.send(order);
  });
}
