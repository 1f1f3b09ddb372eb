/**
 * Holds the driver, and autocannon, against a server whose behaviour is known: it answers at once, but stands still for
 * 400 ms every 2 s.
 *
 *   npm run build && node dist/load/check-driver.js [--rate N] [--seconds N]
 *
 * The truth follows from the stalls that the server itself noted: a request that was to leave during one waits for the rest
 * of it, and any other for next to nothing.
 */
import autocannon from 'autocannon';
import { markdownTable } from '../services/figures/markdown.ts';
import { startKnownServer } from './driver/known-server.ts';
import { drive } from './driver/open-loop.ts';
import { encodeRequest } from './driver/request.ts';
import { poissonSchedule } from './driver/schedule.ts';
import { positiveNumber, programArguments } from './program/arguments.ts';

const STALL_MS = 400;
const EVERY_MS = 2000;

const HELP = `Holds the driver, and autocannon, against a server that stands still for 400 ms every 2 s.

  node dist/load/check-driver.js --rate 500 --seconds 10

Usage: node dist/load/check-driver.js [--rate N] [--seconds N]

--rate     requests a second; 1000 by default
--seconds  how long each of the three runs lasts; 20 by default
`;

const values = programArguments('check-driver', HELP, {
  rate: { type: 'string', default: '1000' },
  seconds: { type: 'string', default: '20' },
});
const rate = positiveNumber('check-driver', '--rate', values.rate);
const seconds = positiveNumber('check-driver', '--seconds', values.seconds);
const server = await startKnownServer({ stallMs: STALL_MS, everyMs: EVERY_MS });
try {
  const due = poissonSchedule(rate, seconds, 1);
  const requests = [encodeRequest({ method: 'GET', path: '/', body: '' }, '127.0.0.1')];
  const { latency, lateness, startedAtMs } = await drive({
    host: '127.0.0.1',
    port: server.port,
    requests,
    due,
    connections: 32,
    maxConnections: 512,
    timeoutMs: 10_000,
  });
  const stalls = await server.stalls();
  const truth = due
    .map((at) => {
      const intended = startedAtMs + at;
      const stall = stalls.find(([from, until]) => intended >= from && intended < until);
      return stall === undefined ? 0 : stall[1] - intended;
    })
    .sort();
  const trueAt = (share: number) => truth[Math.min(truth.length - 1, Math.floor(truth.length * share))] ?? 0;
  const url = `http://127.0.0.1:${server.port}`;
  const paced = await autocannon({ url, connections: 32, overallRate: rate, duration: seconds });
  const closed = await autocannon({ url, connections: 32, duration: seconds });
  const rows = [
    ['the stalls themselves', ...[0.5, 0.9, 0.99, 0.999, 1].map((share) => trueAt(share).toFixed(1))],
    [
      'this driver',
      ...[latency.p50, latency.p90, latency.p99, latency.p999, latency.max].map((us) => (us / 1000).toFixed(1)),
    ],
    ['autocannon -R (corrected)', ...autocannonRow(paced.latency)],
    ['autocannon, closed loop', ...autocannonRow(closed.latency)],
  ];
  process.stdout.write(markdownTable(['ms', 'p50', 'p90', 'p99', 'p99.9', 'max'], rows, 'left'));
  process.stdout.write(`\ndriver late: p50 ${lateness.p50} us, p99 ${lateness.p99} us\n`);
} finally {
  await server.close();
}

function autocannonRow({ p50, p90, p99, p99_9, max }: autocannon.Histogram): string[] {
  return [p50, p90, p99, p99_9, max].map(String);
}
