import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compiled } from '../../data/package-root.ts';
import { seekCapacity } from '../cells/capacity.ts';
import { type CellResult, judged, runCell, secondsFor } from '../cells/cell.ts';
import { Control } from '../cells/control.ts';
import { middleOf, RepeatBudget, untilUndisturbed } from '../cells/repeats.ts';
import { type SaturationReport, saturate } from '../cells/saturation.ts';
import { RemoteDriver } from '../driver/remote-driver.ts';
import type { Capacity, ServerResult } from '../report/result.ts';
import { baseUrl } from '../server/already-running.ts';
import { type CpuPlan, planCpus } from '../server/cpus.ts';
import { type RunningServer, startServer } from '../server/running-server.ts';
import { type Pool, readPool } from '../workloads/pool.ts';
import { requestsOf, workloadOf } from '../workloads/workloads.ts';
import type { LoadOptions } from './options.ts';

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
  /** Seconds of a cell, where other than the run's. */
  readonly seconds?: number;
  /** Seconds to settle in, at most, where other than the run's. */
  readonly settleSeconds?: number;
  /** Whether what was disturbed is left as it is: servers that only stand beside are not to use up the run's repeats. */
  readonly measuredOnce: boolean;
  /** Whether the first cell is measured as often as the run says. */
  readonly repeated: boolean;
  readonly saturationSeconds: number;
  readonly capacity: boolean;
}

/** Different requests of a run: more than any cache of answers could be hoped to hold at their natural frequencies. */
const REQUESTS = 5000;
const SATURATION_CONNECTIONS = 32;
/** Measurements of a run that are made again because they were disturbed. */
const MOST_REPEATS = 10;
const NO_REPEATS = new RepeatBudget(0);
/** A probe's own: the server has been under load for minutes. */
const PROBE_WARM_UP_SECONDS = 1;

/** What all measurements of a run share: the driver, the cores, the queries. */
export class Session {
  readonly options: LoadOptions;
  readonly cpus: CpuPlan;
  readonly pool: Pool;
  readonly #driver: RemoteDriver;
  readonly #say: (line: string) => void;
  readonly #budget: RepeatBudget;
  #control: Control | undefined;

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
    this.#budget = new RepeatBudget(options.mode === 'quick' ? 1 : MOST_REPEATS);
    this.#control = undefined;
  }

  /** Starts the bare server that is driven between the measurements from now on. */
  async startControl(): Promise<void> {
    const [request] = this.#plan('natural').requests;
    if (request !== undefined) {
      this.#control = await Control.start(this.#driver, request, this.options, this.cpus.server);
    }
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
    const { warmUpSeconds, repeats } = this.options;
    const settleSeconds = wish.settleSeconds ?? this.options.settleSeconds;
    this.#control?.forget();
    const cells: CellResult[] = [];
    let headline = 0;
    for (const [i, cell] of wish.cells.entries()) {
      // The first is what the verdict is about: measured several times, the middle one by p99 counts.
      for (let repeat = 0; repeat < (i === 0 && wish.repeated ? repeats : 1); repeat++) {
        const first = i === 0 && repeat === 0;
        cells.push(await this.#cell(server, wish, cell, first ? settleSeconds : 0, warmUpSeconds));
      }
      if (i === 0) headline = middleOf(cells, ({ report }) => report.latency.p99);
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
    if (wish.capacity && saturation !== undefined) capacity = await this.#capacity(server, wish, saturation);
    const { name, dataset, cacheBytes } = wish;
    const { id: datasetId, bytes: datasetBytes } = await describeDataset(server, dataset);
    const { readyMs } = server;
    return {
      server: name,
      dataset,
      datasetId,
      datasetBytes,
      cacheBytes,
      readyMs,
      cells,
      headline,
      saturation,
      capacity,
    };
  }

  /** One cell, between two drives of the bare server; again where driver or machine were disturbed. */
  async #cell(
    server: RunningServer,
    wish: ServerWish,
    { workload, ratePerSecond }: CellWish,
    settleSeconds: number,
    warmUpSeconds: number,
  ): Promise<CellResult> {
    const seconds = secondsFor(ratePerSecond, wish.seconds ?? this.options.seconds);
    const plan = { ...this.#plan(workload), seconds, ratePerSecond, warmUpSeconds };
    let settling = settleSeconds;
    const tries = await untilUndisturbed(
      async () => {
        this.#say(`${wish.name}: ${workload} at ${ratePerSecond}/s for ${seconds} s`);
        const measure = () => runCell(server, this.#driver, { ...plan, settleSeconds: settling });
        const beside = this.#control?.beside(ratePerSecond, measure);
        const { of, bareP99Us } = (await beside) ?? { of: await measure(), bareP99Us: undefined };
        settling = 0;
        return judged(of, this.options.limitMs, bareP99Us);
      },
      wish.measuredOnce ? NO_REPEATS : this.#budget,
    );
    const [cell, ...before] = [...tries].reverse() as [CellResult, ...CellResult[]];
    const disturbedTries = before.reverse().map(({ report, bareP99Us, disturbance }) => ({
      p99Us: report.latency.p99,
      bareP99Us,
      why: disturbance ?? '',
    }));
    const { warmUp } = tries[0];
    return { ...cell, warmUp, disturbedTries };
  }

  async #capacity(server: RunningServer, wish: ServerWish, { requestsPerSecond }: SaturationReport): Promise<Capacity> {
    this.#say(`${wish.name}: seeking the highest rate that holds`);
    const tried: CellResult[] = [];
    const ratePerSecond = await seekCapacity(async (rate) => {
      const cell = await this.#cell(
        server,
        wish,
        { workload: 'natural', ratePerSecond: rate },
        0,
        PROBE_WARM_UP_SECONDS,
      );
      tried.push(cell);
      return cell.verdict.outcome;
    }, requestsPerSecond);
    return { ratePerSecond, tried };
  }

  async close(): Promise<void> {
    this.#driver.stop();
    await this.#control?.stop();
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
