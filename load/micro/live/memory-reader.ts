/** One of the processes of `memory.ts`: touches every entry, then waits to be measured. */
import { readFileSync } from 'node:fs';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import { collectGarbage } from '../measure.ts';
import { keyOf } from './entries.ts';

const [kind, source = '', count] = process.argv.slice(2);
let map: { get(key: string): unknown } | undefined;
if (kind === 'lmdb') map = openCollections(source, { readOnly: true }).map('map');
if (kind === 'map') map = new Map(Object.entries(JSON.parse(readFileSync(source, 'utf8')) as Record<string, string>));
let found = 0;
for (let i = 0; i < Number(count); i++) if (map?.get(keyOf(i)) !== undefined) found++;
collectGarbage();
process.send?.(found);
// Until it is killed.
setInterval(() => map, 60_000);
