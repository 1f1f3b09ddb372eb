/**
 * `live-many`: 50 collections of 1 to 100 MB of JSON, used by one process and by four: what they take together as live
 * collections and as JavaScript `Map`s from JSON files, and how long it takes until they can be used.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import type { BenchOptions } from '../bench-options.ts';

export const COLLECTIONS = 50;
/** Of the largest; the smallest has a hundredth. Together 1,010 MB with 100 MB, as sizes fall geometrically. */
const LARGEST_BYTES = 100 * 2 ** 20;
const PROCESSES = [1, 4];

/** Entries of collection `i`: of 210 bytes of JSON each. */
export function entriesOf(i: number): number {
  return Math.round((LARGEST_BYTES * 100 ** (-i / (COLLECTIONS - 1))) / 210);
}

export async function benchLiveMany({ scratch, report, print }: BenchOptions): Promise<void> {
  const folder = join(scratch, 'many');
  const json = join(scratch, 'many-json');
  mkdirSync(json, { recursive: true });
  const text = 'x'.repeat(180);
  const collections = openCollections(folder, { readOnly: false });
  let jsonBytes = 0;
  let importMs = 0;
  for (let i = 0; i < COLLECTIONS; i++) {
    const entries = Array.from({ length: entriesOf(i) }, (_, k) => ({ key: `key ${i} ${k}`, value: `${text} ${k}` }));
    const content = JSON.stringify(Object.fromEntries(entries.map(({ key, value }) => [key, value])));
    writeFileSync(join(json, `${i}.json`), content);
    jsonBytes += content.length;
    const begun = performance.now();
    collections.write.replace(`c${i}`, { kind: 'map' }, entries);
    importMs += performance.now() - begun;
  }
  // Entries that come in another order than their keys' leave pages half full.
  const begun = performance.now();
  const { beforeBytes, afterBytes } = collections.compact();
  const compactMs = performance.now() - begun;
  collections.close();
  const seconds = (ms: number) => (ms / 1000).toFixed(0);
  print(
    `${COLLECTIONS} collections: ${mb(jsonBytes)} MB of JSON; ${mb(beforeBytes)} MB of LMDB, written in ${seconds(importMs)} s; ${mb(afterBytes)} MB compacted, in ${seconds(compactMs)} s`,
  );
  const rows: string[] = [];
  for (const processes of PROCESSES) {
    const cells: string[] = [];
    for (const kind of ['empty', 'map', 'lmdb']) {
      const { bytes, readyMs } = await measure(kind, processes, kind === 'lmdb' ? folder : json);
      cells.push(mb(bytes), readyMs.toFixed(0));
    }
    rows.push(`| ${processes} | ${cells.slice(0, 1).concat(cells.slice(2)).join(' | ')} |`);
  }
  report(
    'live-many',
    [
      '| processes | empty, MB | `Map`s of JSON, MB | ready after, ms | LMDB, MB | ready after, ms |',
      '| --: | --: | --: | --: | --: | --: |',
      ...rows,
    ].join('\n'),
  );
}

/** Sum of the proportional set sizes once each process has used a hundredth of all entries; how long until the first could. */
async function measure(kind: string, processes: number, source: string): Promise<{ bytes: number; readyMs: number }> {
  const program = fileURLToPath(new URL('./many-reader.js', import.meta.url));
  const children: ChildProcess[] = [];
  let readyMs = 0;
  for (let i = 0; i < processes; i++) {
    const child = fork(program, [kind, source], { execArgv: ['--expose-gc', '--max-old-space-size=6000'] });
    const [ready] = (await once(child, 'message')) as [number];
    if (i === 0) readyMs = ready;
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
  return { bytes, readyMs };
}

function mb(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
