/** `npm run load`: measures the built program and ends with a verdict. See README.md beside this file. */
import { join } from 'node:path';
import { HELP, type LoadOptions, parseLoadOptions, UsageError } from './options.ts';
import { compiled, packageRoot } from './package-root.ts';
import { markdownOf } from './report/markdown.ts';
import { currentCommit, describeMachine, type RunResult, type ServerResult } from './report/result.ts';
import { writeRun } from './report/write.ts';
import type { RunningServer } from './server/running-server.ts';
import { emendArgs, type ServerWish, Session } from './session.ts';
import { EXIT_CODES, type Outcome, verdictLine } from './verdict.ts';

const BARE_SECONDS = 4;

function say(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`load: ${line}\n`);
}

/** The rates of the natural mix beside the one that the verdict is about. */
const RATES = [250, 500, 1000, 2000];
/** Work a request, as a multiple of a natural query's: those workloads run at that much less. */
const HEAVINESS: Readonly<Record<string, number>> = Object.freeze({ long: 4, batch: 50, hostile: 100 });

function cellsOf(options: LoadOptions): ServerWish['cells'] {
  const { workload, ratePerSecond } = options;
  const headline = { workload, ratePerSecond };
  if (options.mode === 'quick') return [headline];
  const rates = RATES.filter((rate) => rate !== ratePerSecond).map((rate) => ({ workload, ratePerSecond: rate }));
  const others = ['clean', 'misspelled-30', 'misspelled-all', 'rare', 'long', 'batch', 'hostile'];
  const workloads = others
    .filter((name) => name !== workload)
    .map((name) => ({
      workload: name,
      ratePerSecond: Math.max(1, Math.round(ratePerSecond / 2 / (HEAVINESS[name] ?? 1))),
    }));
  return [headline, ...rates, ...workloads];
}

async function measureAll(session: Session): Promise<ServerResult[]> {
  const { options } = session;
  const { dataset, cacheBytes, url, ratePerSecond } = options;
  const quick = options.mode === 'quick';
  const bare = await session.measure({
    name: 'bare',
    args: [compiled('load/server/bare-server.js')],
    dataset: '',
    cacheBytes: undefined,
    cells: [{ workload: 'natural', ratePerSecond }],
    saturationSeconds: quick ? 0 : BARE_SECONDS,
    capacity: false,
  });
  const wish: ServerWish = {
    name: 'emend',
    args: emendArgs(dataset, cacheBytes),
    dataset: dataset ?? join(packageRoot(), 'data', 'build', 'bundled'),
    cacheBytes,
    cells: cellsOf(options),
    saturationSeconds: quick ? 5 : 10,
    capacity: !quick,
  };
  if (url !== undefined) return [bare, await session.measureRunning(alreadyRunning(url), { ...wish, name: url.host })];
  return [bare, await session.measure(wish)];
}

function alreadyRunning(url: URL): RunningServer {
  const port = Number(url.port || 80);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, pid: 0, readyMs: 0, stop: async () => {} };
}

async function main(args: string[]): Promise<number> {
  const options = parseLoadOptions(args, process.env);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const startedAt = new Date().toISOString();
  const session = new Session(options, say);
  const machine = describeMachine(session.cpus.server, session.cpus.driver);
  let servers: ServerResult[];
  try {
    servers = await measureAll(session);
  } finally {
    session.close();
  }
  const headline = servers.at(-1)?.cells[0];
  const outcome: Outcome = headline?.verdict.outcome ?? 'NO VERDICT';
  const run: RunResult = {
    startedAt,
    command: ['npm run load --', ...args].join(' '),
    commit: currentCommit(packageRoot()),
    machine,
    queries: session.pool.source,
    seed: options.seed,
    limitMs: options.limitMs,
    servers,
    outcome,
    verdictLine: verdictLine(outcome, options.ratePerSecond, headline?.report),
  };
  const folder = writeRun(run, options.results ?? join(packageRoot(), 'load', 'results'));
  process.stdout.write(`${markdownOf(run)}\nReport and plots: ${folder}\n`);
  if (headline !== undefined) process.stdout.write(`${headline.verdict.why}\n`);
  process.stdout.write(`${run.verdictLine}\n`);
  return EXIT_CODES[outcome];
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`load: ${message}\n`);
  if (error instanceof UsageError) process.exitCode = 2;
  else {
    // Nothing was measured to the end: that is no verdict, and scripts find it where they look.
    process.stdout.write('NO VERDICT p99=- ms rate=- errors=-\n');
    process.exitCode = EXIT_CODES['NO VERDICT'];
  }
}
