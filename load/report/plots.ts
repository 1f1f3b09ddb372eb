import { type Axis, linearAxis, logAxis } from '../../services/figures/axes.ts';
import { plotSvg, type Series } from '../../services/figures/plot.ts';
import type { CellResult } from '../cells/cell.ts';
import type { RunResult, ServerResult } from './result.ts';

/** The plots of a run: file name -> SVG. */
export function plotsOf(run: RunResult): ReadonlyMap<string, string> {
  const plots = new Map<string, string>();
  // What the verdict is about comes first, of its measurements the one that counts: a plot holds only so many lines.
  const all = run.servers.map((server) => countedCells(server).map((cell) => ({ server, cell })));
  const cells = [...all.flatMap((own) => own.slice(0, 1)), ...all.flatMap((own) => own.slice(1))];
  if (cells.length > 0) plots.set('latency.svg', latencyPlot(cells, run.limitMs));
  const rates = run.servers.map(byRate).filter(({ points }) => points.length > 1);
  if (rates.length > 0) plots.set('rate.svg', ratePlot(rates, run.limitMs));
  // What only stands beside shows the machine: how much memory it takes is of no interest.
  const memory = cells.filter(({ server, cell }) => !BESIDE.has(server.server) && cell.memory.length > 1);
  if (memory.length > 0) plots.set('memory.svg', memoryPlot(memory));
  return plots;
}

/** The cells of a server, the headline first and without those that measured the same. */
function countedCells({ cells, headline }: ServerResult): CellResult[] {
  const counted = cells[headline];
  if (counted === undefined) return [...cells];
  const isSame = ({ workload, ratePerSecond }: CellResult) =>
    workload === counted.workload && ratePerSecond === counted.ratePerSecond;
  return [counted, ...cells.filter((cell) => !isSame(cell))];
}

const BESIDE: ReadonlySet<string> = new Set(['bare', 'express']);

interface Measured {
  readonly server: ServerResult;
  readonly cell: CellResult;
}

/** Most lines that a plot can have and still be read. */
const MAX_SERIES = 8;

function latencyPlot(cells: readonly Measured[], limitMs: number): string {
  // 1 / (1 - p): 1 for the fastest, 100 for p99, 1,000 for p99.9.
  const series = cells.slice(0, MAX_SERIES).map(({ server, cell }) => ({
    label: nameOf(server, cell),
    style: 'line' as const,
    points: cell.report.latency.curve.map(([percentile, us]) => [100 / (100 - percentile), us / 1000] as const),
  }));
  return plotSvg({
    title: 'Latency by percentile',
    x: percentileAxis(xsOf(series)),
    y: logAxis('ms from the intended sending', ysOf(series), String),
    series,
    legend: 'beside',
    limit: limitMs,
  });
}

/** Each tick a tenth of what is slower than the one before; and the median. */
function percentileAxis(shares: readonly number[]): Axis {
  const axis = logAxis('percentile', shares, (value) => `${+(100 - 100 / value).toFixed(4)}`);
  const decades = axis.ticks.filter((tick) => Number.isInteger(Math.log10(tick)));
  return { ...axis, ticks: [...decades, 2].sort((a, b) => a - b) };
}

function byRate(server: ServerResult): Series {
  const cells = [...server.cells.filter((cell) => cell.workload === 'natural'), ...(server.capacity?.tried ?? [])];
  const points = cells
    .map((cell) => [cell.ratePerSecond, cell.report.latency.p99 / 1000] as const)
    .sort(([a], [b]) => a - b);
  return { label: labelOf(server), style: 'both', points };
}

function ratePlot(series: readonly Series[], limitMs: number): string {
  return plotSvg({
    title: 'p99 by rate, natural mix',
    x: linearAxis('requests a second', xsOf(series), String),
    y: logAxis('p99, ms', ysOf(series), String),
    series,
    legend: 'beside',
    limit: limitMs,
  });
}

function memoryPlot(cells: readonly Measured[]): string {
  const series = cells.slice(0, MAX_SERIES).map(({ server, cell }) => ({
    label: nameOf(server, cell),
    style: 'line' as const,
    points: cell.memory.map(([seconds, anonymous, file]) => [seconds, (anonymous + file) / 2 ** 20] as const),
  }));
  return plotSvg({
    title: 'Resident memory of the server',
    x: linearAxis('seconds', xsOf(series), (value) => `${+value.toFixed(1)}`),
    y: linearAxis('MiB, anonymous and file', ysOf(series), (value) => `${+value.toFixed(1)}`),
    series,
    legend: 'beside',
  });
}

function nameOf(server: ServerResult, cell: CellResult): string {
  return `${labelOf(server)} ${cell.workload} ${cell.ratePerSecond}/s`;
}

function labelOf(server: ServerResult): string {
  const cache = server.cacheBytes === undefined ? '' : ` ${Math.round(server.cacheBytes / 2 ** 20)}M`;
  return `${server.server}${cache}`;
}

function xsOf(series: readonly Series[]): number[] {
  return series.flatMap(({ points }) => points.map(([x]) => x));
}

function ysOf(series: readonly Series[]): number[] {
  return series.flatMap(({ points }) => points.map(([, y]) => y));
}
