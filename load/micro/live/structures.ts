/**
 * `live-structures`: one map of text to text in several forms: memory, look-ups, size, time to make, to open and to change one
 * entry in a hundred. marisa-trie and keyvi beside ours, where `--python` has them.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from '../bench-options.ts';
import type { StructureFigures } from './structure.ts';

const NODE_KINDS = ['empty', 'json', 'lmdb', 'lmdb-compacted', 'fst'];
const PYTHON_KINDS = ['empty-python', 'marisa-trie', 'keyvi'];
const NAMES: Readonly<Record<string, string>> = {
  json: 'JSON file in a `Map`',
  lmdb: 'live map (LMDB)',
  'lmdb-compacted': 'the same, compacted',
  fst: 'FST, in memory',
  'marisa-trie': 'marisa-trie `BytesTrie`, mapped',
  keyvi: 'keyvi `StringDictionary`, mapped',
};

export function benchLiveStructures({ keyCounts, scratch, python, report, print }: BenchOptions): void {
  const rows: string[] = [];
  for (const count of keyCounts) {
    for (const kinds of [NODE_KINDS, python === undefined ? [] : PYTHON_KINDS]) {
      let emptyBytes = 0;
      for (const kind of kinds) {
        const path = join(scratch, `${kind}-${count}`);
        const made = run(kind, 'make', path, count, python);
        const looked = made === undefined ? undefined : run(kind, 'look', path, count, python);
        if (looked === undefined) {
          print(`${kind}: cannot be run here; it needs ${python ?? 'python3'} with marisa-trie and keyvi from PyPI`);
          continue;
        }
        if (kind.startsWith('empty')) emptyBytes = looked.pssBytes ?? 0;
        else rows.push(rowOf(count, kind, { ...made, ...looked }, emptyBytes, bytesOf(path)));
      }
    }
  }
  report(
    'live-structures',
    [
      '| entries | form | memory, MB | hit, ns | miss, ns | file, MB | made in, s | opened in, ms | 1 % changed in, ms |',
      '| --: | --- | --: | --: | --: | --: | --: | --: | --: |',
      ...rows,
    ].join('\n'),
  );
}

function rowOf(count: number, kind: string, found: StructureFigures, emptyBytes: number, fileBytes: number): string {
  const mb = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  const cells = [
    count,
    NAMES[kind],
    mb((found.pssBytes ?? 0) - emptyBytes),
    found.hitNs?.toFixed(0),
    found.missNs?.toFixed(0),
    mb(fileBytes),
    ((found.createMs ?? 0) / 1000).toFixed(1),
    found.openMs?.toFixed(0),
    found.updateMs?.toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}

function run(
  kind: string,
  action: string,
  path: string,
  count: number,
  python: string | undefined,
): StructureFigures | undefined {
  const isPython = PYTHON_KINDS.includes(kind);
  const program = isPython
    ? join(fileURLToPath(new URL('../../../../load/micro/live/structure.py', import.meta.url)))
    : fileURLToPath(new URL('./structure.js', import.meta.url));
  const command = isPython ? (python ?? 'python3') : process.execPath;
  const args = isPython ? [program] : ['--expose-gc', program];
  const child = spawnSync(command, [...args, kind, action, path, String(count)], { encoding: 'utf8' });
  return child.status === 0 ? (JSON.parse(child.stdout) as StructureFigures) : undefined;
}

/** Bytes of a file, or of all in a folder but lock files. */
function bytesOf(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  const names = readdirSync(path).filter((name) => !name.endsWith('-lock'));
  return names.reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
}
