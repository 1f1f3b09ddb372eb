import { markdownLines } from '../../services/figures/markdown.ts';
import { percent } from '../../services/figures/numbers.ts';
import type { CellResult } from '../cells/cell.ts';
import { errorsOf } from '../cells/verdict.ts';
import { machinesOf } from './machines.ts';
import type { RunResult, ServerResult } from './result.ts';

/** The report of a run as Markdown. */
export function markdownOf(run: RunResult): string {
  const { machine } = run;
  const lines = [
    `# Load run of ${run.startedAt}`,
    '',
    `\`${run.command}\`${run.commit === '' ? '' : `, commit ${run.commit}`}`,
    '',
    `- Machine: ${machine.cpu}, ${machine.cores} cores, ${gib(machine.memoryBytes)} GiB, ${machine.system}, Node ${machine.node}`,
    `- Cores: server on ${machine.serverCpus}, driver on ${machine.driverCpus}; load average ${machine.loadAverage.toFixed(2)} when the run began`,
    `- Queries: ${run.queries}; seed ${run.seed}; limit ${run.limitMs} ms`,
  ];
  lines.push('', ...summaryOf(run));
  for (const server of run.servers) lines.push('', ...sectionOf(server));
  const { head, rows } = machinesOf(run);
  if (rows.length > 0) lines.push('', '## From 2 billion queries a month to processes', '', ...table(head, rows));
  lines.push('', `**${run.verdictLine}**`, '');
  return lines.join('\n');
}

/** All servers at the rate that the verdict is about, so that what a request costs stands beside what nothing costs. */
function summaryOf(run: RunResult): string[] {
  const rows = run.servers.flatMap((server) => {
    const cell = server.cells[server.headline];
    if (cell === undefined) return [];
    const { latency } = cell.report;
    return [
      [
        server.server,
        `${cell.workload} ${cell.ratePerSecond}`,
        ...[latency.p50, latency.p99, latency.p999].map(ms),
        optional(cell.bareP99Us, ms),
        aboveBare(cell),
        optional(cell.cpuMsPerQuery, (value) => (value * cell.batch).toFixed(3)),
        optional(server.saturation?.requestsPerSecond, (value) => value.toFixed(0)),
        optional(server.capacity?.ratePerSecond, String),
        cell.verdict.outcome,
      ],
    ];
  });
  const head = ['server', 'workload, rate/s', 'p50', 'p99', 'p99.9', 'bare p99 beside', 'p99 above bare'];
  const costs = ['CPU ms/request', 'closed loop/s', `p99 < ${run.limitMs} ms up to/s`, 'verdict'];
  return table([...head, ...costs], rows);
}

/** How much of a p99 a server that does nothing had not, in the same minute. */
function aboveBare({ report, bareP99Us }: CellResult): string {
  return optional(bareP99Us, (bare) => ms(report.latency.p99 - bare));
}

function sectionOf(server: ServerResult): string[] {
  const cache = server.cacheBytes === undefined ? 'default block cache' : `block cache ${mib(server.cacheBytes)} MiB`;
  const dataset =
    server.dataset === ''
      ? server.datasetId && `: ${server.datasetId.slice(0, 19)}`
      : `: ${server.dataset} (${server.datasetId.slice(0, 19)}, ${mib(server.datasetBytes)} MiB, ${cache})`;
  const lines = [
    `## ${server.server}${dataset}`,
    '',
    `${server.readyMs === undefined ? 'It ran already.' : `Ready ${Math.round(server.readyMs)} ms after its start.`} Milliseconds; latency from the intended moment of sending.`,
    '',
    ...latencyTable(server.cells),
    ...disturbedLines([...server.cells, ...(server.capacity?.tried ?? [])]),
    ...warmUpLines(server.cells),
  ];
  const resources = server.cells.filter((cell) => cell.cpuMsPerQuery !== undefined);
  if (resources.length > 0) lines.push('', ...resourceTable(resources));
  const steps = server.cells.filter((cell) => Object.keys(cell.stepMs).length > 0);
  if (steps.length > 0) lines.push('', ...stepTable(steps));
  if (server.saturation !== undefined) {
    const { requestsPerSecond, errors } = server.saturation;
    lines.push('', `Closed loop (autocannon): ${Math.round(requestsPerSecond)} requests/s, ${errors} errors.`);
  }
  if (server.capacity !== undefined) {
    lines.push('', `Capacity: ${server.capacity.ratePerSecond} requests/s. Rates tried:`, '');
    lines.push(...latencyTable(server.capacity.tried));
  }
  return lines;
}

