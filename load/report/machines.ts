import type { RunResult } from './result.ts';

/** 2 billion queries a month, on average and at three and five times that: requests a second. */
const RATES = [770, 2300, 3900];
/** How busy a core is kept at most, so that queues stay short. */
const BUSY_SHARE = 0.6;

/** Requests a second that one process serves at `BUSY_SHARE` of its core. */
export function ratePerProcess(cpuMsPerQuery: number): number {
  return (BUSY_SHARE * 1000) / cpuMsPerQuery;
}

/** Processes, one a core, that a rate takes. */
export function processesFor(cpuMsPerQuery: number, ratePerSecond: number): number {
  return Math.ceil(ratePerSecond / ratePerProcess(cpuMsPerQuery));
}

/** What each server's CPU a query comes to in processes and memory: the head of a table and its rows. */
export function machinesOf(run: RunResult): { readonly head: string[]; readonly rows: string[][] } {
  const head = ['server', 'CPU ms/query', `queries/s of a core ${BUSY_SHARE * 100} % busy`];
  for (const rate of RATES) head.push(`processes for ${rate}/s`);
  head.push('PSS MiB each', 'disk MiB');
  const rows = run.servers.flatMap((server) => {
    const cell = server.cells[server.headline];
    const cpuMs = cell?.cpuMsPerQuery;
    if (server.dataset === '' || cell === undefined || cpuMs === undefined || cpuMs === 0) return [];
    return [
      [
        server.server,
        cpuMs.toFixed(2),
        ratePerProcess(cpuMs).toFixed(0),
        ...RATES.map((rate) => `${processesFor(cpuMs, rate)}`),
        cell.pssBytes === undefined ? '' : (cell.pssBytes / 2 ** 20).toFixed(0),
        (server.datasetBytes / 2 ** 20).toFixed(0),
      ],
    ];
  });
  return { head, rows };
}
