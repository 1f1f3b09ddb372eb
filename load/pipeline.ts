/**
 * What a query costs inside the process, without HTTP: CPU microseconds by set of queries, and by step of the pipeline,
 * for words met first and met again; beside another build of the program, if asked.
 *
 *   node dist/load/pipeline.js [--dataset DIR] [--queries FILE] [--against TREE] [--json]
 */
import { resolve } from 'node:path';
import { packageRoot } from '../data/package-root.ts';
import { markdownLines } from '../services/figures/markdown.ts';
import { median, quantile } from '../services/figures/quantiles.ts';
import type { PassReport } from './pipeline/passes.ts';
import { type QuerySet, querySets, shuffled } from './pipeline/query-sets.ts';
import { startTree, type Tree } from './pipeline/tree.ts';
import { positiveNumber, programArguments } from './program/arguments.ts';
import { bundledDataset } from './program/bundled-dataset.ts';
import { ProcessEnded } from './program/passes-process.ts';
import { readPool } from './workloads/pool.ts';

const HELP = `Measures the pipeline alone, in a process without HTTP: CPU microseconds a query, and by step.

  node dist/load/pipeline.js
  node dist/load/pipeline.js --against ../emend-before

Usage: node dist/load/pipeline.js [--dataset DIR] [--queries FILE] [--against TREE [--against-dataset DIR]]
                                  [--rounds N] [--limit N] [--seed N] [--only NAME] [--json]

--dataset          folder of the dataset version; the bundled English one by default, built first if need be
--queries          queries to draw from, one a line (or before a tab), plain or gzipped; by default the bundled ones
--against          another build to alternate with: the folder that holds its dist/ and package.json
--against-dataset  the dataset of that build; the same by default
--rounds           passes over each set that count, after 3 to warm up; 7 by default
--limit            queries of a set at most (a quarter of them long ones); 600 by default
--seed             another seed draws other queries; 1 by default
--only             measure the sets alone whose name holds this

"Met first" makes a new rewriter, which remembers no word, before the pass; "met again" goes through the same queries once
more. CPU is user and system time, the collector's included, and is shared out among the steps as the time by the clock is.
The percentiles are by the clock, so that other work on the machine lengthens them. All figures are medians of the passes;
with --against, look at the ratios.

Exit 0; 1 with --against where an answer differs; 2 where a build cannot be measured.
`;

const WARM_UP_ROUNDS = 3;
/** Queries whose answers are compared; the sets are drawn from these, and are compared besides. */
const MOST_COMPARED = 20_000;
/** Answers that differ, shown. */
const SHOWN = 5;

/** What one build showed over one set. */
interface Cost {
  readonly set: string;
  readonly met: 'first' | 'again';
  readonly tree: string;
  readonly queries: number;
  readonly cpuUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly stepUs: Readonly<Record<string, number>>;
}

async function main(): Promise<number> {
  const values = programArguments('pipeline', HELP, {
    dataset: { type: 'string' },
    queries: { type: 'string' },
    against: { type: 'string' },
    'against-dataset': { type: 'string' },
    rounds: { type: 'string', default: '7' },
    limit: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  });
  const rounds = positiveNumber('pipeline', '--rounds', values.rounds);
  const limit = positiveNumber('pipeline', '--limit', values.limit);
  const seed = positiveNumber('pipeline', '--seed', values.seed);
  const { only } = values;
  const pool = readPool(values.queries === undefined ? {} : { queriesFile: values.queries });
  const sets = querySets(pool, limit, seed).filter(({ name, queries }) => name.includes(only) && queries.length > 0);
  const dataset = values.dataset ?? bundledDataset();
  const trees = new Map([['this', startTree(packageRoot(), dataset)]]);
  if (values.against !== undefined) {
    trees.set('against', startTree(resolve(values.against), values['against-dataset'] ?? dataset));
  }
  try {
    const costs: Cost[] = [];
    for (const set of sets) costs.push(...(await measure(set, trees, rounds)));
    const compared = [...new Set([...sets.flatMap(({ queries }) => queries), ...shuffled(pool.queries, seed)])];
    const differing = await differences(compared.slice(0, MOST_COMPARED), [...trees.values()]);
    process.stdout.write(
      values.json ? `${JSON.stringify({ costs, differing })}\n` : reportOf(costs, differing, trees.size > 1),
    );
    return differing.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ProcessEnded)) throw error;
    process.stderr.write(`pipeline: ${error.message}\n`);
    return 2;
  } finally {
    for (const tree of trees.values()) tree.stop();
  }
}

