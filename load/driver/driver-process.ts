/**
 * The driver's process: takes plans from its parent and sends what came of them. A process of its own, so that nothing
 * the harness does (reading figures, writing files) makes a request late, and so that it can have a core to itself.
 */
import { drive } from './open-loop.ts';
import type { DriveOrder, DriveReport } from './remote-driver.ts';
import { encodeRequest } from './request.ts';
import { poissonSchedule } from './schedule.ts';

process.on('message', (order: DriveOrder) => {
  void carryOut(order).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());

async function carryOut(order: DriveOrder): Promise<DriveReport> {
  const { host, port, ratePerSecond, seconds, seed, connections, maxConnections, timeoutMs } = order;
  const requests = order.requests.map((request) => encodeRequest(request, `${host}:${port}`));
  const due = poissonSchedule(ratePerSecond, seconds, seed);
  const cpu = process.cpuUsage();
  const { latencies, ...result } = await drive({
    host,
    port,
    requests,
    due,
    connections,
    maxConnections,
    timeoutMs,
  });
  const slowest = Array.from(latencies.keys())
    .sort((a, b) => (latencies[b] ?? 0) - (latencies[a] ?? 0))
    .slice(0, SLOWEST)
    .map((request) => ({ request: request % requests.length, us: latencies[request] ?? 0 }));
  const { user, system } = process.cpuUsage(cpu);
  return { ...result, slowest, cpuMs: (user + system) / 1000 };
}

/** How many of the slowest requests are told by name. */
const SLOWEST = 5;
