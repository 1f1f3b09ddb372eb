/**
 * The updater's process: reads files, writes collections, says what became of each, and ends when that took memory, so that
 * all of it goes back to the system. Started by `updater.ts`, some time before there is anything to do.
 */
import { readFileSync } from 'node:fs';
import { type Collections, openCollections } from '../../stores/lmdb/collections.ts';
import { loadLmdb } from '../../stores/lmdb/environment.ts';
import { hasCollections } from '../../stores/lmdb/migrate.ts';
import { compactIfWorthIt, fileErrorOf, type UpdateOrder, updateFromFile } from './update.ts';

/** With more memory of its own than at the start and this, the process ends after its order: others are served by a new one. */
const MOST_MORE_BYTES = 32 * 2 ** 20;
/** And after so many orders, whatever it seems to take. */
const MOST_ORDERS = 1000;

/** Kept from order to order: an opening checks every page of the file. */
let collections: Collections | undefined;
let orders = 0;

prepare(process.argv[2] ?? '');
const startBytes = ownBytes();

process.on('message', (order: UpdateOrder) => {
  orders++;
  try {
    // The folder may have been removed, or be another one by now.
    if (!hasCollections(order.collections)) {
      collections?.close();
      collections = undefined;
    }
    collections ??= openCollections(order.collections, { readOnly: false });
    collections.refresh();
    for (const name of order.names) process.send?.({ result: updateFromFile(collections, order.files, name) });
    const note = compactIfWorthIt(collections, order);
    if (note !== undefined) process.send?.({ note });
    if (orders < MOST_ORDERS && ownBytes() < startBytes + MOST_MORE_BYTES) process.send?.({ done: 'waiting' });
    else end({ done: 'ending' });
  } catch (error) {
    end({ failed: fileErrorOf(error) });
  }
});

/** Does what takes more time than a small import, while nobody waits. */
function prepare(folder: string): void {
  loadLmdb();
  try {
    if (hasCollections(folder)) collections = openCollections(folder, { readOnly: false });
  } catch {
    // The order that comes tries again, and says what is wrong.
  }
}

/** Bytes of memory that no other process shares; of the whole process where the system does not say. */
function ownBytes(): number {
  try {
    // Pages: of the address space, resident, and of those shared with files.
    const [, resident = 0, shared = 0] = readFileSync('/proc/self/statm', 'latin1').split(' ').map(Number);
    return (resident - shared) * 4096;
  } catch {
    return process.memoryUsage.rss();
  }
}

/** Says the last thing; the channel is closed when it has gone out, not in the midst of reading from it. */
function end(message: object): void {
  collections?.close();
  process.send?.(message, () => process.disconnect());
}

// Nobody is left to tell: what was committed stays, all else never was.
process.on('disconnect', () => process.exit());
