/** How long it takes to open an FST, beside filling a Map with the same keys. */

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { markdownTable } from '../../../services/figures/markdown.ts';
import { short } from '../../../services/figures/numbers.ts';
import { median } from '../../../services/figures/quantiles.ts';
import { openFst } from '../../../stores/fst/reader.ts';
import type { BenchOptions } from '../bench-options.ts';
import { timeNs } from '../measure.ts';
import { keyText } from './key-list.ts';
import { phraseFst } from './make.ts';
import { loadPhrases } from './sets.ts';

const ROUNDS = 5;

/** Prints a table of opening times for each number of keys. */
export function benchOpen(options: BenchOptions): void {
  const rows: (string | number)[][] = [];
  for (const count of options.keyCounts) {
    const { keys } = loadPhrases(options.corpus, count);
    const path = phraseFst(options, count);
    const fileBytes = statSync(path).size;
    const often = (work: () => unknown): number => {
      const times = Array.from({ length: ROUNDS }, () => timeNs(work));
      return median(times) / 1e6;
    };
    const checked = often(() => openFst(path).close());
    const unchecked = often(() => openFst(path, { check: 'header' }).close());
    const digest = often(() => createHash('sha256').update(readFileSync(path)).digest());
    const store = openFst(path);
    const verified = timeNs(() => store.verify()) / 1e6;
    store.close();
    const filled =
      timeNs(() => {
        const map = new Map<string, number>();
        for (let i = 0; i < count; i++) map.set(keyText(keys, i), keys.values?.[i] ?? 0);
        return map.size;
      }) / 1e6;
    rows.push([
      count.toLocaleString('en'),
      short(fileBytes / 2 ** 20),
      ...[unchecked, checked, digest, verified, filled].map(short),
      `1/${Math.round(filled / checked)}`,
    ]);
  }
  options.report(
    'open',
    markdownTable(
      ['keys', 'MiB', 'header checked', 'checksums of all', 'SHA-256', 'verify', 'fill a Map', 'open of fill'],
      rows,
    ),
  );
}
