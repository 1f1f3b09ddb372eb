import { BloomFilter } from './bloom.ts';
import type { Filter, FilterKind } from './filter.ts';
import { FuseFilter } from './fuse.ts';
import { SplitBlockFilter } from './split-block.ts';

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
