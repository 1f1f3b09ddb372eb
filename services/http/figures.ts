/** What the service counts of itself, whatever library holds it. */
import type { Decision } from '../rewrite/answer.ts';

/** Counts since the start, and what is held now, of a block cache and the files that share it. */
export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  /** Reads of blocks, and their bytes. */
  readonly reads: number;
  readonly readBytes: number;
  /** Look-ups that a filter answered, and absent keys that one let through. */
  readonly filterNegatives: number;
  readonly filterFalsePositives: number;
  readonly bytes: number;
  readonly capacityBytes: number;
  /** Bytes of filters and indexes. */
  readonly pinnedBytes: number;
}

/** What is known of the live collections. */
export interface LiveFigures {
  readonly collections: readonly {
    readonly name: string;
    readonly entries: number;
    readonly bytes: number;
    readonly generation: number;
    readonly changedMs: number;
  }[];
  /** Slots of processes that read the folder: taken, and all. */
  readonly readers: number;
  readonly maxReaders: number;
  /** Bytes of the data file, of its free pages, and of its map. */
  readonly fileBytes: number;
  readonly freeBytes: number;
  readonly mapBytes: number;
  /** What its disk has left; infinite where the file system does not say. */
  readonly diskFreeBytes: number;
}

/** What is known of the files that are imported into live collections. */
export interface FileFigures {
  readonly files: readonly { readonly file: string; readonly error: object | null }[];
  readonly imports: number;
  readonly failures: number;
}

/** What the limits on connections see and do. */
export interface ConnectionCounts {
  readonly open: number;
  /** Bytes that clients have still to read. */
  readonly unsentBytes: number;
  /** Closed since the start: one too many, not read in time, more requests at once than are taken. */
  readonly closed: { readonly limit: number; readonly unread: number; readonly pipelined: number };
}

/** What the limits on work see. */
export interface WorkCounts {
  /** Requests that wait for their turn or are worked on. */
  readonly inHand: number;
  /** Bytes of the large bodies among them. */
  readonly bodyBytes: number;
}

/** What prometheus reads. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** What a request took part in, as its labels say. */
export type RequestMode = 'single' | 'batch';

/** The figures of one process, once the library is there. Recording costs well under a microsecond a call. */
export interface LoadedMetrics {
  requestStarted(): void;
  requestFinished(route: string, method: string, status: number): void;
  /** @param seconds from the head of the request to the end of the response */
  rewriteFinished(mode: RequestMode, seconds: number): void;
  decided(decision: Decision): void;
  problem(code: string): void;
  /** A query was answered as typed because the deadline of its request had passed. */
  deadlinePassed(): void;
  /** Has the cache asked for its counts whenever the figures are read. */
  watchCache(read: () => CacheCounts): void;
  /** Has the rewriter asked for its time by step, in milliseconds, whenever the figures are read. */
  watchSteps(read: () => ReadonlyMap<string, number>): void;
  /** Says how many bytes of the dataset lie on a memory map that processes share. */
  watchShared(bytes: number): void;
  /** Has the live collections, and the files that they come from, asked whenever the figures are read. */
  watchLive(read: () => LiveFigures | undefined, files?: () => FileFigures): void;
  /** Has the connections and the work asked for their counts whenever the figures are read. */
  watchConnections(read: () => ConnectionCounts): void;
  watchWork(read: () => WorkCounts): void;
  /** Starts the figures of the process itself: memory, collector, event loop delay. */
  watchProcess(): void;
  exposition(): Promise<Exposition>;
  /** The figures as plain data: what one process sends another. */
  snapshot(): Promise<object[]>;
}
