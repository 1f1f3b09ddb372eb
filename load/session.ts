import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compiled } from '../data/package-root.ts';
import { findCapacity } from './capacity.ts';
import { type CellResult, runCell, secondsFor } from './cell.ts';
import { RemoteDriver } from './driver/remote-driver.ts';
import type { LoadOptions } from './options.ts';
import type { Capacity, ServerResult } from './report/result.ts';
import { type SaturationReport, saturate } from './saturation.ts';
import { baseUrl } from './server/already-running.ts';
import { type CpuPlan, planCpus } from './server/cpus.ts';
import { type RunningServer, startServer } from './server/running-server.ts';
import { type Pool, readPool } from './workloads/pool.ts';
import { requestsOf, workloadOf } from './workloads/workloads.ts';

/** A workload and a rate to measure. */
export interface CellWish {
  readonly workload: string;
  readonly ratePerSecond: number;
}

/** What to measure of one server. */
export interface ServerWish {
  /** How the report calls it. */
  readonly name: string;
  /** A compiled file and its arguments. */
  readonly args: readonly string[];
  readonly dataset: string;
  readonly cacheBytes: number | undefined;
  readonly cells: readonly CellWish[];
  readonly saturationSeconds: number;
  readonly capacity: boolean;
}

/** Different requests of a run: more than any cache of answers could be hoped to hold at their natural frequencies. */
const REQUESTS = 5000;
const SATURATION_CONNECTIONS = 32;

/** What all measurements of a run share: the driver, the cores, the queries. */
export class Session {
  readonly options: LoadOptions;
  readonly cpus: CpuPlan;
  readonly pool: Pool;
  readonly #driver: RemoteDriver;
  readonly #say: (line: string) => void;

  /** @param say takes a line of progress */
  constructor(options: LoadOptions, say: (line: string) => void) {
    this.options = options;
    this.cpus = planCpus();
    const { queriesFile, corpus } = options;
    this.pool = readPool({
      ...(queriesFile === undefined ? {} : { queriesFile }),
      ...(corpus === undefined ? {} : { corpus }),
    });
    this.#driver = new RemoteDriver(this.cpus.driver);
    this.#say = say;
  }

  /** Starts a server, measures what is wished, and stops it. */
  async measure(wish: ServerWish): Promise<ServerResult> {
    this.#say(`${wish.name}: starting`);
    const server = await startServer({ args: wish.args, cpus: this.cpus.server });
    try {
      return await this.measureRunning(server, wish);
    } finally {
      await server.stop();
    }
  }

  /** Measures a server that runs. */
  async measureRunning(server: RunningServer, wish: ServerWish): Promise<ServerResult> {
    const cells: CellResult[] = [];
    for (const { workload, ratePerSecond } of wish.cells) {
      const seconds = secondsFor(ratePerSecond, this.options.seconds);
      this.#say(`${wish.name}: ${workload} at ${ratePerSecond}/s for ${seconds} s`);
      const plan = { ...this.#plan(workload), seconds, ratePerSecond, warmUpSeconds: this.options.warmUpSeconds };
      cells.push(await runCell(server, this.#driver, plan));
    }
    let saturation: SaturationReport | undefined;
    if (wish.saturationSeconds > 0) {
      this.#say(`${wish.name}: closed loop for ${wish.saturationSeconds} s`);
      const { requests } = this.#plan('natural');
      const { host, port } = server;
      saturation = await saturate(
        { host, port, requests, connections: SATURATION_CONNECTIONS, seconds: wish.saturationSeconds },
        this.cpus.driver,
      );
    }
    let capacity: Capacity | undefined;
    if (wish.capacity && saturation !== undefined) {
      this.#say(`${wish.name}: seeking the highest rate that holds`);
      capacity = await findCapacity(server, this.#driver, this.#plan('natural'), saturation.requestsPerSecond);
    }
    const { name, dataset, cacheBytes } = wish;
    const { id: datasetId, bytes: datasetBytes } = await describeDataset(server, dataset);
    const { readyMs } = server;
    return { server: name, dataset, datasetId, datasetBytes, cacheBytes, readyMs, cells, saturation, capacity };
  }

  close(): void {
    this.#driver.stop();
  }

  #plan(name: string) {
    const { seconds, seed, limitMs } = this.options;
    const workload = workloadOf(name);
    const requests = requestsOf(workload, this.pool, REQUESTS, seed);
    return { workload: name, requests, batch: workload.batch, seconds, seed, limitMs };
  }
}

/** The program as a user starts it. */
export function emendArgs(dataset: string, cacheBytes: number | undefined): string[] {
  return [
    compiled('services/emend.js'),
    'serve',
    ...['--host', '127.0.0.1', '--port', '0'],
    ...['--dataset', dataset],
    ...(cacheBytes === undefined ? [] : ['--cache-bytes', `${cacheBytes}`]),
  ];
}

/** The server's own word on its dataset, and the size of the files where the folder is known. */
async function describeDataset(server: RunningServer, dataset: string): Promise<{ id: string; bytes: number }> {
  const response = await fetch(`${baseUrl(server)}/readyz`).catch(() => undefined);
  const answer: unknown = response?.ok ? await response.json().catch(() => undefined) : undefined;
  const named = typeof answer === 'object' && answer !== null && 'dataset' in answer ? answer.dataset : undefined;
  const id = typeof named === 'string' ? named : '';
  const bytes = dataset === '' ? 0 : folderBytes(dataset);
  return { id, bytes };
}

/** Bytes of the files of a folder. */
export function folderBytes(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
