/**
 * The pipeline of one built tree in a process of its own: opens a dataset once, then answers each message with a pass
 * over its queries. The tree is named rather than imported, so that the same code measures the built program and an
 * earlier build of it.
 *
 *   node dist/load/pipeline/passes.js TREE DATASET
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Queries to be gone through once. */
export interface PassOrder {
  readonly queries: readonly string[];
  /** Whether a new rewriter is made first: what was remembered of the words of earlier passes is forgotten. */
  readonly isFresh: boolean;
  /** Whether to send the answers, rather than times. */
  readonly wantsAnswers: boolean;
}

/** What a pass took. */
export interface PassReport {
  /** User and system time of the process, milliseconds: it grows little with what else the machine does. */
  readonly cpuMs: number;
  /** Time by the clock, milliseconds: of each query, and of all queries by step of the pipeline. */
  readonly queryMs: readonly number[];
  readonly stepMs: readonly (readonly [string, number])[];
  /** Without what differs from run to run; none unless asked for. */
  readonly answers: readonly string[];
}

/** What is used of the service. */
interface Pipeline {
  rewrite(query: string, options: unknown): object;
  stepMs(): ReadonlyMap<string, number>;
}

const [tree = '', dataset = ''] = process.argv.slice(2);
const begin = await openPipeline();
let pipeline = begin();

process.on('message', ({ queries, isFresh, wantsAnswers }: PassOrder) => {
  if (isFresh) pipeline = begin();
  process.send?.(wantsAnswers ? answersTo(queries) : pass(queries));
});

/** As the service opens it: all workers, the default options and block cache, the dataset's own parameters. */
async function openPipeline(): Promise<() => Pipeline & { ask(query: string): object }> {
  const load = (path: string) => import(pathToFileURL(join(tree, 'dist', path)).href);
  const [{ parseConfig }, { DEFAULT_OPTIONS }, { createRewriter }, { parametersOf }, { openDataset }] =
    await Promise.all([
      load('services/config.js'),
      load('services/rewrite/options.js'),
      load('services/rewrite/pipeline.js'),
      load('services/tuned-parameters.js'),
      load('stores/dataset/open.js'),
    ]);
  const { cacheBytes } = parseConfig({}, {}, {});
  const opened = openDataset(dataset, { cacheBytes });
  const parts = { dataset: opened.id, stores: opened.stores, parameters: parametersOf(opened) };
  return () => {
    const rewriter: Pipeline = createRewriter(parts);
    return Object.assign(rewriter, { ask: (query: string) => rewriter.rewrite(query, DEFAULT_OPTIONS) });
  };
}

function pass(queries: readonly string[]): PassReport {
  const stepsBefore = pipeline.stepMs();
  const queryMs: number[] = [];
  const cpuBefore = process.cpuUsage();
  for (const query of queries) {
    const startedMs = performance.now();
    pipeline.ask(query);
    queryMs.push(performance.now() - startedMs);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const stepMs = [...pipeline.stepMs()].map(([step, ms]) => [step, ms - (stepsBefore.get(step) ?? 0)] as const);
  return { cpuMs: (user + system) / 1000, queryMs, stepMs, answers: [] };
}

function answersTo(queries: readonly string[]): PassReport {
  const answers = queries.map((query) =>
    JSON.stringify({ ...pipeline.ask(query), dataset: undefined, queryId: undefined, tookMs: undefined }),
  );
  return { cpuMs: 0, queryMs: [], stepMs: [], answers };
}
