/**
 * Emend beside node-symspell 0.1.0 (edits 2, the best word of each, its own 82,765 words, word by word): words a second of
 * one core over the same queries, and how long a single rewrite takes inside the process.
 *
 *   npm install --prefix /tmp/peer node-symspell@0.1.0
 *   node dist/load/peers/symspell.js --symspell /tmp/peer/node_modules/node-symspell [--queries FILE]...
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { compiled } from '../../data/package-root.ts';
import { markdownTable } from '../../services/figures/markdown.ts';
import { quantile } from '../../services/figures/quantiles.ts';
import { seededRandom } from '../../services/figures/random.ts';
import { positiveNumber, programArguments } from '../program/arguments.ts';
import { bundledDataset } from '../program/bundled-dataset.ts';
import { PassesProcess } from '../program/passes-process.ts';
import { readText } from '../program/text-file.ts';
import { nodeOn, planCpus } from '../server/cpus.ts';
import { readPool } from '../workloads/pool.ts';
import type { PassOrder, PassReport } from './contender.ts';

const HELP = `Measures words a second of one core beside node-symspell, over the same queries, and p99 of a rewrite inside the process.

  npm install --prefix /tmp/peer node-symspell@0.1.0
  node dist/load/peers/symspell.js --symspell /tmp/peer/node_modules/node-symspell

Usage: node dist/load/peers/symspell.js [--symspell DIR] [--queries FILE]... [--dataset DIR] [--rounds N] [--limit N]

--symspell  folder of the package; where it is not given and not found from here, Emend is measured alone
--queries   measure over these queries too, one a line (or before a tab), plain or gzipped; by default the bundled ones alone
--dataset   folder of the dataset version; the bundled English one by default, built first if need be
--rounds    passes over each set, the contenders in turn; 9 by default, after 3 to warm up
--limit     distinct queries of a set, drawn at random (seed 1) where it has more; 2000 by default

Exit 0 where both aims hold (half of its words a second; p99 below 3 ms), else 1.
`;

const WARM_UP_ROUNDS = 3;

/** Shares and times that are aimed at. */
const LEAST_SHARE = 0.5;
const P99_LIMIT_MS = 3;

/** Queries to measure over. */
interface QuerySet {
  readonly name: string;
  readonly queries: readonly string[];
  readonly words: number;
}

/** A process that goes through queries when asked. */
type Contender = PassesProcess<PassOrder, PassReport>;

function startContender(name: string, path: string): Contender {
  // Both on the same core, one at a time.
  const core = planCpus().server === undefined ? undefined : '0';
  const [command, args] = nodeOn(core, [compiled('load/peers/contender.js'), name, path]);
  return new PassesProcess(
    spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    `contender ${name}`,
  );
}

