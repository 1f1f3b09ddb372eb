/**
 * One build, measured by itself: `node --expose-gc dist/load/micro/fst/build-one.js FOLDER REGISTRY_BYTES [map]` writes an
 * FST of the keys in `FOLDER/keys.*`, and with `map` fills a Map with them besides, and prints what both took as JSON.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectGarbage, processorNs } from '../measure.ts';
import { type KeyList, keyList, keyText } from './key-list.ts';
import { writeFst } from './make.ts';

/** Processor nanoseconds; bytes that the resident memory grew by at its highest. */
export interface BuildFigures {
  readonly addNs: number;
  readonly allNs: number;
  readonly mapNs: number | undefined;
  readonly peakBytes: number;
  readonly minimal: boolean;
  readonly nodes: number;
  readonly fileBytes: number;
}

function fillMap(keys: KeyList): number {
  const map = new Map<string, number>();
  const start = processorNs();
  for (let i = 0; i < keys.count; i++) map.set(keyText(keys, i), keys.values![i]!);
  return map.size === keys.count ? processorNs() - start : Number.NaN;
}

function main(folder: string, registryBytes: number, withMap: boolean): BuildFigures {
  const bytes = new Uint8Array(readFileSync(join(folder, 'keys.bytes')).buffer);
  const offsets = new Uint32Array(readFileSync(join(folder, 'keys.offsets')).buffer);
  const values = new Float64Array(readFileSync(join(folder, 'keys.values')).buffer);
  const keys = keyList(bytes, offsets, values);
  collectGarbage();
  const before = process.memoryUsage.rss();
  const start = processorNs();
  let added = start;
  const summary = writeFst(keys, join(folder, 'build.fst'), { registryBytes }, () => {
    added = processorNs();
  });
  const end = processorNs();
  // Kilobytes. What was read before is resident yet, so the highest so far is the writer's.
  const peakBytes = process.resourceUsage().maxRSS * 1024 - before;
  return {
    addNs: added - start,
    allNs: end - start,
    mapNs: withMap ? fillMap(keys) : undefined,
    peakBytes,
    minimal: summary.parameters['minimal'] === true,
    nodes: Number(summary.parameters['nodes']),
    fileBytes: summary.fileBytes,
  };
}

process.stdout.write(
  `${JSON.stringify(main(process.argv[2] ?? '.', Number(process.argv[3]), process.argv[4] === 'map'))}\n`,
);
