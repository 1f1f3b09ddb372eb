/** Keys a second of the writer, and the memory that it takes: each build in a process of its own. */

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from '../../../services/figures/markdown.ts';
import { short } from '../../../services/figures/numbers.ts';
import type { BenchOptions } from '../bench-options.ts';
import type { BuildFigures } from './build-one.ts';
import { loadPhrases } from './sets.ts';

const MIB = 2 ** 20;
const REGISTRY_MIB = [256, 16];
/** Builds of which the median is taken, where they are short. */
const ROUNDS = 3;
const MOST_REPEATED = 1_000_000;

/** Prints a table of build times for each number of keys. */
export function benchBuild(options: BenchOptions): void {
  const program = fileURLToPath(new URL('./build-one.js', import.meta.url));
  const rows: (string | number)[][] = [];
  for (const count of options.keyCounts) {
    const { keys } = loadPhrases(options.corpus, count);
    const folder = options.scratch;
    writeFileSync(join(folder, 'keys.bytes'), keys.bytes);
    writeFileSync(join(folder, 'keys.offsets'), bytesOf(keys.offsets));
    writeFileSync(join(folder, 'keys.values'), bytesOf(keys.values ?? new Float64Array(count)));
    for (const [i, registryMiB] of REGISTRY_MIB.entries()) {
      const runs = Array.from({ length: count > MOST_REPEATED ? 1 : ROUNDS }, () => {
        const args = [
          '--expose-gc',
          '--max-old-space-size=8000',
          program,
          folder,
          String(registryMiB * MIB),
          i === 0 ? 'map' : '',
        ];
        return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as BuildFigures;
      });
      const figures = runs.sort((a, b) => a.allNs - b.allNs)[runs.length >> 1]!;
      rows.push([
        count.toLocaleString('en'),
        registryMiB,
        short(count / (figures.addNs / 1e6)),
        short(count / (figures.allNs / 1e6)),
        figures.mapNs === undefined ? '' : short(count / (figures.mapNs / 1e6)),
        short(figures.peakBytes / MIB),
        figures.minimal ? 'yes' : 'no',
        figures.nodes.toLocaleString('en'),
        short(figures.fileBytes / count),
      ]);
    }
  }
  const head = [
    'keys',
    'registry, MiB',
    'added',
    'with finish',
    'Map filled',
    'memory, MiB',
    'minimal',
    'nodes',
    'bytes a key',
  ];
  options.report('build', markdownTable(head, rows));
}

function bytesOf(numbers: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
