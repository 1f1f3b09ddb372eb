/**
 * A closed-loop run with autocannon, in a process of its own: how much a server does when it is never left waiting.
 *
 * Throughput only. Its latencies are no evidence for a limit of 10 ms: they come in whole milliseconds; a closed loop
 * sends nothing while the server stalls; `-R` sends each second's requests in the first part of the second; and its
 * correction for coordinated omission takes 1 ms between requests whatever the rate.
 */

import autocannon from 'autocannon';
import { baseUrl } from '../server/already-running.ts';
import type { SaturationOrder, SaturationReport } from './saturation.ts';

process.once('message', (order: SaturationOrder) => {
  void saturate(order).then((report) => process.send?.(report, () => process.disconnect()));
});

async function saturate(order: SaturationOrder): Promise<SaturationReport> {
  const result = await autocannon({
    url: baseUrl(order),
    connections: order.connections,
    pipelining: 1,
    duration: order.seconds,
    requests: order.requests.map(({ method, path, body }) => ({
      method,
      path,
      ...(body === '' ? {} : { body, headers: { 'content-type': 'application/json' } }),
    })),
  });
  return {
    requestsPerSecond: result['2xx'] / result.duration,
    errors: result.errors + result.timeouts + result.non2xx,
    seconds: result.duration,
  };
}
