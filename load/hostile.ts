/**
 * The slowest queries: each hostile shape sent one at a time to a server that does nothing else, so that what is seen is
 * the work of one query and not the waiting behind others. Beside them the two queries of everyday: three words, right and
 * with one misspelling.
 *
 *   npm run build && node dist/load/hostile.js [--dataset DIR] [--queries N] [--seed N]
 */
import { Agent, request } from 'node:http';
import { markdownTable } from '../services/figures/markdown.ts';
import { median } from '../services/figures/quantiles.ts';
import { seededRandom } from '../services/figures/random.ts';
import type { LoadRequest } from './driver/request.ts';
import { positiveNumber, programArguments } from './program/arguments.ts';
import { bundledDataset } from './program/bundled-dataset.ts';
import { planCpus } from './server/cpus.ts';
import { readCpuMs } from './server/process-cpu.ts';
import { type RunningServer, startServer } from './server/running-server.ts';
import { emendArgs } from './session/session.ts';
import { HOSTILE_SHAPES } from './workloads/hostile.ts';
import { misspell } from './workloads/misspell.ts';
import { readPool } from './workloads/pool.ts';
import { requestFor } from './workloads/workloads.ts';

const LIMIT_MS = 10;
/** Enough for the code to be optimised before anything is timed. */
const WARM_UP_QUERIES = 3000;

const HELP = `Sends the slowest queries one at a time to a server that does nothing else, and the two of everyday beside them.

  node dist/load/hostile.js --queries 40

Usage: node dist/load/hostile.js [--dataset DIR] [--queries N] [--seed N]

--dataset  folder of the dataset version; the bundled English one by default, built first if need be
--queries  queries of each shape; 40 by default
--seed     another seed makes other queries; 1 by default

CPU is the server's, user and system time of all its threads: it hardly grows with what else the machine does.

Exit 0 where the median of every shape stays below 10 ms inside the pipeline, else 1.
`;

const values = programArguments('hostile', HELP, {
  dataset: { type: 'string' },
  queries: { type: 'string', default: '40' },
  seed: { type: 'string', default: '1' },
});
const queries = positiveNumber('hostile', '--queries', values.queries);
const seed = positiveNumber('hostile', '--seed', values.seed);
const pool = readPool({});
const threeWords = pool.queries.filter((query) => /^[a-z]{4,} [a-z]{4,} [a-z]{4,}$/.test(query));
const everyday = [
  { name: '3 words', make: (i: number) => threeWords[i % threeWords.length] ?? '' },
  {
    name: '3 words, one misspelled',
    make: (i: number) => misspell(threeWords[i % threeWords.length] ?? '', seededRandom(seed + i)) ?? '',
  },
];
const shapes = [
  ...everyday,
  ...HOSTILE_SHAPES.map((shape, s) => ({
    name: shape.name,
    make: (i: number) => shape.make(pool.words, seededRandom(seed + 1000 * s + i)),
  })),
];

const server = await startServer({
  args: emendArgs(values.dataset ?? bundledDataset(), undefined),
  cpus: planCpus().server,
});
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
try {
  for (let i = 0; i < WARM_UP_QUERIES; i++) {
    await ask(server, requestFor(misspell(pool.queries[i % pool.queries.length] ?? '', seededRandom(i)) ?? 'warm'));
  }
  const rows: string[][] = [];
  let worst = 0;
  for (const { name, make } of shapes) {
    const took: number[] = [];
    const answered: number[] = [];
    let bytes = 0;
    let cpuBefore: number | undefined;
    // The first of each shape warms what only it uses.
    for (let i = -2; i < queries; i++) {
      const query = make(Math.max(0, i));
      if (i === 0) cpuBefore = readCpuMs(server.pid);
      const { tookMs, answeredMs } = await ask(server, requestFor(query));
      if (i < 0) continue;
      bytes = Math.max(bytes, Buffer.byteLength(query));
      took.push(tookMs);
      answered.push(answeredMs);
    }
    const cpuAfter = readCpuMs(server.pid);
    const cpuMs = cpuBefore === undefined || cpuAfter === undefined ? Number.NaN : (cpuAfter - cpuBefore) / queries;
    worst = Math.max(worst, median(took));
    rows.push([
      name,
      `${bytes}`,
      ...[median(took), Math.max(...took), median(answered), Math.max(...answered), cpuMs].map(fixed),
    ]);
  }
  const head = ['shape', 'bytes', 'pipeline ms, median', 'worst', 'over HTTP ms, median', 'worst', 'CPU ms, mean'];
  process.stdout.write(markdownTable(head, rows, 'left'));
  process.stdout.write(`\nslowest shape: ${fixed(worst)} ms (median of ${queries} queries), limit ${LIMIT_MS} ms\n`);
  process.exitCode = worst < LIMIT_MS ? 0 : 1;
} finally {
  agent.destroy();
  await server.stop();
}

function ask(
  { host, port }: RunningServer,
  { method, path, body }: LoadRequest,
): Promise<{ tookMs: number; answeredMs: number }> {
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const headers =
      body === '' ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const asked = request({ agent, host, port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('end', () => {
        const answeredMs = performance.now() - startedMs;
        if (response.statusCode !== 200) reject(new Error(`${response.statusCode}: ${text.slice(0, 200)}`));
        else resolve({ tookMs: (JSON.parse(text) as { tookMs: number }).tookMs, answeredMs });
      });
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

function fixed(ms: number): string {
  return ms.toFixed(2);
}