async function measure(set: QuerySet, trees: ReadonlyMap<string, Tree>, rounds: number): Promise<Cost[]> {
  const turns = [...trees].flatMap(([name, tree]) => [
    { name, tree, met: 'first' as const, passes: [] as PassReport[] },
    { name, tree, met: 'again' as const, passes: [] as PassReport[] },
  ]);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const { tree, met, passes } of turns) {
      const report = await tree.pass({ queries: set.queries, isFresh: met === 'first', wantsAnswers: false });
      if (round >= 0) passes.push(report);
    }
  }
  const count = set.queries.length;
  return turns.map(({ name, met, passes }) => {
    const ofQueries = set.queries.map((_, q) => median(passes.map(({ queryMs }) => queryMs[q] ?? 0)));
    const steps = passes[0]?.stepMs.map(([step]) => step) ?? [];
    const shares = passes.map(({ stepMs, cpuMs }) => {
      const allMs = stepMs.reduce((sum, [, ms]) => sum + ms, 0);
      return stepMs.map(([, ms]) => (cpuMs * ms) / allMs);
    });
    return {
      set: set.name,
      met,
      tree: name,
      queries: count,
      cpuUs: (1000 * median(passes.map(({ cpuMs }) => cpuMs))) / count,
      p50Us: 1000 * quantile(ofQueries, 0.5),
      p99Us: 1000 * quantile(ofQueries, 0.99),
      stepUs: Object.fromEntries(
        steps.map((step, i) => [step, (1000 * median(shares.map((ofPass) => ofPass[i] ?? 0))) / count]),
      ),
    };
  });
}

/** The queries that two builds answer differently, with both answers. */
async function differences(queries: readonly string[], trees: readonly Tree[]): Promise<string[][]> {
  if (trees.length < 2) return [];
  const order = { queries, isFresh: true, wantsAnswers: true };
  const [ours = [], theirs = []] = (await Promise.all(trees.map((tree) => tree.pass(order)))).map((one) => one.answers);
  return queries.flatMap((query, i) => (ours[i] === theirs[i] ? [] : [[query, ours[i] ?? '', theirs[i] ?? '']]));
}

function reportOf(costs: readonly Cost[], differing: readonly string[][], isCompared: boolean): string {
  // Steps that take no time over any set (phrases without phrases) are left out.
  const steps = Object.keys(costs[0]?.stepUs ?? {}).filter((step) => costs.some(({ stepUs }) => stepUs[step]! >= 0.5));
  const head = ['queries', 'words met', 'build', 'CPU us', 'p50', 'p99', ...steps];
  const rows = costs.map((cost) => [
    `${cost.set} (${cost.queries})`,
    cost.met,
    cost.tree,
    ...[cost.cpuUs, cost.p50Us, cost.p99Us].map(whole),
    ...steps.map((step) => whole(cost.stepUs[step] ?? 0)),
  ]);
  const lines = markdownLines(head, rows, 'left');
  if (isCompared) lines.push('', ...ratiosOf(costs, steps), '', ...differencesOf(differing));
  return `${lines.join('\n')}\n`;
}

/** What this build takes of what the other takes. */
function ratiosOf(costs: readonly Cost[], steps: readonly string[]): string[] {
  const rows = costs
    .filter(({ tree }) => tree === 'this')
    .flatMap((ours) => {
      const theirs = costs.find(({ tree, set, met }) => tree !== 'this' && set === ours.set && met === ours.met);
      if (theirs === undefined) return [];
      const ratio = (a: number, b: number) => (a / b).toFixed(2);
      return [
        [
          ours.set,
          ours.met,
          ratio(ours.cpuUs, theirs.cpuUs),
          ratio(ours.p50Us, theirs.p50Us),
          ratio(ours.p99Us, theirs.p99Us),
          ...steps.map((step) => ratio(ours.stepUs[step] ?? 0, theirs.stepUs[step] ?? 0)),
        ],
      ];
    });
  return markdownLines(['this / against', 'words met', 'CPU', 'p50', 'p99', ...steps], rows, 'left');
}

function differencesOf(differing: readonly string[][]): string[] {
  if (differing.length === 0) return ['All answers are the same.'];
  return [
    `${differing.length} answers differ, among them:`,
    ...differing.slice(0, SHOWN).flatMap(([query, ours, theirs]) => [`  ${query}`, `    ${ours}`, `    ${theirs}`]),
  ];
}

function whole(us: number): string {
  return us.toFixed(us < 10 ? 1 : 0);
}

process.exitCode = await main();
