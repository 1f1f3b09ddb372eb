/** Keys a second of the writer, and the memory that it takes. */

import { join } from 'node:path';
import { FstWriter } from '../../../builders/fst/writer.ts';
import { collectGarbage, firstQuartile, timeNs } from '../measure.ts';
import type { BenchOptions } from '../run.ts';
import { markdownTable, short } from '../table.ts';
import { makePhrases } from './sets.ts';

const MIB = 2 ** 20;
/** Keys between two readings of the clock: about half a millisecond. */
const STRETCH = 1000;

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
      const perKey: number[] = [];
      for (let from = 0; from < count; from += STRETCH) {
        const to = Math.min(count, from + STRETCH);
        const start = performance.now();
        for (let i = from; i < to; i++) writer.add(bytes, offsets[i]!, offsets[i + 1]!, values?.[i] ?? 0);
        perKey.push(((performance.now() - start) * 1e6) / (to - from));
        if (from % (100 * STRETCH) === 0) most = Math.max(most, usedBytes());
      }
      const addNs = firstQuartile(perKey) * count;
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
