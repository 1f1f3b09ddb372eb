import type { DriveOrder, RemoteDriver } from '../driver/remote-driver.ts';
import { readCpuMs } from '../server/process-cpu.ts';
import type { RunningServer } from '../server/running-server.ts';

/** What the server's CPU was while it was warmed up. */
export interface WarmUpSlice {
  readonly seconds: number;
  readonly cpuMsPerQuery: number;
}

/** The CPU of a query is looked at in pieces of so many seconds. */
const SLICE_SECONDS = 2;
/** By how much a piece may be cheaper than the one before and still count as the same. */
const SETTLED_SHARE = 0.05;

/**
 * Whether the CPU of a query falls no more: of the last three pieces, neither of the later two is cheaper than the one
 * before it by more than a twentieth.
 */
export function hasSettled(cpuMsPerQuery: readonly number[]): boolean {
  const last = cpuMsPerQuery.slice(-3);
  return last.length === 3 && last.every((value, i) => i === 0 || value > (last[i - 1] ?? 0) * (1 - SETTLED_SHARE));
}

/**
 * Sends at a rate until the CPU of a query has settled, or for `mostSeconds`: a server that was just started spends most of
 * its first seconds on compiling itself.
 *
 * @returns the pieces; none where the server's CPU cannot be read
 */
export async function settle(
  server: RunningServer,
  driver: RemoteDriver,
  order: DriveOrder,
  batch: number,
  mostSeconds: number,
): Promise<WarmUpSlice[]> {
  const slices: WarmUpSlice[] = [];
  for (let spent = 0; spent < mostSeconds; spent += SLICE_SECONDS) {
    const seconds = Math.min(SLICE_SECONDS, mostSeconds - spent);
    const before = readCpuMs(server.pid);
    if (before === undefined) return [];
    const { sent } = await driver.drive({ ...order, seconds, seed: order.seed + 2 + spent });
    const cpuMs = (readCpuMs(server.pid) ?? before) - before;
    slices.push({ seconds, cpuMsPerQuery: cpuMs / (sent * batch) });
    if (hasSettled(slices.map((slice) => slice.cpuMsPerQuery))) break;
  }
  return slices;
}
