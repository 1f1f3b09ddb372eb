/**
 * The attack: everything that one client, one file or one kill can do to Emend, at once and for a time.
 *
 *   npm run build && npm run attack -- --minutes 10
 */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { compiled } from '../../data/package-root.ts';
import { seededRandom } from '../../services/figures/random.ts';
import { positiveNumber, programArguments } from '../program/arguments.ts';
import { bundledDataset } from '../program/bundled-dataset.ts';
import { startServer } from '../server/running-server.ts';
import { Tally } from './client.ts';
import { Workshop } from './files.ts';
import type { Seen } from './paced-process.ts';
import { type Report, reportTable, verdict } from './report.ts';
import { soak } from './soak.ts';
import { Target } from './target.ts';

/** Shares of the time: clients, changed bytes, kills. */
const SHARES = { clients: 0.7, flips: 0.15, kills: 0.15 };
const SECONDS_ALONE = 2;

const HELP = `Attacks a service of its own with bad requests, bad clients, changed files and kills, and prints what came of it.

  npm run attack -- --minutes 10

Usage: npm run attack -- [--minutes N] [--seed N] [--workers N] [--dataset DIR] [--program FILE] [--rate N] [--json FILE]

--minutes  how long in all; 1 by default. 70 % of it clients, 15 % changed bytes, 15 % killed builds and imports
--seed     another seed makes another attack; 1 by default
--workers  processes of the service; 2 by default
--dataset  folder of the dataset version; the bundled English one by default, built first if need be
--program  the compiled emend.js to attack; that of this tree by default
--rate     ordinary queries a second that a user sends meanwhile, to the service and to one that does nothing; 50 by default
--json     file for the figures, as JSON

Exit 0 where nothing was found: no abort, no hang, no 5xx but 503, nothing wrong without a word, nothing half made. Else 1.
`;

const values = programArguments('attack', HELP, {
  minutes: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  workers: { type: 'string', default: '2' },
  dataset: { type: 'string' },
  program: { type: 'string' },
  rate: { type: 'string', default: '50' },
  json: { type: 'string' },
});
const seconds = 60 * positiveNumber('attack', '--minutes', values.minutes);
const seed = positiveNumber('attack', '--seed', values.seed);
const rate = positiveNumber('attack', '--rate', values.rate);
const emend = resolve(values.program ?? compiled('services/emend.js'));
const dataset = resolve(values.dataset ?? bundledDataset());
const workshop = new Workshop(emend);

try {
  await workshop.build();
  const rules = resolve(workshop.folder, 'served-rules');
  const target = await Target.start(emend, ['--dataset', dataset, '--workers', values.workers, '--rules', rules]);
  const bare = await startServer({ args: [compiled('load/server/bare-server.js')], cpus: undefined });
  const user = fork(compiled('load/attack/paced-process.js'), [target.port, bare.port, rate].map(String));
  // The attack must not win against the service because it has the processor more often.
  setPriority(10);
  await wait(1000 * SECONDS_ALONE);
  target.watch();
  const tally = new Tally();
  await soak(target.port, SHARES.clients * seconds, seed, tally, () => target.isUp);
  const asked = new Promise<Seen[]>((settle) => user.once('message', (seen) => settle(seen as Seen[])));
  user.send('stop');
  const [service, nothing] = (await asked) as [Seen, Seen];
  const observed = await target.stop();
  await bare.stop();
  const flips = await workshop.flip(SHARES.flips * seconds, seed);
  const kills = await workshop.kill(SHARES.kills * seconds, seededRandom(seed));
  const report: Report = { seconds, seed, tally, service, bare: nothing, observed, flips, kills };
  process.stdout.write(reportTable(report));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, plain, 2)}\n`);
  const found = verdict(report);
  for (const line of found) process.stdout.write(`found: ${line}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
} finally {
  workshop.remove();
}

/** Maps as objects. */
function plain(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
