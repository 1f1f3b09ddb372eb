/** `npm run load`: measures the built program and ends with a verdict. See README.md beside this file. */
import { join } from 'node:path';
import { packageRoot } from '../data/package-root.ts';
import { EXIT_CODES, type Outcome, verdictLine } from './cells/verdict.ts';
import { markdownOf } from './report/markdown.ts';
import { currentCommit, describeMachine, type RunResult, type ServerResult } from './report/result.ts';
import { writeRun } from './report/write.ts';
import { alreadyRunning } from './server/already-running.ts';
import { HELP, parseLoadOptions, UsageError } from './session/options.ts';
import { planRun, type RunPlan } from './session/plans.ts';
import { Session } from './session/session.ts';

function say(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`load: ${line}\n`);
}

/** A FAIL outweighs all else, and what is not known outweighs a PASS. */
const WORST_FIRST: readonly Outcome[] = ['FAIL', 'NO VERDICT', 'PASS'];

async function measureAll(session: Session, plan: RunPlan): Promise<ServerResult[]> {
  const { url } = session.options;
  // Whether it is there at all is seen before anything is measured.
  const running = url === undefined ? undefined : await alreadyRunning(url);
  const results: ServerResult[] = [];
  let controlled = false;
  for (const wish of plan.wishes) {
    // Itself measured before all others, the bare server then stays beside them.
    if (wish.name !== 'bare' && !controlled) {
      await session.startControl();
      controlled = true;
    }
    const isTheirs = running !== undefined && wish.name === 'emend';
    results.push(await (isTheirs ? session.measureRunning(running, wish) : session.measure(wish)));
  }
  return results;
}

async function main(args: string[]): Promise<number> {
  const options = parseLoadOptions(args, process.env);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const startedAt = new Date().toISOString();
  const plan = planRun(options, say);
  const session = new Session(options, say);
  const machine = describeMachine(options.url === undefined ? session.cpus.server : undefined, session.cpus.driver);
  let servers: ServerResult[];
  try {
    servers = await measureAll(session, plan);
  } finally {
    await session.close();
  }
  // Of each server the middle one of the cells at the stated rate; the worst of them is the verdict.
  const judged = servers
    .filter(({ server }) => plan.judged.includes(server))
    .flatMap(({ cells, headline }) => cells[headline] ?? []);
  const headline = WORST_FIRST.map((one) => judged.find(({ verdict }) => verdict.outcome === one)).find(Boolean);
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
