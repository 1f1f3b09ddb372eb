/** One of the processes of `many.ts`: opens all collections, looks one entry in a hundred up, then waits to be measured. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import { collectGarbage } from '../measure.ts';
import { COLLECTIONS, entriesOf } from './many.ts';

const [kind, source = ''] = process.argv.slice(2);
const begun = performance.now();
const maps: ({ get(key: string): unknown } | undefined)[] = [];
const collections = kind === 'lmdb' ? openCollections(source, { readOnly: true }) : undefined;
for (let i = 0; i < COLLECTIONS; i++) {
  if (collections !== undefined) maps.push(collections.map(`c${i}`));
  if (kind === 'map') {
    const object = JSON.parse(readFileSync(join(source, `${i}.json`), 'utf8')) as Record<string, string>;
    maps.push(new Map(Object.entries(object)));
  }
}
const readyMs = performance.now() - begun;
let found = 0;
for (const [i, map] of maps.entries()) {
  for (let k = 0; k < entriesOf(i); k += 100) if (map?.get(`key ${i} ${k}`) !== undefined) found++;
}
collectGarbage();
process.send?.(readyMs);
// Until it is killed.
setInterval(() => [maps, found], 60_000);
