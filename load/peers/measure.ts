/** One peer in one setting over some sets: started, warmed up, asked, judged. */
import { percentile } from '../../services/evaluate/bootstrap.ts';
import type { EvalSet } from '../../services/evaluate/eval-rows.ts';
import { type Judged, judgeOutputs } from './judged.ts';
import type { Variant, Workshop } from './peer.ts';
import { PeerProcess } from './peer-process.ts';

/** What was seen of one set. */
export interface SetResult extends Judged {
  readonly set: string;
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
  sets: readonly EvalSet[],
): Promise<PeerResult> {
  const process = await PeerProcess.start(await variant.prepare(workshop));
  try {
    await process.ask(warmUp);
    const results: SetResult[] = [];
    for (const { name, rows } of sets) {
      const answers = await process.ask(rows.map(({ input }) => input));
      const outputs = answers.map(({ output }) => output);
      const times = answers.map(({ tookMs }) => tookMs);
      results.push({ set: name, outputs, ...judgeOutputs(rows, outputs), ...summarise(times) });
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
export function doNothing(sets: readonly EvalSet[]): PeerResult {
  return {
    version: '-',
    settings: 'every query as it was typed',
    sets: sets.map(({ name, rows }) => {
      const outputs = rows.map(({ input }) => input);
      return { set: name, outputs, ...judgeOutputs(rows, outputs), p50Ms: 0, p99Ms: 0, meanMs: 0 };
    }),
    memoryBytes: 0,
  };
}

function summarise(times: readonly number[]): { p50Ms: number; p99Ms: number; meanMs: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const sum = sorted.reduce((total, ms) => total + ms, 0);
  return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99), meanMs: sum / Math.max(1, sorted.length) };
}
