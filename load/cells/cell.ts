import type { DriveReport, RemoteDriver } from '../driver/remote-driver.ts';
import type { LoadRequest } from '../driver/request.ts';
import { type BusyTime, readBusyTime } from '../server/busy-cores.ts';
import { type Figures, growth, growthBy, readFigures } from '../server/exposition.ts';
import { readCpuMs } from '../server/process-cpu.ts';
import { readMemory, readPss } from '../server/process-memory.ts';
import type { RunningServer } from '../server/running-server.ts';
import { disturbanceOf, judge, MIN_REQUESTS, type Verdict } from './verdict.ts';
import { settle, type WarmUpSlice } from './warm-up.ts';

/** One cell of the matrix: what to send to a server, how fast, how long. */
export interface CellPlan {
  readonly workload: string;
  readonly requests: readonly LoadRequest[];
  /** Queries in each request. */
  readonly batch: number;
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Sent at the same rate before anything counts. */
  readonly warmUpSeconds: number;
  /** Before that, at the same rate: until the CPU of a query has settled, or for so many seconds. */
  readonly settleSeconds: number;
  readonly seed: number;
  readonly limitMs: number;
}

/** Memory at a moment of the run: seconds since its start, bytes. */
export type MemoryPoint = readonly [seconds: number, anonymous: number, file: number];

/** A try that was made again, since the driver or the machine was disturbed. */
export interface DisturbedTry {
  readonly p99Us: number;
  readonly bareP99Us: number | undefined;
  readonly why: string;
}

/** What a cell showed. Undefined where the server does not tell, or the system has no /proc. */
export interface CellResult extends MeasuredCell {
  /** p99 of the bare server right before and right after, the larger; undefined for the bare server itself. */
  readonly bareP99Us: number | undefined;
  readonly verdict: Verdict;
  /** Why it says nothing of the server, where the driver or the machine was disturbed. */
  readonly disturbance: string | undefined;
  /** Tries before this one. */
  readonly disturbedTries: readonly DisturbedTry[];
}

/** What was measured, before it is judged. */
export interface MeasuredCell {
  readonly workload: string;
  readonly batch: number;
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly report: DriveReport;
  /** The server's CPU while it was warmed up, where it had just been started. */
  readonly warmUp: readonly WarmUpSlice[];
  /** The slowest requests, shortened. */
  readonly slowest: readonly { readonly ms: number; readonly request: string }[];
  /** User and system time of the server for one query, milliseconds. */
  readonly cpuMsPerQuery: number | undefined;
  /** Share of one core that the server kept busy. */
  readonly cpuShare: number | undefined;
  /** Cores kept busy meanwhile by anything but server and driver, or taken away by other virtual machines. */
  readonly othersCores: number | undefined;
  /** Milliseconds a query by step of the pipeline. */
  readonly stepMs: Readonly<Record<string, number>>;
  /** Collector pauses during the run: how many, milliseconds altogether, and those longer than 10 ms. */
  readonly gc: { readonly pauses: number; readonly totalMs: number; readonly longerThan10Ms: number } | undefined;
  /** How late the server's event loop was, milliseconds above the 10 ms of the timer that measures it. */
  readonly loopDelayMs: { readonly p99: number; readonly max: number } | undefined;
  readonly heapUsedBytes: number | undefined;
  readonly pssBytes: number | undefined;
  readonly cacheHitShare: number | undefined;
  readonly memory: readonly MemoryPoint[];
}

const CONNECTIONS = 32;
const MAX_CONNECTIONS = 512;
const TIMEOUT_MS = 5000;
const MEMORY_EVERY_MS = 500;
/** What the timer behind prom-client's event loop figures waits between two looks. */
const LOOP_TIMER_MS = 10;
const SHOWN_REQUEST = 120;

/** How much longer than asked a slow rate may be measured. */
const MOST_STRETCH = 4;

/** How long to send at a rate: as long as asked, or longer for as many requests as a p99 takes, within reason. */
export function secondsFor(ratePerSecond: number, seconds: number): number {
  return Math.max(seconds, Math.min(MOST_STRETCH * seconds, Math.ceil((1.02 * MIN_REQUESTS) / ratePerSecond)));
}

