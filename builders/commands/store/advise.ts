/** `emend store advise`: measures block files of several shapes on one's own data, and recommends one. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Advice, type AdviceRow, advise } from '../../blocks/advise.ts';
import { type CommandIo, UsageError } from '../../command.ts';
import { readSample } from './sample.ts';

/** Runs `emend store advise`. */
export async function adviseStore(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      queries: { type: 'string' },
      sample: { type: 'string', default: '200000' },
      'filter-rate': { type: 'string', default: '0.01' },
      json: { type: 'boolean', default: false },
    },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new UsageError('advise needs one FILE');
  const sampleKeys = Number(values.sample);
  if (!Number.isInteger(sampleKeys) || sampleKeys < 100) {
    throw new UsageError(`--sample must be a whole number from 100, found ${values.sample}`);
  }
  const filterRate = Number(values['filter-rate']);
  if (!(filterRate > 0 && filterRate < 1)) {
    throw new UsageError(`--filter-rate must be between 0 and 1, found ${values['filter-rate']}`);
  }
  const queries = values.queries === undefined ? undefined : resolve(io.cwd, values.queries);
  const sample = await readSample(resolve(io.cwd, path), queries, sampleKeys, io);
  if (sample.entries.length === 0) {
    io.stderr.write(`${path}: has no keys; there is nothing to measure\n`);
    return 1;
  }
  const advice = advise(sample, filterRate, (row) => {
    if (io.stderr.isTTY) io.stderr.write(`measured ${name(row)}\n`);
  });
  io.stdout.write(values.json ? `${JSON.stringify(advice)}\n` : report(advice));
  return 0;
}

const COLUMNS: readonly [string, (row: AdviceRow) => string][] = [
  ['layout', (row) => row.layout],
  ['block', (row) => String(row.blockBytes)],
  ['restart', (row) => String(row.restartInterval)],
  ['compression', (row) => row.compression],
  ['filter', (row) => row.filter],
  ['B/key', (row) => row.bytesPerKey.toFixed(2)],
  ['filter b/key', (row) => row.filterBitsPerKey.toFixed(2)],
  ['cache B/key', (row) => row.cachedBytesPerKey.toFixed(2)],
  ['hit us', (row) => row.warmHitUs.toFixed(2)],
  ['miss us', (row) => row.warmMissUs.toFixed(2)],
  ['cold hit us', (row) => row.coldHitUs.toFixed(2)],
  ['cold miss us', (row) => row.coldMissUs.toFixed(2)],
  ['passed', (row) => `${(row.passedShare * 100).toFixed(2)} %`],
];

function report({ rows, best, keyCount, sampleCount, absentShare }: Advice): string {
  const lines = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))];
  const widths = COLUMNS.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const table = lines.map((line) => line.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  ')).join('\n');
  const from = sampleCount === keyCount ? `${keyCount} keys` : `${sampleCount} neighbouring keys of ${keyCount}`;
  return `${table}

Measured on ${from}; ${(absentShare * 100).toFixed(0)} % of the keys looked up are absent.
Warm: all blocks in the cache. Cold: every block read from the system's page cache, as with no cache at all.
"passed" is the share of absent keys that the filter let through.

Recommended: ${name(best)}
`;
}

function name(row: AdviceRow): string {
  const layout = row.layout === 'fixed' ? 'keyBytes for the layout fixed, ' : '';
  const { blockBytes, restartInterval, compression, filter } = row;
  return `${layout}blockBytes ${blockBytes}, restartInterval ${restartInterval}, compression ${compression}, filter ${filter}`;
}
