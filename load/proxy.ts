/**
 * What `emend proxy` adds to a request: the same requests at the same rate straight to an engine that does nothing, and through
 * the proxy in each of its modes, in turn, round after round.
 *
 *   npm run build && node dist/load/proxy.js [--dataset DIR] [--rate N] [--seconds N] [--rounds N]
 *
 * Engine, proxy and rewriter share the server's cores; the driver has its own. "CPU us" is what the process that is asked takes
 * a request: the engine, or the proxy without the process that rewrites. It hardly depends on what else the machine does.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiled } from '../data/package-root.ts';
import { markdownTable } from '../services/figures/markdown.ts';
import { median } from '../services/figures/quantiles.ts';
import { type DriveReport, RemoteDriver } from './driver/remote-driver.ts';
import type { LoadRequest } from './driver/request.ts';
import { positiveNumber, programArguments } from './program/arguments.ts';
import { bundledDataset } from './program/bundled-dataset.ts';
import { planCpus } from './server/cpus.ts';
import { readCpuMs } from './server/process-cpu.ts';
import { type RunningServer, startServer } from './server/running-server.ts';
import { emendArgs } from './session/session.ts';
import { readPool } from './workloads/pool.ts';
import { requestsOf, workloadOf } from './workloads/workloads.ts';

const HELP = `Measures what emend proxy adds to a request, beside going straight to the engine.

  node dist/load/proxy.js --rate 200 --seconds 10 --rounds 3

Usage: node dist/load/proxy.js [--dataset DIR] [--rate N] [--seconds N] [--rounds N]

--dataset  folder of the dataset version; the bundled English one by default, built first if need be
--rate     requests a second; 200 by default
--seconds  of each measurement; 10 by default
--rounds   measurements of each way, in turn, of which the middle counts; 3 by default
`;

const COUNT = 5_000;
const SEED = 19;
/** Until code is compiled and what repeats is remembered. */
const WARM_UP_SECONDS = 5;

/** A way from the driver to the engine. */
interface Way {
  readonly name: string;
  readonly server: RunningServer;
  readonly requests: readonly LoadRequest[];
  readonly reports: DriveReport[];
  /** CPU of its server a request, of each measurement, microseconds. */
  readonly cpuUs: number[];
}

async function main(): Promise<void> {
  const values = programArguments('proxy', HELP, {
    dataset: { type: 'string' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
  });
  const rate = positiveNumber('proxy', '--rate', values.rate);
  const seconds = positiveNumber('proxy', '--seconds', values.seconds);
  const rounds = positiveNumber('proxy', '--rounds', values.rounds);
  const dataset = values.dataset ?? bundledDataset();
  const cpus = planCpus();
  const folder = mkdtempSync(join(tmpdir(), 'emend-load-proxy-'));
  const started: RunningServer[] = [];
  const start = async (args: readonly string[]): Promise<RunningServer> => {
    const server = await startServer({ args, cpus: cpus.server });
    started.push(server);
    return server;
  };
  const driver = new RemoteDriver(cpus.driver);
  try {
    const engine = await start([compiled('load/server/bare-server.js')]);
    const service = await start(emendArgs(dataset, undefined));
    const proxy = (mode: string, flags: readonly string[]) => start(proxyArgs(engine, mode, folder, flags));
    const own = ['--dataset', dataset];
    const looked = searches('/shop/_search');
    const way = (name: string, server: RunningServer, requests = looked): Way => ({
      name,
      server,
      requests,
      reports: [],
      cpuUs: [],
    });
    const rewriting = await proxy('rewrite', own);
    const ways = [
      way('straight to the engine', engine),
      way('not named: passed on', rewriting, searches('/shop/_other')),
      way('observe', await proxy('observe', own)),
      way('suggest', await proxy('suggest', own)),
      way('rewrite', rewriting),
      way('rewrite, --emend', await proxy('rewrite', ['--emend', `http://127.0.0.1:${service.port}`])),
    ];
    const order = ({ server, requests }: Way, length: number) =>
      driver.drive({
        host: server.host,
        port: server.port,
        requests,
        ratePerSecond: rate,
        seconds: length,
        seed: SEED,
        connections: 16,
        maxConnections: 256,
        timeoutMs: 5_000,
      });
    for (const each of ways) await order(each, WARM_UP_SECONDS);
    for (let round = 0; round < rounds; round++) {
      for (const each of ways) {
        const before = cpuMs(each);
        const report = await order(each, seconds);
        each.reports.push(report);
        each.cpuUs.push(((cpuMs(each) - before) * 1000) / report.sent);
      }
    }
    process.stdout.write(table(ways));
    const failed = ways
      .flatMap(({ reports }) => reports)
      .filter(({ failures }) => Object.values(failures).some(Boolean));
    process.exitCode = failed.length === 0 ? 0 : 1;
  } finally {
    driver.stop();
    for (const server of started) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** NaN where the system does not tell. */
function cpuMs({ server }: Way): number {
  return readCpuMs(server.pid) ?? Number.NaN;
}

function searches(path: string): LoadRequest[] {
  return requestsOf(workloadOf('natural'), readPool({}), COUNT, SEED).map((request) => {
    const q = new URLSearchParams(request.path.split('?')[1] ?? '').get('q') ?? '';
    return { method: 'POST', path, body: JSON.stringify({ size: 10, query: { match: { title: { query: q } } } }) };
  });
}

function proxyArgs(engine: RunningServer, mode: string, folder: string, flags: readonly string[]): string[] {
  const requests = join(folder, `${mode}.json`);
  const named = { path: '/*/_search', engine: 'elasticsearch', pointer: '/query/match/title/query' };
  writeFileSync(requests, JSON.stringify({ mode, requests: [named] }));
  const upstream = `http://${engine.host}:${engine.port}`;
  return [
    compiled('services/emend.js'),
    'proxy',
    '--upstream',
    upstream,
    '--requests',
    requests,
    '--port',
    '0',
    ...flags,
  ];
}

function table(ways: readonly Way[]): string {
  const middle = ({ reports }: Way, pick: (report: DriveReport) => number) => median(reports.map(pick)) / 1000;
  const [straight] = ways;
  const rows = ways.map((way) => {
    const p50 = middle(way, ({ latency }) => latency.p50);
    const p99 = middle(way, ({ latency }) => latency.p99);
    const failures = way.reports.reduce(
      (sum, each) => sum + Object.values(each.failures).reduce((a, b) => a + b, 0),
      0,
    );
    const more = (ms: number, pick: (report: DriveReport) => number) =>
      straight === undefined || way === straight ? '' : (ms - middle(straight, pick)).toFixed(2);
    return [
      way.name,
      p50.toFixed(2),
      p99.toFixed(2),
      more(p50, ({ latency }) => latency.p50),
      more(p99, ({ latency }) => latency.p99),
      median(way.cpuUs).toFixed(0),
      `${failures}`,
    ];
  });
  return markdownTable(['way', 'p50 ms', 'p99 ms', 'p50 added', 'p99 added', 'CPU us', 'failed'], rows, 'left');
}

await main();
