/** Keys a second of the writer, and the memory that it takes. */

import { join } from 'node:path';
import { FstWriter } from '../../../builders/fst/writer.ts';
import { collectGarbage, timeNs } from '../measure.ts';
import type { BenchOptions } from '../run.ts';
import { markdownTable, short } from '../table.ts';
import { makePhrases } from './sets.ts';

const MIB = 2 ** 20;

/** Prints a table of build times for each number of keys. */
export function benchBuild(options: BenchOptions): void {
  const rows: (string | number)[][] = [];
  for (const count of options.keyCounts) {
    for (const registryMiB of [256, 16]) {
      const { bytes, offsets, values } = makePhrases(options.corpus, count);
      collectGarbage();
      const before = usedBytes();
      let most = before;
      const writer = new FstWriter(join(options.scratch, 'build.fst'), {
        valueKind: 'uint',
        registryBytes: registryMiB * MIB,
      });
      const addNs = timeNs(() => {
        for (let i = 0; i < count; i++) {
          writer.add(bytes, offsets[i]!, offsets[i + 1]!, values?.[i] ?? 0);
          if (i % 50_000 === 0) most = Math.max(most, usedBytes());
        }
      });
      const finishNs = timeNs(() => writer.finish());
      most = Math.max(most, usedBytes());
      rows.push([
        count.toLocaleString('en'),
        registryMiB,
        short(1e6 / (addNs / count)),
        short(1e6 / ((addNs + finishNs) / count)),
        short((most - before) / MIB),
        short((most - before) / count),
      ]);
    }
  }
  options.print(
    markdownTable(
      ['keys', 'registry, MiB', 'added, 1,000 a second', 'with finish, 1,000 a second', 'memory, MiB', 'bytes a key'],
      rows,
    ),
  );
}

function usedBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
