import { type ChildProcess, spawn } from 'node:child_process';
import { compiled } from '../../data/package-root.ts';
import { nodeOn } from '../server/cpus.ts';
import type { DriveResult } from './open-loop.ts';
import type { LoadRequest } from './request.ts';

/** What a driver process is asked to do. */
export interface DriveOrder {
  readonly host: string;
  readonly port: number;
  /** Sent in turn, from the first on again when they run out. */
  readonly requests: readonly LoadRequest[];
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly seed: number;
  readonly connections: number;
  readonly maxConnections: number;
  readonly timeoutMs: number;
}

/** What came of it: as {@link DriveResult}, with the slowest requests in place of all. */
export interface DriveReport extends Omit<DriveResult, 'latencies'> {
  /** The slowest, slowest first: `request` is an index into the order's requests. */
  readonly slowest: readonly { readonly request: number; readonly us: number }[];
  /** User and system time that the driver took, milliseconds. */
  readonly cpuMs: number;
}

/** A driver in a process of its own. */
export class RemoteDriver {
  readonly #child: ChildProcess;

  /** @param cpus the cores it is kept on, as `taskset -c` takes them */
  constructor(cpus: string | undefined) {
    const [command, args] = nodeOn(cpus, [compiled('load/driver/driver-process.js')]);
    this.#child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
  }

  /** Has a plan carried out; one at a time. */
  drive(order: DriveOrder): Promise<DriveReport> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`the driver ended with code ${code}`));
      this.#child.once('exit', onExit);
      this.#child.once('message', (report) => {
        this.#child.off('exit', onExit);
        resolve(report as DriveReport);
      });
      this.#child.send(order);
    });
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
