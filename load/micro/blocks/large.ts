/**
 * A block file of many made-up keys: how long it takes to write, in how much memory, and what look-ups take with caches
 * of several sizes.
 *
 *     npm run bench -- blocks-large --keys 50000000
 *
 * The keys are twelve letters and digits, rising by steps that look random, with counts as values.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { BlocksWriter } from '../../../builders/blocks/writer.ts';
import { firstQuartile } from '../../../services/figures/quantiles.ts';
import { seededRandom } from '../../../services/figures/random.ts';
import { BlockCache } from '../../../stores/blocks/cache.ts';
import { openBlocks } from '../../../stores/blocks/reader.ts';
import type { BenchOptions } from '../bench-options.ts';

const KEY_LETTERS = 12;
const DIGITS = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyz');
const LOOKUPS = 200_000;
const SLICE = 200;

/** Writes number `n` in 36 digits, so that byte order is numeric order. */
function writeKey(n: number, out: Uint8Array): void {
  for (let i = KEY_LETTERS - 1; i >= 0; i--) {
    out[i] = DIGITS[n % 36] ?? 0;
    n = Math.floor(n / 36);
  }
}

/** The step from key `i - 1` to key `i`: 2..8191, the same every time. No key is odd, so odd numbers are absent. */
function stepOf(i: number): number {
  return 2 + 2 * (Math.imul(i ^ (i >>> 7), 0x9e3779b1) >>> 20);
}

/** Runs the benchmark at each number of keys. */
export function benchBlocksLarge({ keyCounts, scratch, report }: BenchOptions): void {
  const lines: string[] = [];
  for (const count of keyCounts) measure(count, join(scratch, 'large.blocks'), (text) => void lines.push(`- ${text}`));
  report('blocks-large', lines.join('\n'));
}

function measure(count: number, path: string, print: BenchOptions['print']): void {
  const before = process.memoryUsage().rss;
  const start = performance.now();
  const writer = new BlocksWriter(path, { valueKind: 'uint' });
  const key = new Uint8Array(KEY_LETTERS);
  const random = seededRandom(1);
  const present: number[] = [];
  let code = 0;
  for (let i = 0; i < count; i++) {
    code += stepOf(i);
    writeKey(code, key);
    writer.add(key, 0, KEY_LETTERS, i % 1000);
    if (random() * count < LOOKUPS) present.push(code);
  }
  const added = performance.now();
  const summary = writer.finish();
  const seconds = (performance.now() - start) / 1000;
  print(
    `${count} keys in ${seconds.toFixed(0)} s (${((performance.now() - added) / 1000).toFixed(0)} s of it the filter), ` +
      `peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB of which ${(before / 2 ** 20).toFixed(0)} at the start, ` +
      `${(summary.fileBytes / count).toFixed(2)} B/key, ${JSON.stringify(summary.parameters)}`,
  );

  // Look-ups in no order; what is absent is a present key plus one.
  present.sort(() => random() - 0.5);
  for (const share of [0.01, 0.1, 1.1]) {
    const cache = new BlockCache({ capacityBytes: Math.floor(summary.fileBytes * share) });
    const store = openBlocks(path, { cache });
    const pass = (plus: number): number => {
      const slices: number[] = [];
      for (let first = 0; first + SLICE <= present.length; first += SLICE) {
        const begin = performance.now();
        for (let i = first; i < first + SLICE; i++) {
          writeKey((present[i] ?? 0) + plus, key);
          if (store.find(key, 0, KEY_LETTERS) >= 0 !== (plus === 0)) throw new Error('wrong answer');
        }
        slices.push(((performance.now() - begin) * 1000) / SLICE);
      }
      return firstQuartile(slices);
    };
    pass(0);
    const [hit, miss] = [pass(0), pass(1)];
    const { filterNegatives, filterFalsePositives } = store.counters;
    print(
      `cache of ${(share * 100).toFixed(0)} % of the file: hit ${hit.toFixed(2)} us, miss ${miss.toFixed(2)} us, ` +
        `filter let ${((100 * filterFalsePositives) / (filterNegatives + filterFalsePositives)).toFixed(2)} % through, ` +
        `cache ${cache.usedBytes} of ${cache.capacityBytes} bytes, pinned ${(store.memory().pinnedBytes / 2 ** 20).toFixed(1)} MiB`,
    );
    store.close();
  }
  rmSync(path);
}
