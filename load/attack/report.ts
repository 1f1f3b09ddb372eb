import { markdownTable } from '../../services/figures/markdown.ts';
import type { Tally } from './client.ts';
import type { KillResult } from './files.ts';
import type { FlipResult } from './flips-process.ts';
import type { Seen } from './paced-process.ts';
import type { Observed } from './target.ts';

/** All that an attack has seen. */
export interface Report {
  readonly seconds: number;
  readonly seed: number;
  readonly tally: Tally;
  /** What the user saw of the service, and of a server that does nothing. */
  readonly service: Seen;
  readonly bare: Seen;
  readonly observed: Observed;
  readonly flips: FlipResult;
  readonly kills: KillResult;
}

/** The report as a table of two columns, so that two of them can be set side by side. */
export function reportTable({ tally, service, bare, observed, flips, kills, seconds, seed }: Report): string {
  const { idleBytes, peakBytes, longestStallMs, aborts, exit } = observed;
  const rows: [string, string][] = [
    ['time, seed', `${Math.round(seconds)} s, ${seed}`],
    ['requests sent', `${sum(tally.sent)}: ${listed(tally.sent)}`],
    ['answers', listed(tally.answers)],
    ['5xx', tally.failures.size === 0 ? 'none' : listed(tally.failures)],
    ['hangs', String(tally.hangs)],
    ['processes that ended', String(aborts)],
    ['exit when asked to stop', exit],
    ['peak RSS of a process', `${mebibytes(peakBytes)}, ${mebibytes(peakBytes - idleBytes)} above idle`],
    ['longest stall of an event loop', ms(longestStallMs)],
    ['user: p50, p99, longest', `${ms(service.p50Ms)}, ${ms(service.p99Ms)}, ${ms(service.maxMs)}`],
    ['bare server beside it', `${ms(bare.p50Ms)}, ${ms(bare.p99Ms)}, ${ms(bare.maxMs)}`],
    ['user: not answered with 200', `${service.failed} of ${service.asked}`],
    ['bytes changed', `${flips.tried}: ${flips.refused} refused, ${flips.same} without effect`],
    ['wrong without a word, untyped errors', `${flips.wrong}, ${flips.untyped}`],
    ['builds and imports killed', `${kills.builds}, ${kills.imports}`],
    ['left half made', String(kills.broken.length)],
  ];
  return markdownTable(['what', 'seen'], rows, 'left');
}

/** What should not have been: a line each. */
export function verdict({ tally, observed, flips, kills }: Report): string[] {
  const found: string[] = [];
  for (const [code, count] of tally.failures) if (!code.startsWith('503')) found.push(`${count} times ${code}`);
  for (const what of tally.hung) found.push(`hung: ${what}`);
  if (observed.aborts > 0) found.push(`${observed.aborts} processes ended`);
  if (observed.exit !== '0') found.push(`the service ended with ${observed.exit}`);
  if (flips.wrong + flips.untyped > 0) found.push(...flips.examples);
  return [...found, ...kills.broken];
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}

function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
