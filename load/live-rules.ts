/**
 * How soon a rule set that is published holds in every process of a service under load, and whether any request fails meanwhile:
 * a set of many synonyms, of which one is another at each publication.
 *
 *   npm run build && node dist/load/live-rules.js [--dataset DIR] [--workers N] [--rules N] [--edits N]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiled } from '../data/package-root.ts';
import { markdownTable } from '../services/figures/markdown.ts';
import { quantile } from '../services/figures/quantiles.ts';
import { msUntilAll, startLoad, startService } from './live/service.ts';
import { positiveNumber, programArguments } from './program/arguments.ts';
import { bundledDataset } from './program/bundled-dataset.ts';

const HELP = `Measures how soon a published rule set holds in every process of a service under load.

  node dist/load/live-rules.js --workers 4 --rules 10000 --edits 10

Usage: node dist/load/live-rules.js [--dataset DIR] [--workers N] [--rules N] [--edits N]

--dataset  folder of the dataset version; the bundled English one by default, built first if need be
--workers  processes that serve; 4 by default
--rules    synonyms in the set; 10000 by default
--edits    publications that are timed, one after the other; 10 by default

Exit 0 where no request fails, else 1.
`;

/** Requests in progress at once. */
const CLIENTS = 4;

const values = programArguments('live-rules', HELP, {
  dataset: { type: 'string' },
  workers: { type: 'string', default: '4' },
  rules: { type: 'string', default: '10000' },
  edits: { type: 'string', default: '10' },
});
const workers = positiveNumber('live-rules', '--workers', values.workers);
const count = positiveNumber('live-rules', '--rules', values.rules);
const edits = positiveNumber('live-rules', '--edits', values.edits);
const root = mkdtempSync(join(tmpdir(), 'emend-load-live-rules-'));
const folder = join(root, 'rules');
await publish('first');
const service = await startService(values.dataset ?? bundledDataset(), [
  '--workers',
  String(workers),
  '--rules',
  folder,
]);
try {
  const load = startLoad(service.url, CLIENTS);
  const commandMs: number[] = [];
  const seenMs: number[] = [];
  for (let edit = 0; edit < edits; edit++) {
    const began = performance.now();
    await publish(`edit ${edit}`);
    commandMs.push(performance.now() - began);
    const after = await msUntilAll(service.url, workers, 'live test', ({ rewritten }) => rewritten === `edit ${edit}`);
    seenMs.push(after);
  }
  const { answered, failed } = await load.stop();
  const rows = [
    [`publishing ${count} rules, the command as a whole, median`, `${quantile(commandMs, 0.5).toFixed(0)} ms`],
    [
      'seen by all processes after it ended, median and slowest',
      `${quantile(seenMs, 0.5).toFixed(0)}, ${Math.max(...seenMs).toFixed(0)} ms`,
    ],
    ['requests meanwhile', `${answered}, ${failed} failed`],
  ];
  process.stdout.write(`${markdownTable(['what', 'measured'], rows)}\n`);
  if (failed > 0) process.exitCode = 1;
} finally {
  service.child.kill('SIGTERM');
  await once(service.child, 'exit');
  rmSync(root, { recursive: true, force: true });
}

/** Publishes the set by the command, with one rule that makes `live test` this text. */
async function publish(text: string): Promise<void> {
  const synonyms = Array.from({ length: count - 1 }, (_, i) => ({
    id: `synonym ${i}`,
    triggers: [{ kind: 'sequence', text: `word${i} of${i % 97}` }],
    actions: [{ do: 'synonym', to: `other${i}` }],
  }));
  const live = {
    id: 'live',
    triggers: [{ kind: 'sequence', text: 'live test', anchor: 'both' }],
    actions: [{ do: 'replace', to: text }],
  };
  const file = join(root, 'rules.json');
  writeFileSync(file, JSON.stringify({ rules: [...synonyms, live] }));
  const command = spawn(
    process.execPath,
    [compiled('services/emend.js'), 'rules', 'publish', file, '--rules', folder],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const [code] = (await once(command, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`publishing ended with ${code}`);
}