async function main(): Promise<number> {
  const values = programArguments('symspell', HELP, {
    symspell: { type: 'string' },
    queries: { type: 'string', multiple: true, default: [] },
    dataset: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    limit: { type: 'string', default: '2000' },
  });
  const limit = positiveNumber('symspell', '--limit', values.limit);
  const rounds = positiveNumber('symspell', '--rounds', values.rounds);
  const sets = [
    querySet('WANDS and Chorus', readPool({}).queries, limit),
    ...values.queries.map((file) => querySet(basename(file), readLines(file), limit)),
  ];
  const peer = values.symspell === undefined ? findSymSpell() : resolve(values.symspell);
  if (peer === undefined) process.stderr.write('node-symspell was not found (see --help): Emend alone\n');
  const emend = startContender('emend', values.dataset ?? bundledDataset());
  const symspell = peer === undefined ? undefined : startContender('symspell', peer);
  const rows: string[][] = [];
  let met = true;
  try {
    for (const set of sets) {
      const [ours, again, theirs] = await measure(
        set,
        [
          { contender: emend, isFresh: true },
          { contender: emend, isFresh: false },
          ...(symspell === undefined ? [] : [{ contender: symspell, isFresh: false }]),
        ],
        rounds,
      );
      if (ours === undefined || again === undefined) continue;
      const shares = [ours, again].map((one) => one.wordsPerSecond / (theirs?.wordsPerSecond ?? Number.NaN));
      met &&= ours.p99Ms < P99_LIMIT_MS && !shares.some((share) => share < LEAST_SHARE);
      rows.push([
        `${set.name}: ${set.queries.length} queries, ${set.words} words`,
        theirs === undefined ? '-' : thousands(theirs.wordsPerSecond),
        ...[ours, again].map((one) => thousands(one.wordsPerSecond)),
        shares.map((share) => (Number.isNaN(share) ? '-' : share.toFixed(2))).join(' and '),
        ...[ours.p50Ms, ours.p99Ms, ours.maxMs, ours.p99OfAllMs, again.p99Ms].map((ms) => ms.toFixed(2)),
      ]);
    }
  } finally {
    emend.stop();
    symspell?.stop();
  }
  const head = [
    'queries',
    'node-symspell, words/s',
    'emend, words/s, words met first',
    'met again',
    'shares',
    'p50 ms, met first',
    'p99',
    'max',
    'p99 of single passes',
    'p99, met again',
  ];
  process.stdout.write(markdownTable(head, rows, 'left'));
  process.stdout.write(
    `\nWords a second of processor time, medians of the passes. p50, p99 and max are of the queries, each by its median pass.\n` +
      `Aims: share >= ${LEAST_SHARE}, p99 < ${P99_LIMIT_MS} ms: ${met ? 'met' : 'not met'}\n`,
  );
  return met ? 0 : 1;
}

/** What one contender showed over a set. */
interface Speed {
  readonly wordsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Over every query of every pass: what else the machine did is in it. */
  readonly p99OfAllMs: number;
}

/** Who goes through the queries, and whether it has met their words before. */
interface Turn {
  readonly contender: Contender;
  readonly isFresh: boolean;
}

async function measure(set: QuerySet, turns: readonly Turn[], rounds: number): Promise<Speed[]> {
  const passes: PassReport[][] = turns.map(() => []);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const [i, { contender, isFresh }] of turns.entries()) {
      const report = await contender.pass({ queries: set.queries, isFresh });
      if (round >= 0) passes[i]?.push(report);
    }
  }
  return passes.map((reports) => {
    const ofQueries = set.queries.map((_, q) =>
      quantile(
        reports.map(({ queryMs }) => queryMs[q] ?? 0),
        0.5,
      ),
    );
    return {
      wordsPerSecond:
        set.words /
        (quantile(
          reports.map(({ cpuMs }) => cpuMs),
          0.5,
        ) /
          1000),
      p50Ms: quantile(ofQueries, 0.5),
      p99Ms: quantile(ofQueries, 0.99),
      maxMs: quantile(ofQueries, 1),
      p99OfAllMs: quantile(
        reports.flatMap(({ queryMs }) => queryMs),
        0.99,
      ),
    };
  });
}

function querySet(name: string, all: readonly string[], limit: number): QuerySet {
  const distinct = [...new Set(all.map((query) => query.trim().replace(/\s+/g, ' ')))].filter((query) => query !== '');
  const random = seededRandom(1);
  for (let i = distinct.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [distinct[i], distinct[j]] = [distinct[j] ?? '', distinct[i] ?? ''];
  }
  const queries = distinct.slice(0, limit);
  return { name, queries, words: queries.reduce((sum, query) => sum + query.split(' ').length, 0) };
}

function readLines(file: string): string[] {
  return readText(file)
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '');
}

/** The package's folder, where it is installed above the working directory. */
function findSymSpell(): string | undefined {
  try {
    return dirname(createRequire(join(process.cwd(), 'any.js')).resolve('node-symspell'));
  } catch {
    return undefined;
  }
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en');
}

process.exitCode = await main();
