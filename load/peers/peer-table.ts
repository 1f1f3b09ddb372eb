/** The table of a run: peers down, sets across. */
import { markdownLines } from '../../services/figures/markdown.ts';
import type { PeerResult } from './measure.ts';

/** A peer's row: what was seen of it, or why nothing was. */
export interface NamedResult {
  readonly name: string;
  readonly result: PeerResult | undefined;
}

const MIB = 2 ** 20;

/** Markdown, settings and versions below the table. Times are those of the first set. */
export function peerTable(results: readonly NamedResult[]): string {
  const sets = results[0]?.result?.sets.map(({ set, rows }) => `${set} (${rows})`) ?? [];
  const rows = results.flatMap(({ name, result }) => {
    if (result === undefined) return [];
    const figures = result.sets.flatMap(({ fix, broken, netPerThousand }) => [
      percent(fix.share, 1),
      percent(broken.share, 2),
      signed(netPerThousand.value),
    ]);
    const [first] = result.sets;
    const idle = result.memoryBytes === 0;
    const times = idle
      ? ['-', '-', '-']
      : [first?.cpuMs, first?.p50Ms, first?.p99Ms].map((ms) => (ms ?? Number.NaN).toFixed(2));
    return [[name, ...figures, ...times, idle ? '-' : mebibytes(result.memoryBytes)]];
  });
  const head = ['', ...sets.flatMap((set) => [`${set}: fix %`, 'broken %', 'net']), 'CPU ms', 'p50 ms', 'p99 ms', 'MB'];
  const measured = results.flatMap(({ name, result }) =>
    result === undefined ? [] : [`- ${name}: ${result.version}, ${result.settings}`],
  );
  return [...markdownLines(head, rows, 'left'), '', ...measured, ''].join('\n');
}

function percent(share: number | null, digits: number): string {
  return share === null ? '-' : (100 * share).toFixed(digits);
}

function signed(value: number | null): string {
  return value === null ? '-' : `${value > 0 ? '+' : ''}${value.toFixed(1)}`;
}

function mebibytes(bytes: number | undefined): string {
  return bytes === undefined ? '-' : (bytes / MIB).toFixed(0);
}
