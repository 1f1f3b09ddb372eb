import type { FilterKind } from '../../stores/filters/filter.ts';
import type { HashList } from './hash-list.ts';
import { buildSplitBlock } from './split-block-builder.ts';

/** Builds the stored bytes of a filter over the hashed keys for a target false-positive rate in (0, 1). */
export function buildFilter(kind: FilterKind, hashes: HashList, falsePositiveRate: number): Uint8Array {
  switch (kind) {
    case 'none':
      return new Uint8Array(0);
    case 'split-block':
      return buildSplitBlock(hashes, falsePositiveRate);
  }
}
