/** Clocks and memory gauges of the benchmarks. */

import { PerformanceObserver } from 'node:perf_hooks';
import { firstQuartile, median } from '../../services/figures/quantiles.ts';

declare const global: { gc?: () => void };

/** Collects garbage, so that heap figures are of what is alive; needs `node --expose-gc`, as `npm run bench` gives. */
export function collectGarbage(): void {
  for (let i = 0; i < 3; i++) global.gc?.();
}

/** Bytes of the JavaScript heap that `make` leaves alive, with what it made. */
export function heapBytesOf<T>(make: () => T): { made: T; heapBytes: number } {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const made = make();
  collectGarbage();
  return { made, heapBytes: process.memoryUsage().heapUsed - before };
}

/** Processor time of this process in nanoseconds: on a machine that others use, nearer to the cost than the wall clock. */
export function processorNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Processor nanoseconds that `work` takes. */
export function timeNs(work: () => unknown): number {
  const start = processorNs();
  work();
  return processorNs() - start;
}

/**
 * Runs all contenders in turn, `rounds` times over, and gives each one's median in nanoseconds per item: whatever else
 * the machine does meets all of them alike. One round more comes first, to warm up.
 */
export async function interleave(
  contenders: ReadonlyMap<string, () => number | Promise<number>>,
  items: number,
  rounds: number,
): Promise<Map<string, number>> {
  const figures = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of contenders) {
      const start = processorNs();
      await run();
      const taken = (processorNs() - start) / items;
      if (round > 0) figures.set(name, [...(figures.get(name) ?? []), taken]);
    }
  }
  return new Map([...figures].map(([name, list]) => [name, median(list)]));
}

/**
 * Runs all contenders in turn over stretches of the items, each over another one at a time so that none warms the caches
 * for the next, `rounds` times over all items, and gives each one's nanoseconds per item in the quarter of stretches that were disturbed least (the first quartile by the
 * wall clock). Stretches of a millisecond or less mostly escape whatever else the machine does.
 */
export function slice(
  contenders: ReadonlyMap<string, (from: number, to: number) => number>,
  items: number,
  stretch: number,
  rounds: number,
): Map<string, number> {
  const figures = new Map([...contenders.keys()].map((name) => [name, [] as number[]]));
  const stretches = Math.floor(items / stretch);
  for (let round = 0; round <= rounds; round++) {
    for (let i = 0; i < stretches; i++) {
      let apart = 0;
      for (const [name, run] of contenders) {
        const from = ((i + apart) % stretches) * stretch;
        apart += Math.ceil(stretches / contenders.size);
        const start = performance.now();
        run(from, from + stretch);
        const taken = ((performance.now() - start) * 1e6) / stretch;
        if (round > 0) figures.get(name)?.push(taken);
      }
    }
  }
  return new Map([...figures].map(([name, list]) => [name, firstQuartile(list)]));
}

/** Counts garbage collections, as V8 reports them, while `work` runs. */
export async function collectionsDuring(work: () => void): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  work();
  await new Promise((resolve) => setTimeout(resolve, 50));
  observer.disconnect();
  return count;
}
