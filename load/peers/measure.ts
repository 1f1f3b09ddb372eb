/** One peer in one setting over some sets: started, warmed up, asked, judged. */
import { percentile } from '../../services/figures/quantiles.ts';
import { type Judged, judgeOutputs } from './judged.ts';
import type { Variant, Workshop } from './peer.ts';
import { type PeerAnswer, PeerProcess } from './peer-process.ts';
import type { MeasuredSet } from './rows.ts';

/** What was seen of one set. */
export interface SetResult extends Judged {
  readonly set: string;
  readonly rows: number;
  /** Processor time a query, all threads of the process: it hardly grows with what else the machine does. */
  readonly cpuMs: number | undefined;
  /** Time by the clock of single queries. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly meanMs: number;
  readonly outputs: readonly string[];
}

/** What was seen of one peer. */
export interface PeerResult {
  readonly version: string;
  readonly settings: string;
  readonly sets: readonly SetResult[];
  /** Resident memory once all was answered, bytes; undefined where the system does not tell. */
  readonly memoryBytes: number | undefined;
}

/**
 * Measures a peer, one query after another. Each query is timed in the process that answers it and met there for the first time.
 *
 * @param warmUp queries asked before, of which nothing is kept
 */
export async function measurePeer(
  variant: Variant,
  workshop: Workshop,
  warmUp: readonly string[],
  sets: readonly MeasuredSet[],
): Promise<PeerResult> {
  const process = await PeerProcess.start(await variant.prepare(workshop));
  try {
    await process.ask(warmUp);
    const results: SetResult[] = [];
    for (const set of sets) {
      const before = process.cpuMs();
      const answers = await process.ask(set.rows.map(({ input }) => input));
      const after = process.cpuMs();
      const cpuMs = before === undefined || after === undefined ? undefined : (after - before) / answers.length;
      results.push(...judged(set, answers, cpuMs));
    }
    return {
      version: process.version,
      settings: variant.settings,
      sets: results,
      memoryBytes: process.memoryBytes(),
    };
  } finally {
    await process.stop();
  }
}

/** What sending every query on as it was typed gains and breaks: nothing. */
export function doNothing(sets: readonly MeasuredSet[]): PeerResult {
  return {
    version: '-',
    settings: 'every query as it was typed',
    sets: sets.flatMap((set) =>
      judged(
        set,
        set.rows.map(({ input }) => ({ output: input, tookMs: 0 })),
        0,
      ),
    ),
    memoryBytes: 0,
  };
}

/** What was seen of a set: of its clear rows first, where some are not. */
function judged(
  { name, rows, clear }: MeasuredSet,
  answers: readonly PeerAnswer[],
  cpuMs: number | undefined,
): SetResult[] {
  const views = [{ set: name, rows, answers }];
  if (clear !== null) {
    const kept = new Set(clear);
    const keptAnswers = answers.filter((_, i) => rows[i] !== undefined && kept.has(rows[i]));
    views.unshift({ set: `${name}, clear rows`, rows: clear, answers: keptAnswers });
  }
  return views.map((view) => {
    const outputs = view.answers.map(({ output }) => output);
    const times = view.answers.map(({ tookMs }) => tookMs);
    return {
      set: view.set,
      rows: view.rows.length,
      cpuMs,
      outputs,
      ...judgeOutputs(view.rows, outputs),
      ...summarise(times),
    };
  });
}

function summarise(times: readonly number[]): { p50Ms: number; p99Ms: number; meanMs: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const sum = sorted.reduce((total, ms) => total + ms, 0);
  return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99), meanMs: sum / Math.max(1, sorted.length) };
}
