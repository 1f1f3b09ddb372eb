/**
 * The pipeline of one built tree in a process of its own: opens a dataset once, then answers each message with a pass
 * over its queries. The tree is named rather than imported, so that the same code measures the built program and an
 * earlier build of it.
 *
 *   node dist/load/pipeline/passes.js TREE DATASET
 */
import { type Begin, openTree, UnknownTree } from './layouts.ts';

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

const [tree = '', dataset = ''] = process.argv.slice(2);
const begin = await openOrEnd();
let pipeline = begin();

process.on('message', ({ queries, isFresh, wantsAnswers }: PassOrder) => {
  if (isFresh) pipeline = begin();
  process.send?.(wantsAnswers ? answersTo(queries) : pass(queries));
});

/** Opens the tree; if it is not one, reports that in a line and ends the process with 2. */
async function openOrEnd(): Promise<Begin> {
  try {
    return await openTree(tree, dataset);
  } catch (error) {
    if (!(error instanceof UnknownTree)) throw error;
    process.stderr.write(`passes: ${error.message}\n`);
    process.exit(2);
  }
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
