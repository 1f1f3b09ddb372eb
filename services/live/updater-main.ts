/**
 * The updater's process: reads files, writes collections, says what became of each, and ends when that took memory, so that
 * all of it goes back to the system. Started by `updater.ts`, some time before there is anything to do.
 */
import { openCollections } from '../../stores/lmdb/collections.ts';
import { loadLmdb } from '../../stores/lmdb/environment.ts';
import { compactIfWorthIt, fileErrorOf, type UpdateOrder, updateFromFile } from './update.ts';

/** With more memory than at the start and this, the process ends after its order: others are served by a new one. */
const MOST_MORE_BYTES = 32 * 2 ** 20;
/** And after so many orders, whatever it seems to take. */
const MOST_ORDERS = 1000;

// Half of the time that a small import takes, spent while nobody waits.
loadLmdb();
const startBytes = process.memoryUsage.rss();
let orders = 0;

process.on('message', (order: UpdateOrder) => {
  orders++;
  try {
    const collections = openCollections(order.collections, { readOnly: false });
    try {
      for (const name of order.names) process.send?.({ result: updateFromFile(collections, order.files, name) });
      const note = compactIfWorthIt(collections, order);
      if (note !== undefined) process.send?.({ note });
    } finally {
      collections.close();
    }
    if (orders < MOST_ORDERS && process.memoryUsage.rss() < startBytes + MOST_MORE_BYTES) {
      process.send?.({ done: 'waiting' });
    } else end({ done: 'ending' });
  } catch (error) {
    end({ failed: fileErrorOf(error) });
  }
});

/** Says the last thing; the channel is closed when it has gone out, not in the midst of reading from it. */
function end(message: object): void {
  process.send?.(message, () => process.disconnect());
}

// Nobody is left to tell: what was committed stays, all else never was.
process.on('disconnect', () => process.exit());
