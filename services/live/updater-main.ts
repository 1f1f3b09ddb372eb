/**
 * The updater's process: reads files, writes collections, says what became of each, and ends, so that all the memory that
 * took goes back to the system. Started by `updater.ts`, some time before there is anything to do.
 */
import { openCollections } from '../../stores/lmdb/collections.ts';
import { loadLmdb } from '../../stores/lmdb/environment.ts';
import { compactIfWorthIt, fileErrorOf, type UpdateOrder, updateFromFile } from './update.ts';

// Half of the time that a small import takes, spent while nobody waits.
loadLmdb();

process.once('message', (order: UpdateOrder) => {
  try {
    const collections = openCollections(order.collections, { readOnly: false });
    try {
      for (const name of order.names) process.send?.({ result: updateFromFile(collections, order.files, name) });
      const note = compactIfWorthIt(collections, order);
      if (note !== undefined) process.send?.({ note });
    } finally {
      collections.close();
    }
    end({ done: true });
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
