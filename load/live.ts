/**
 * How soon a file of live data that is edited holds in every process of a service that is under load, whether any request
 * fails meanwhile, and whether the last state of every file is served after many edits. And what an import of a large file
 * takes in memory, and whether that is given back.
 *
 *   npm run build && node dist/load/live.js [--dataset DIR] [--workers N] [--edits N]
 */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { markdownTable } from '../services/figures/markdown.ts';
import { quantile } from '../services/figures/quantiles.ts';
import { msUntilAll, type RunningService, startLoad, startService } from './live/service.ts';
import { positiveNumber, programArguments } from './program/arguments.ts';
import { bundledDataset } from './program/bundled-dataset.ts';

const HELP = `Measures how soon edited files of live data hold in every process of a service under load.

  node dist/load/live.js --workers 4 --edits 20

Usage: node dist/load/live.js [--dataset DIR] [--workers N] [--edits N]

--dataset  folder of the dataset version; the bundled English one by default, built first if need be
--workers  processes that serve; 4 by default
--edits    edits that are timed, one after the other; 20 by default

Exit 0 where every edit is seen by all within a second, no request fails and the last state of each file is served, else 1.
`;

const LIMIT_MS = 1000;
/** Requests in progress at once, as long as edits are timed. */
const CLIENTS = 4;
/** Edits of many files at once. */
const FILES = 20;
const ROUNDS = 50;
/** A file that takes the updater some seconds. */
const LARGE_BYTES = 100 * 2 ** 20;

interface Service extends RunningService {
  readonly files: string;
}

async function main(): Promise<void> {
  const values = programArguments('live', HELP, {
    dataset: { type: 'string' },
    workers: { type: 'string', default: '4' },
    edits: { type: 'string', default: '20' },
  });
  const workers = positiveNumber('live', '--workers', values.workers);
  const root = mkdtempSync(join(tmpdir(), 'emend-load-live-'));
  const files = join(root, 'files');
  mkdirSync(files);
  const args = ['--workers', String(workers), '--data', files, '--rules', join(root, 'rules')];
  const service = { ...(await startService(values.dataset ?? bundledDataset(), args)), files };
  try {
    const load = startLoad(service.url, CLIENTS);
    const seenMs: number[] = [];
    for (let edit = 0; edit < positiveNumber('live', '--edits', values.edits); edit++) {
      seenMs.push(await timeEdit(service, workers, edit));
    }
    const last = await editMany(service);
    const { answered, failed } = await load.stop();
    const rows = [
      ['an edit seen by all processes, median', `${quantile(seenMs, 0.5).toFixed(0)} ms`],
      ['the slowest', `${Math.max(...seenMs).toFixed(0)} ms`],
      ['requests meanwhile', `${answered}, ${failed} failed`],
      [`${ROUNDS} edits of ${FILES} files: last states served`, `${last} of ${FILES}`],
      ...(await importLarge(service)),
    ];
    process.stdout.write(`${markdownTable(['what', 'measured'], rows)}\n`);
    if (Math.max(...seenMs) > LIMIT_MS || failed > 0 || last < FILES) process.exitCode = 1;
  } finally {
    service.child.kill('SIGTERM');
    await once(service.child, 'exit');
    rmSync(root, { recursive: true, force: true });
  }
}

/** Milliseconds from the write of a rule to the moment from which connection after connection, one a process, shows it. */
async function timeEdit({ url, files }: Service, workers: number, edit: number): Promise<number> {
  const target = `Answer ${edit}`;
  writeFileSync(join(files, 'overrides.txt'), `live test => ${target}\n`);
  return await msUntilAll(url, workers, 'live test', ({ rewritten }) => rewritten === target);
}

/** @returns how many of the files' last states are imported in the end */
async function editMany({ url, files }: Service): Promise<number> {
  for (let round = 1; round <= ROUNDS; round++) {
    for (let i = 0; i < FILES; i++) {
      writeFileSync(join(files, `many-${i}.json`), JSON.stringify(Array.from({ length: round + i }, (_, k) => k)));
    }
    await wait(60_000 / ROUNDS / 10);
  }
  let last = 0;
  for (let tries = 0; last < FILES && tries < 300; tries++) {
    await wait(100);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    last = 0;
    for (let i = 0; i < FILES; i++) {
      if (metrics.includes(`live_collection_entries{collection="many-${i}"} ${ROUNDS + i}\n`)) last++;
    }
  }
  return last;
}

/** Peak memory of the updater, and the resident memory of all other processes before and after. */
async function importLarge({ child, files, url }: Service): Promise<string[][]> {
  const before = serviceBytes(child.pid ?? 0);
  const object: Record<string, string> = {};
  const text = 'x'.repeat(180);
  for (let i = 0; i < LARGE_BYTES / 200; i++) object[`key ${i}`] = text;
  writeFileSync(join(files, 'large.json'), JSON.stringify(object));
  let peak = 0;
  const began = performance.now();
  for (;;) {
    for (const pid of childrenOf(child.pid ?? 0))
      if (commandOf(pid).includes('updater-main')) peak = Math.max(peak, peakBytes(pid));
    const metrics = await (await fetch(`${url}/metrics`)).text();
    if (metrics.includes('live_collection_entries{collection="large"}')) break;
    if (performance.now() - began > 300_000) throw new Error('the large file was never imported');
    await wait(50);
  }
  const seconds = (performance.now() - began) / 1000;
  await wait(1000);
  const mb = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  return [
    ['import of a file of 100 MB', `${seconds.toFixed(1)} s, the updater's peak ${mb(peak)} MB`],
    [
      'resident memory of all other processes, before and after',
      `${mb(before)} and ${mb(serviceBytes(child.pid ?? 0))} MB`,
    ],
  ];
}

function serviceBytes(pid: number): number {
  const pids = [pid, ...childrenOf(pid)];
  return pids.reduce((sum, one) => sum + statusOf(one, 'VmRSS'), 0);
}

function peakBytes(pid: number): number {
  return statusOf(pid, 'VmHWM');
}

function statusOf(pid: number, field: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(/\s+/).filter(Boolean).map(Number);
}

await main();
