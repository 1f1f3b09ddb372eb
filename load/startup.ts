/**
 * How long a start takes, from the start of the process to the end of its first answer: the service on a built dataset,
 * beside a process that only imports Express and listens, and beside the same service that fills Maps with the same data.
 *
 *   npm run build && node dist/load/startup.js [--dataset DIR] [--rounds N] [--no-maps]
 *
 * All in turn, round after round, so that a busy machine disturbs all alike; medians are shown. CPU time (user and
 * system, all threads) does not grow with what else the machine does.
 */
import { get } from 'node:http';
import { compiled } from '../data/package-root.ts';
import { markdownTable } from '../services/figures/markdown.ts';
import { median } from '../services/figures/quantiles.ts';
import { positiveNumber, programArguments } from './program/arguments.ts';
import { bundledDataset } from './program/bundled-dataset.ts';
import { readCpuMs } from './server/process-cpu.ts';
import { type RunningServer, startServer } from './server/running-server.ts';
import { emendArgs } from './session/session.ts';

/** What is started and how. */
interface Variant {
  readonly name: string;
  readonly args: readonly string[];
}

/** Times of one start, milliseconds. */
interface Start {
  readonly readyMs: number;
  readonly answeredMs: number;
  readonly cpuMs: number;
}

const HELP = `Measures how long a start takes, to the first answer, beside Express alone and beside the same service over Maps.

  node dist/load/startup.js --rounds 7 --no-maps

Usage: node dist/load/startup.js [--dataset DIR] [--rounds N] [--no-maps]

--dataset  folder of the dataset version; the bundled English one by default, built first if need be
--rounds   starts of each, in turn; 9 by default (Maps: a third of them)
--no-maps  leave out the Maps, which take a minute each and gigabytes

Exit 0 where Emend answers at most 250 ms after Express alone, else 1.
`;

const LIMIT_MS = 250;
const PATH = '/rewrite?q=wireles+hedphones+for+runing';

async function main(): Promise<void> {
  const values = programArguments('startup', HELP, {
    dataset: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    'no-maps': { type: 'boolean', default: false },
  });
  const rounds = positiveNumber('startup', '--rounds', values.rounds);
  const dataset = values.dataset ?? bundledDataset();
  const express: Variant = { name: 'Express alone', args: [compiled('load/server/express-server.js')] };
  const emend: Variant = { name: 'emend', args: emendArgs(dataset, undefined) };
  const maps: Variant = {
    name: 'emend over Maps',
    args: ['--max-old-space-size=12000', compiled('load/maps/server.js'), '--dataset', dataset],
  };
  const variants = [express, emend, ...(values['no-maps'] ? [] : [maps])];
  const starts = new Map<Variant, Start[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round++) {
    // Maps take long: a third of the rounds says enough.
    for (const variant of variants)
      if (variant !== maps || round % 3 === 0) starts.get(variant)?.push(await start(variant));
  }
  const middle = (variant: Variant, pick: (start: Start) => number) => median((starts.get(variant) ?? []).map(pick));
  const rows = variants.map((variant) => [
    variant.name,
    `${starts.get(variant)?.length ?? 0}`,
    ...[(s: Start) => s.readyMs, (s: Start) => s.answeredMs, (s: Start) => s.cpuMs].map((pick) =>
      middle(variant, pick).toFixed(0),
    ),
  ]);
  const head = ['start of', 'rounds', 'listens after ms', 'first answer after ms', 'CPU ms until then'];
  process.stdout.write(markdownTable(head, rows, 'left'));
  const moreMs = middle(emend, (s) => s.answeredMs) - middle(express, (s) => s.answeredMs);
  const outcome = moreMs <= LIMIT_MS ? 'within' : 'beyond';
  process.stdout.write(`\nemend answers ${moreMs.toFixed(0)} ms after Express alone: ${outcome} ${LIMIT_MS} ms\n`);
  process.exitCode = moreMs <= LIMIT_MS ? 0 : 1;
}

async function start({ args }: Variant): Promise<Start> {
  const startedMs = performance.now();
  const server = await startServer({ args, cpus: undefined });
  try {
    await answered(server);
    return {
      readyMs: server.readyMs ?? Number.NaN,
      answeredMs: performance.now() - startedMs,
      cpuMs: readCpuMs(server.pid) ?? Number.NaN,
    };
  } finally {
    await server.stop();
  }
}

function answered({ host, port }: RunningServer): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get({ host, port, path: PATH, agent: false }, (response) => {
      response.resume();
      response.once('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`)),
      );
    });
    request.once('error', reject);
  });
}

await main();
