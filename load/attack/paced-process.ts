/**
 * A user in a process of its own: sends ordinary queries at a steady pace to the service and to a server that does nothing,
 * each timed from the moment at which it was due, until its parent asks for the figures.
 *
 *   node dist/load/attack/paced-process.js SERVICE_PORT BARE_PORT RATE
 */
import { Agent, get } from 'node:http';
import { quantile } from '../../services/figures/quantiles.ts';

/** What the user saw of one server: milliseconds, and what was not a 200. */
export interface Seen {
  readonly asked: number;
  readonly failed: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const QUERIES = ['wireles hedphones', 'running shoes', 'smeg tosater', 'bluetooth speaker', 'bathroomvanity 48 inch'];
const TIMEOUT_MS = 10_000;

const [servicePort = 0, barePort = 0, rate = 50] = process.argv.slice(2).map(Number);
const servers = [servicePort, barePort].map((port) => ({
  port,
  agent: new Agent({ keepAlive: true, maxSockets: 64 }),
  took: [] as number[],
  statuses: {} as Record<string, number>,
}));

function ask({ port, agent, took, statuses }: (typeof servers)[number], i: number, dueMs: number): void {
  const done = (status: string) => {
    took.push(performance.now() - dueMs);
    statuses[status] = (statuses[status] ?? 0) + 1;
  };
  const path = `/rewrite?q=${encodeURIComponent(QUERIES[i % QUERIES.length] ?? '')}`;
  const asked = get({ agent, host: '127.0.0.1', port, path, timeout: TIMEOUT_MS }, (response) => {
    response.resume().on('end', () => done(String(response.statusCode)));
    response.on('error', () => {});
  });
  asked.on('timeout', () => asked.destroy(Object.assign(new Error('too late'), { code: 'timeout' })));
  asked.on('error', (error: NodeJS.ErrnoException) => {
    // A kept connection that closed as it was used: any client sends the request again.
    if (asked.reusedSocket && error.code === 'ECONNRESET') ask({ port, agent, took, statuses }, i, dueMs);
    else done(error.code ?? 'error');
  });
}

const startMs = performance.now();
let sent = 0;
setInterval(() => {
  for (let dueMs = startMs + (sent * 1000) / rate; dueMs <= performance.now(); dueMs = startMs + (sent * 1000) / rate) {
    for (const server of servers) ask(server, sent, dueMs);
    sent++;
  }
}, 1);

process.on('message', () => {
  const seen: Seen[] = servers.map(({ took, statuses }) => ({
    asked: took.length,
    failed: took.length - (statuses['200'] ?? 0),
    statuses,
    p50Ms: quantile(took, 0.5),
    p99Ms: quantile(took, 0.99),
    maxMs: Math.max(...took),
  }));
  process.send?.(seen, () => process.exit());
});