/** Warms a server up, sends a cell's requests and gathers what server, driver and system say of it. */
export async function runCell(server: RunningServer, driver: RemoteDriver, plan: CellPlan): Promise<MeasuredCell> {
  const order = {
    host: server.host,
    port: server.port,
    requests: plan.requests,
    ratePerSecond: plan.ratePerSecond,
    connections: CONNECTIONS,
    maxConnections: MAX_CONNECTIONS,
    timeoutMs: TIMEOUT_MS,
  };
  const pace = { ...order, seconds: plan.seconds, seed: plan.seed };
  const warmUp = await settle(server, driver, pace, plan.batch, plan.settleSeconds);
  // Other arrivals than the run's, and the requests from the first on.
  if (plan.warmUpSeconds > 0) await driver.drive({ ...order, seconds: plan.warmUpSeconds, seed: plan.seed + 1 });
  const before = await readFigures(server);
  const cpuBefore = readCpuMs(server.pid);
  const memory: MemoryPoint[] = [];
  const busyBefore = readBusyTime();
  const startedMs = performance.now();
  const sampler = setInterval(() => {
    const now = readMemory(server.pid);
    if (now !== undefined) memory.push([(performance.now() - startedMs) / 1000, now.anonymous, now.file]);
  }, MEMORY_EVERY_MS);
  let report: DriveReport;
  try {
    report = await driver.drive(pace);
  } finally {
    clearInterval(sampler);
  }
  const tookMs = performance.now() - startedMs;
  const busyAfter = readBusyTime();
  const cpuAfter = readCpuMs(server.pid);
  const after = await readFigures(server);
  const queries = report.sent * plan.batch;
  const cpuMs = cpuBefore === undefined || cpuAfter === undefined ? cpuTold(before, after) : cpuAfter - cpuBefore;
  return {
    workload: plan.workload,
    batch: plan.batch,
    ratePerSecond: plan.ratePerSecond,
    seconds: plan.seconds,
    report,
    warmUp,
    slowest: report.slowest.map(({ request, us }) => ({ ms: us / 1000, request: shown(plan.requests[request]) })),
    cpuMsPerQuery: cpuMs === undefined ? undefined : cpuMs / queries,
    cpuShare: cpuMs === undefined ? undefined : cpuMs / tookMs,
    othersCores:
      busyBefore === undefined || busyAfter === undefined || cpuMs === undefined
        ? undefined
        : Math.max(0, spentMs(busyBefore, busyAfter) - cpuMs - report.cpuMs) / tookMs,
    stepMs: stepsOf(before, after, queries),
    gc: collectorOf(before, after),
    loopDelayMs: loopDelayOf(after),
    heapUsedBytes: after.get('nodejs_heap_size_used_bytes'),
    pssBytes: readPss(server.pid),
    cacheHitShare: hitShare(before, after),
    memory,
  };
}

/** Judges what was measured beside the bare server. */
export function judged(cell: MeasuredCell, limitMs: number, bareP99Us: number | undefined): CellResult {
  const around = { bareP99Us, othersCores: cell.othersCores };
  return {
    ...cell,
    bareP99Us,
    verdict: judge(cell.report, limitMs, around),
    disturbance: disturbanceOf(cell.report, limitMs, around),
    disturbedTries: [],
  };
}

/** CPU by the server's own word, for one whose process is not known. */
function cpuTold(before: Figures, after: Figures): number | undefined {
  const name = 'process_cpu_seconds_total';
  return after.has(name) ? growth(before, after, name) * 1000 : undefined;
}

function spentMs(before: BusyTime, after: BusyTime): number {
  return after.busyMs + after.stolenMs - before.busyMs - before.stolenMs;
}

function shown(request: LoadRequest | undefined): string {
  if (request === undefined) return '';
  return (request.body === '' ? request.path : request.body).slice(0, SHOWN_REQUEST);
}

function stepsOf(before: Figures, after: Figures, queries: number): Record<string, number> {
  const seconds = growthBy(before, after, 'rewrite_worker_duration_seconds_total', 'worker');
  return Object.fromEntries(Array.from(seconds, ([worker, value]) => [worker, (value * 1000) / queries]));
}

function collectorOf(before: Figures, after: Figures): CellResult['gc'] {
  const family = 'nodejs_gc_duration_seconds';
  if (![...after.keys()].some((name) => name.startsWith(family))) return undefined;
  const pauses = growth(before, after, `${family}_count`);
  let short = 0;
  for (const [name, value] of after) {
    if (name.startsWith(`${family}_bucket`) && name.includes('le="0.01"')) short += value - (before.get(name) ?? 0);
  }
  return { pauses, totalMs: growth(before, after, `${family}_sum`) * 1000, longerThan10Ms: pauses - short };
}

function loopDelayOf(after: Figures): CellResult['loopDelayMs'] {
  const above = (name: string) => {
    const seconds = after.get(name);
    return seconds === undefined ? undefined : Math.max(0, seconds * 1000 - LOOP_TIMER_MS);
  };
  const p99 = above('nodejs_eventloop_lag_p99_seconds');
  const max = above('nodejs_eventloop_lag_max_seconds');
  return p99 === undefined || max === undefined ? undefined : { p99, max };
}

function hitShare(before: Figures, after: Figures): number | undefined {
  const hits = growth(before, after, 'store_block_cache_hits_total');
  const misses = growth(before, after, 'store_block_cache_misses_total');
  return hits + misses === 0 ? undefined : hits / (hits + misses);
}