/** What was measured and does not count: nothing is left out of the report. */
function disturbedLines(cells: readonly CellResult[]): string[] {
  const lines = cells.flatMap(({ workload, ratePerSecond, disturbedTries }) =>
    disturbedTries.map(({ p99Us, why }) => `- ${workload} at ${ratePerSecond}/s, p99 ${ms(p99Us)} ms: ${why}`),
  );
  return lines.length === 0 ? [] : ['', 'Measured again, whatever came of it:', '', ...lines];
}

function warmUpLines(cells: readonly CellResult[]): string[] {
  const slices = cells.flatMap(({ warmUp }) => warmUp);
  if (slices.length === 0) return [];
  const costs = slices.map(({ cpuMsPerQuery }) => cpuMsPerQuery.toFixed(2)).join(', ');
  return ['', `Warm-up: ${costs} ms of CPU a query, by ${slices[0]?.seconds} s.`];
}

function latencyTable(cells: readonly CellResult[]): string[] {
  return table(
    [
      ...['workload', 'rate/s', 'requests', 'p50', 'p90', 'p99', 'p99.9', 'max', 'errors'],
      ...['bare p99 beside', 'p99 above bare', 'driver late p99', 'verdict'],
    ],
    cells.map((cell) => {
      const { workload, ratePerSecond, report, verdict } = cell;
      const { latency } = report;
      return [
        workload,
        `${ratePerSecond}`,
        `${report.sent}`,
        ...[latency.p50, latency.p90, latency.p99, latency.p999, latency.max].map(ms),
        `${errorsOf(report)}`,
        optional(cell.bareP99Us, ms),
        aboveBare(cell),
        ms(report.lateness.p99),
        verdict.outcome === 'PASS' ? verdict.outcome : `${verdict.outcome}: ${verdict.why}`,
      ];
    }),
  );
}

function resourceTable(cells: readonly CellResult[]): string[] {
  return table(
    [
      'workload',
      'rate/s',
      'CPU ms/query',
      'core busy',
      'others busy',
      'RSS anon MiB',
      'RSS file MiB',
      'PSS MiB',
      'heap MiB',
      'GC pauses',
      'GC ms',
      '> 10 ms',
      'loop delay p99',
      'max',
      'cache hits',
    ],
    cells.map((cell) => {
      const [, anonymous, file] = cell.memory.at(-1) ?? [0, undefined, undefined];
      return [
        cell.workload,
        `${cell.ratePerSecond}`,
        optional(cell.cpuMsPerQuery, (value) => value.toFixed(3)),
        optional(cell.cpuShare, inPercent),
        optional(cell.othersCores, inPercent),
        optional(anonymous, mib),
        optional(file, mib),
        optional(cell.pssBytes, mib),
        optional(cell.heapUsedBytes, mib),
        optional(cell.gc?.pauses, String),
        optional(cell.gc?.totalMs, (value) => value.toFixed(0)),
        optional(cell.gc?.longerThan10Ms, String),
        optional(cell.loopDelayMs?.p99, (value) => value.toFixed(1)),
        optional(cell.loopDelayMs?.max, (value) => value.toFixed(1)),
        optional(cell.cacheHitShare, inPercent),
      ];
    }),
  );
}

function stepTable(cells: readonly CellResult[]): string[] {
  const steps = [...new Set(cells.flatMap((cell) => Object.keys(cell.stepMs)))];
  return table(
    // Steps are timed by the clock. What is left of the CPU is HTTP, sockets, the collector and the compiler; where the machine
    // was busy the clock passes it, and there is nothing to tell.
    ['ms/query by step', 'rate/s', ...steps, 'all', 'CPU', 'CPU of the rest'],
    cells.map(({ workload, ratePerSecond, stepMs, cpuMsPerQuery }) => {
      const all = Object.values(stepMs).reduce((sum, value) => sum + value, 0);
      return [
        workload,
        `${ratePerSecond}`,
        ...steps.map((step) => (stepMs[step] ?? 0).toFixed(3)),
        all.toFixed(3),
        optional(cpuMsPerQuery, (value) => value.toFixed(3)),
        optional(cpuMsPerQuery, (value) => (value > all ? (value - all).toFixed(3) : '')),
      ];
    }),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return markdownLines(head, rows, 'left');
}

function ms(us: number): string {
  return (us / 1000).toFixed(2);
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(0);
}

function inPercent(share: number): string {
  return `${percent(share, 0)} %`;
}

function optional<T>(value: T | undefined, format: (value: T) => string): string {
  return value === undefined ? '' : format(value);
}
