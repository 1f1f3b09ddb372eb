/**
 * `live-memory`: what 1, 4 and 8 processes take together that look every entry of one map up: as a live collection, as a
 * JavaScript `Map` made of a JSON file, and doing nothing. Proportional set size: a page that several share counts in parts.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import type { BenchOptions } from '../bench-options.ts';
import { entries } from './entries.ts';

const PROCESSES = [1, 4, 8];
const KINDS = ['empty', 'map', 'lmdb'] as const;

export async function benchLiveMemory({ keyCounts, scratch, report, print }: BenchOptions): Promise<void> {
  const rows: string[] = [];
  for (const count of keyCounts) {
    const folder = join(scratch, `memory-${count}`);
    const writer = openCollections(folder, { readOnly: false });
    writer.write.replace('map', { kind: 'map' }, entries(count));
    writer.close();
    const json = join(scratch, `memory-${count}.json`);
    writeFileSync(json, JSON.stringify(Object.fromEntries([...entries(count)].map(({ key, value }) => [key, value]))));
    print(
      `${count} entries: ${mb(statSync(json).size)} MB of JSON, ${mb(statSync(join(folder, 'collections.mdb')).size)} MB of LMDB`,
    );
    const sums = new Map<string, number>();
    for (const kind of KINDS) {
      for (const processes of PROCESSES) {
        const source = kind === 'lmdb' ? folder : json;
        sums.set(`${kind} ${processes}`, await pssOf(kind, processes, source, count));
      }
    }
    for (const processes of PROCESSES) {
      const cells = KINDS.map((kind) => mb(sums.get(`${kind} ${processes}`) ?? 0));
      rows.push(`| ${count} | ${processes} | ${cells.join(' | ')} |`);
    }
    const further = (kind: string) => ((sums.get(`${kind} 8`) ?? 0) - (sums.get(`${kind} 4`) ?? 0)) / 4;
    const share = (further('lmdb') - further('empty')) / (further('map') - further('empty'));
    print(`a further process over an empty one: LMDB takes ${(100 * share).toFixed(1)} % of what a Map takes`);
  }
  report(
    'live-memory',
    [
      '| entries | processes | empty, MB | Map of JSON, MB | LMDB, MB |',
      '| --: | --: | --: | --: | --: |',
      ...rows,
    ].join('\n'),
  );
}

/** Bytes that `processes` of them take together once each has touched every key. */
async function pssOf(kind: string, processes: number, source: string, count: number): Promise<number> {
  const program = fileURLToPath(new URL('./memory-reader.js', import.meta.url));
  const children: ChildProcess[] = [];
  for (let i = 0; i < processes; i++) {
    const child = fork(program, [kind, source, String(count)], { execArgv: ['--expose-gc'] });
    await once(child, 'message');
    children.push(child);
  }
  let bytes = 0;
  for (const { pid } of children) {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    bytes += Number(/^Pss: +(\d+) kB/m.exec(rollup)?.[1]) * 1024;
  }
  for (const child of children) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  return bytes;
}

function mb(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
