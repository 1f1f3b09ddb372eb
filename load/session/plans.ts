import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compiled, packageRoot } from '../../data/package-root.ts';
import { buildLarge, LARGE } from '../large/build-large.ts';
import { bundledDataset } from '../program/bundled-dataset.ts';
import type { LoadOptions } from './options.ts';
import { type CellWish, emendArgs, folderBytes, type ServerWish } from './session.ts';

/** The rates of the natural mix beside the one that the verdict is about. */
const RATES = [250, 500, 1000, 2000];
/** Work a request, as a multiple of a natural query's: those workloads are sent at that much less. */
const HEAVINESS: Readonly<Record<string, number>> = Object.freeze({ long: 4, batch: 50, hostile: 100 });
const OTHERS = ['clean', 'misspelled-30', 'misspelled-all', 'rare', 'long', 'batch', 'hostile'];
const SATURATION_SECONDS = 5;
const QUICK_SATURATION_SECONDS = 3;
/** Of the servers that only stand beside, in a quick run. */
const QUICK_BESIDE_SECONDS = 4;
/** The block cache of the large dataset, as a share of its files: small enough that most blocks are not in it. */
const SMALL_CACHE = 0.1;
/** What the Maps of a large dataset may take. */
const MAPS_HEAP_MIB = 12_000;

/** The servers that a run measures, in turn. `judged` are those that the verdict is about. */
export interface RunPlan {
  readonly wishes: readonly ServerWish[];
  readonly judged: readonly string[];
}

/** Plans a run. For `--full` makes and builds the large dataset where it is not there. */
export function planRun(options: LoadOptions, say: (line: string) => void): RunPlan {
  const { cacheBytes, ratePerSecond, workload, seconds } = options;
  const headline = { workload, ratePerSecond };
  const quick = options.mode === 'quick';
  // Of a server that runs already the dataset is not ours to know.
  const dataset = options.dataset ?? (options.url === undefined ? bundledDataset() : '');
  const beside = (name: string, file: string): ServerWish => ({
    name,
    args: [compiled(file)],
    dataset: '',
    cacheBytes: undefined,
    cells: [headline],
    ...(quick ? { seconds: Math.min(QUICK_BESIDE_SECONDS, seconds), settleSeconds: 0 } : {}),
    measuredOnce: true,
    repeated: false,
    saturationSeconds: quick ? 0 : SATURATION_SECONDS,
    capacity: false,
  });
  const bare = beside('bare', 'load/server/bare-server.js');
  const express = beside('express', 'load/server/express-server.js');
  const emend: ServerWish = {
    name: 'emend',
    args: emendArgs(dataset, cacheBytes),
    dataset,
    cacheBytes,
    cells: quick ? [headline] : matrixOf(headline),
    measuredOnce: false,
    repeated: true,
    saturationSeconds: quick ? Math.min(QUICK_SATURATION_SECONDS, Math.ceil(seconds)) : SATURATION_SECONDS,
    capacity: !quick,
  };
  if (options.mode !== 'full') return { wishes: [bare, express, emend], judged: ['emend'] };

  const large = options.largeDataset ?? join(packageRoot(), 'data', 'build', 'large');
  if (!existsSync(join(large, 'manifest.json'))) {
    say(`building the large dataset in ${large}`);
    buildLarge(large, { ...LARGE, corpus: options.corpus });
  }
  const smallCache = Math.round(folderBytes(large) * SMALL_CACHE);
  const onLarge = (name: string, cache: number | undefined, cells: readonly CellWish[]): ServerWish => ({
    ...emend,
    name,
    args: emendArgs(large, cache),
    dataset: large,
    cacheBytes: cache,
    cells,
    repeated: cells.length > 1,
    capacity: cells.length > 1,
  });
  const over = (name: string, dataset: string): ServerWish => ({
    ...emend,
    name,
    args: [`--max-old-space-size=${MAPS_HEAP_MIB}`, compiled('load/maps/server.js'), '--dataset', dataset],
    dataset,
    cacheBytes: undefined,
    cells: [headline],
    repeated: false,
    capacity: false,
  });
  const wishes = [
    bare,
    express,
    emend,
    onLarge('emend, large', smallCache, matrixOf(headline)),
    onLarge('emend, large, default cache', undefined, [headline]),
    over('maps', dataset),
    over('maps, large', large),
  ];
  return { wishes, judged: ['emend', 'emend, large'] };
}

function matrixOf(headline: CellWish): CellWish[] {
  const { workload, ratePerSecond } = headline;
  const rates = RATES.filter((rate) => rate !== ratePerSecond).map((rate) => ({ workload, ratePerSecond: rate }));
  const others = OTHERS.filter((name) => name !== workload).map((name) => ({
    workload: name,
    ratePerSecond: Math.max(1, Math.round(ratePerSecond / 2 / (HEAVINESS[name] ?? 1))),
  }));
  return [headline, ...rates, ...others];
}
