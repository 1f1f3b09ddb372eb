/**
 * What 1, 2 and 4 processes of a service take in memory together over a dataset, with and without one copy of its bytes for
 * all, once they are warm; and how many of them fit into a limit of memory.
 *
 *   npm run build && node dist/load/processes.js [--dataset DIR] [--queries N] [--limit-mb N]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { compiled } from '../data/package-root.ts';
import { markdownTable } from '../services/figures/markdown.ts';
import { positiveNumber, programArguments } from './program/arguments.ts';
import { bundledDataset } from './program/bundled-dataset.ts';

const HELP = `Measures what the processes of a service take in memory together, with and without shared bytes.

  node dist/load/processes.js --queries 3000

Usage: node dist/load/processes.js [--dataset DIR] [--queries N] [--limit-mb N]

--dataset   folder of the dataset version; the bundled English one by default, built first if need be
--queries   queries that each process answers before it is measured; 3000 by default
--limit-mb  memory that they are to fit into, for the last column; 1024 by default
`;

const WORKERS = [1, 2, 4];
/** Queries in progress at once. */
const CLIENTS = 8;

async function main(): Promise<void> {
  const values = programArguments('processes', HELP, {
    dataset: { type: 'string' },
    queries: { type: 'string', default: '3000' },
    'limit-mb': { type: 'string', default: '1024' },
  });
  const dataset = values.dataset ?? bundledDataset();
  const queries = positiveNumber('processes', '--queries', values.queries);
  const limitBytes = positiveNumber('processes', '--limit-mb', values['limit-mb']) * 2 ** 20;
  const rows: string[][] = [];
  for (const shared of ['off', 'on']) {
    const sums: number[] = [];
    for (const workers of WORKERS) sums.push(await measure(dataset, workers, shared, queries * workers));
    const further = ((sums[2] as number) - (sums[1] as number)) / 2;
    // Those beyond two take the same each: what is shared is counted by then.
    const fit = 2 + Math.floor((limitBytes - (sums[1] as number)) / further);
    rows.push([shared, ...sums.map(mb), mb(further), String(fit)]);
  }
  const head = ['shared', ...WORKERS.map((count) => `${count}, MB`), 'a further one, MB', 'fit into the limit'];
  process.stdout.write(`${markdownTable(head, rows)}\n`);
}

/** Sum of the proportional set sizes of all processes of a service, the supervisor among them. */
async function measure(dataset: string, workers: number, shared: string, queries: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'emend-load-processes-'));
  const args = ['serve', '--port', '0', '--dataset', dataset, '--workers', String(workers), '--log-level', 'silent'];
  const child = spawn(
    process.execPath,
    [compiled('services/emend.js'), ...args, '--shared', shared, '--shared-dir', join(folder, 'shared')],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    let port: string | undefined;
    for (; port === undefined; port = /ready on http:\/\/localhost:(\d+)/.exec(said)?.[1]) {
      if (child.exitCode !== null) throw new Error(said);
      await wait(20);
    }
    await ask(`http://127.0.0.1:${port}`, queries);
    const pids = [child.pid ?? 0, ...childrenOf(child.pid ?? 0)];
    return pids.reduce((sum, pid) => sum + pssBytes(pid), 0);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Queries of words that are typed wrongly in many ways, each on a connection of its own: they go to the processes in turn. */
async function ask(url: string, count: number): Promise<void> {
  const words = [
    'wireles',
    'hedphones',
    'runing',
    'shose',
    'kitchn',
    'tabel',
    'garden',
    'chiar',
    'womens',
    'jaket',
    'lether',
  ];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) {
      const i = next++;
      const pick = (n: number) => words[Math.floor(i / n) % words.length];
      const query = `${pick(1)} ${pick(11)} ${i % 3 === 0 ? `${pick(121)} ${i}` : pick(7)}`;
      const response = await fetch(`${url}/rewrite?q=${encodeURIComponent(query)}`, {
        headers: { connection: 'close' },
      });
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`${query}: ${response.status}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

function pssBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  return Number(/^Pss: +(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(/\s+/).filter(Boolean).map(Number);
}

function mb(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

await main();
