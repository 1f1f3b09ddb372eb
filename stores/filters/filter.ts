import { BloomFilter } from './bloom.ts';
import { FuseFilter } from './fuse.ts';
import { SplitBlockFilter } from './split-block.ts';

/** The kinds of filter that a file can name. */
export const FILTER_KINDS = ['none', 'split-block', 'fuse8', 'fuse16', 'bloom'] as const;

/** Which filter guards a file's look-ups: see FORMAT.md beside this file. */
export type FilterKind = (typeof FILTER_KINDS)[number];

/** Answers whether a key may be in a set: never false for a key that is. */
export interface Filter {
  readonly kind: FilterKind;
  /** Bytes held in memory. */
  readonly byteLength: number;
  /** False only when `key[start, end)` is surely absent. Allocates nothing (`bloom` excepted). */
  mayContain(key: Uint8Array, start: number, end: number): boolean;
}

/**
 * The filter of the given kind over its stored bytes, which it keeps. The bytes' start should be aligned to 4.
 *
 * @returns `undefined` when the bytes cannot be a filter of that kind
 */
export function openFilter(kind: FilterKind, bytes: Uint8Array): Filter | undefined {
  switch (kind) {
    case 'none':
      return bytes.length === 0 ? new NoFilter() : undefined;
    case 'split-block':
      return SplitBlockFilter.open(bytes);
    case 'fuse8':
      return FuseFilter.open(false, bytes);
    case 'fuse16':
      return FuseFilter.open(true, bytes);
    case 'bloom':
      return BloomFilter.open(bytes);
  }
}

/** Lets everything through: for files whose keys are nearly always there. */
export class NoFilter implements Filter {
  readonly kind = 'none';
  readonly byteLength = 0;

  mayContain(): boolean {
    return true;
  }
}
