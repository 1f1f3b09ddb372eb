/** What runs out in the folder of live collections, told before it does. */
import type { CollectionsUsage } from '../../stores/lmdb/usage.ts';

/** From this share of the slots on. */
const READERS_SHARE = 0.8;
/** An import of all that there is writes as much again before the old pages are free; and some for the rest of the system. */
const LEAST_DISK_BYTES = 64 * 2 ** 20;
/** Free pages are used by what is written next, and after an import of everything there are as many as pages in use. */
const FREE_TIMES_USED = 2;
const LEAST_FREE_BYTES = 64 * 2 ** 20;

/** Whether a compaction gives back enough to be worth it: more than twice of what is in use, and 64 MiB. */
export function isWorthCompacting({ fileBytes, freeBytes }: CollectionsUsage): boolean {
  return freeBytes >= LEAST_FREE_BYTES && freeBytes > FREE_TIMES_USED * (fileBytes - freeBytes);
}

/**
 * What runs out, with what to do, a line each; none when all is well. The map is not among it: a writer that needs more
 * address space takes it, and readers follow.
 */
export function shortages(folder: string, usage: CollectionsUsage): string[] {
  const { readers, maxReaders, fileBytes, freeBytes, diskFreeBytes } = usage;
  const lines: string[] = [];
  if (readers >= READERS_SHARE * maxReaders) {
    lines.push(
      `${folder}: ${readers} of ${maxReaders} slots for processes that read are taken, and one more than those cannot read; end some, or give them a folder of their own`,
    );
  }
  const wanted = Math.max(LEAST_DISK_BYTES, fileBytes - freeBytes);
  if (diskFreeBytes < wanted) {
    lines.push(
      `${folder}: ${diskFreeBytes} bytes free on its disk, expected ${wanted}, as an import of everything may need; make space`,
    );
  }
  if (isWorthCompacting(usage)) {
    lines.push(
      `${folder}: ${freeBytes} of the file's ${fileBytes} bytes are free pages; "emend data compact" gives them back`,
    );
  }
  return lines;
}
