/** How full an environment of collections is: what is told before it is too late. */
import { freeBytesOf } from './environment.ts';
import type { OpenFile } from './open-file.ts';

export interface CollectionsUsage {
  /** Slots of readers that are taken, one for each process that has read; and how many there are. */
  readonly readers: number;
  readonly maxReaders: number;
  /** Bytes of the data file; of its pages that hold nothing, which later writes use again. */
  readonly fileBytes: number;
  readonly freeBytes: number;
  /** Address space set aside for the file; it grows when a writer needs more. */
  readonly mapBytes: number;
  /** What the disk has left for this user; infinite where the file system does not say. */
  readonly diskFreeBytes: number;
}

export function usageOf(folder: string, file: OpenFile): CollectionsUsage {
  const usedPages = file.usedPages();
  const stats = file.environment.getStats() as Record<string, number>;
  const pageBytes = stats['pageSize'] ?? 0;
  const pages = (stats['lastPageNumber'] ?? 0) + 1;
  return {
    readers: countReaders(file.environment.readerList()),
    maxReaders: stats['maxReaders'] ?? 0,
    fileBytes: pages * pageBytes,
    freeBytes: Math.max(0, pages - usedPages) * pageBytes,
    mapBytes: stats['mapSize'] ?? 0,
    diskFreeBytes: freeBytesOf(folder),
  };
}

/** LMDB prints a head and a line for each slot that is taken, which begins with the process. */
function countReaders(list: string): number {
  return list.match(/^ *\d+ /gm)?.length ?? 0;
}
