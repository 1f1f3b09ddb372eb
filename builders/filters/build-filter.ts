import type { FilterKind } from '../../stores/filters/filter.ts';
import { BloomHasher, bloomShape, buildBloom } from './bloom-builder.ts';
import { buildFuse } from './fuse-builder.ts';
import { HashList } from './hash-list.ts';
import { buildSplitBlock, keysPerSplitBlock } from './split-block-builder.ts';

/** A kind of filter, or `auto` to have one chosen by what it takes for the rate. */
export type FilterChoice = FilterKind | 'auto';

/** The rates of false positives of fuse filters, whatever their size: 2^-8 and 2^-16. */
const FUSE8_RATE = 1 / 256;
const FUSE16_RATE = 1 / 65536;

/** Bits a key of fuse filters, measured over 1 to 50 M keys. */
const FUSE8_BITS = 9.05;
const FUSE16_BITS = 18.1;

/** A list for the hashes that a filter of this kind is built from; `scratch` as in `HashList`. */
export function hashListFor(kind: FilterChoice, scratch?: string): HashList {
  return kind === 'bloom' ? new HashList(scratch, new BloomHasher()) : new HashList(scratch);
}

/**
 * The kind that takes the fewest bits a key among those that keep the rate. `bloom` is never chosen: its probes take
 * several times as long.
 */
export function chooseFilter(choice: FilterChoice, falsePositiveRate: number): FilterKind {
  if (choice !== 'auto') return choice;
  const splitBlockBits = 256 / keysPerSplitBlock(falsePositiveRate);
  if (falsePositiveRate >= FUSE8_RATE) return splitBlockBits <= FUSE8_BITS ? 'split-block' : 'fuse8';
  if (falsePositiveRate >= FUSE16_RATE) return splitBlockBits <= FUSE16_BITS ? 'split-block' : 'fuse16';
  return 'split-block';
}

/** About how many bytes a filter over `keyCount` keys takes. */
export function estimateFilterBytes(kind: FilterKind, keyCount: number, falsePositiveRate: number): number {
  switch (kind) {
    case 'none':
      return 0;
    case 'split-block':
      return Math.ceil((keyCount * 32) / keysPerSplitBlock(falsePositiveRate));
    case 'fuse8':
      return Math.ceil((keyCount * FUSE8_BITS) / 8);
    case 'fuse16':
      return Math.ceil((keyCount * FUSE16_BITS) / 8);
    case 'bloom':
      return Math.ceil(bloomShape(keyCount, falsePositiveRate).bitCount / 8);
  }
}

/**
 * Builds the stored bytes of a filter over the hashed keys for a target false-positive rate in (0, 1), which fuse
 * filters keep to whatever it is, if it is no smaller than their own. The hashes come from `hashListFor(kind)`.
 */
export function buildFilter(kind: FilterKind, hashes: HashList, falsePositiveRate: number): Uint8Array {
  switch (kind) {
    case 'none':
      return new Uint8Array(0);
    case 'split-block':
      return buildSplitBlock(hashes, falsePositiveRate);
    case 'fuse8':
      return buildFuse(hashes, false);
    case 'fuse16':
      return buildFuse(hashes, true);
    case 'bloom':
      return buildBloom(hashes, falsePositiveRate);
  }
}
