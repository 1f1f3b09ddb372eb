import type { CellPlan, CellResult } from './cell.ts';
import { runCell, secondsFor } from './cell.ts';
import type { RemoteDriver } from './driver/remote-driver.ts';
import type { Capacity } from './report/result.ts';
import type { RunningServer } from './server/running-server.ts';

/** How closely the rate is sought: as a share of the highest thinkable one. */
const STEPS = 6;
const WARM_UP_SECONDS = 1;

/**
 * Finds the highest rate at which p99 stays below the limit, by halving. A probe without a verdict counts as one that
 * does not hold: what cannot be shown is not claimed.
 *
 * @param most requests a second that cannot be passed: the throughput of a closed loop
 */
export async function findCapacity(
  server: RunningServer,
  driver: RemoteDriver,
  plan: Omit<CellPlan, 'ratePerSecond' | 'warmUpSeconds'>,
  most: number,
): Promise<Capacity> {
  const tried: CellResult[] = [];
  let holds = 0;
  let fails = most;
  for (let step = 0; step < STEPS; step++) {
    const ratePerSecond = Math.max(1, Math.round((holds + fails) / 2));
    const seconds = secondsFor(ratePerSecond, plan.seconds);
    const cell = await runCell(server, driver, { ...plan, seconds, ratePerSecond, warmUpSeconds: WARM_UP_SECONDS });
    tried.push(cell);
    if (cell.verdict.outcome === 'PASS') holds = ratePerSecond;
    else fails = ratePerSecond;
  }
  return { ratePerSecond: holds, tried };
}
