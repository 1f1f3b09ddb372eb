import { addToSplitBlock, SPLIT_BLOCK_BYTES, splitBlockBytes } from '../../stores/filters/split-block.ts';
import type { HashList } from './hash-list.ts';

/** Builds a split-block filter over the hashed keys for a target false-positive rate in (0, 1): its stored bytes. */
export function buildSplitBlock(hashes: HashList, falsePositiveRate: number): Uint8Array {
  const blocks = Math.max(1, Math.ceil(hashes.count / keysPerSplitBlock(falsePositiveRate)));
  const words = new Uint32Array((blocks * SPLIT_BLOCK_BYTES) / 4);
  hashes.forEach((hi, lo) => {
    addToSplitBlock(words, hi, lo);
  });
  return splitBlockBytes(words);
}

/** The eight bits of a key are not quite independent: measured rates lie up to 3 % above the theory's. */
const MARGIN = 0.95;

/**
 * How many keys a block may hold on average so that the rate stays within the target. Keys fall on blocks as a Poisson
 * variable; in a block of i keys each of the eight words answers yes with probability 1 - (1 - 1/32)^i.
 */
export function keysPerSplitBlock(falsePositiveRate: number): number {
  let low = 0.01;
  let high = 256;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (splitBlockRate(middle) <= falsePositiveRate * MARGIN) low = middle;
    else high = middle;
  }
  return low;
}

/** The false-positive rate of a split-block filter with the given mean number of keys a block. */
export function splitBlockRate(keysPerBlock: number): number {
  let probability = Math.exp(-keysPerBlock);
  let rate = 0;
  const limit = Math.ceil(keysPerBlock + 12 * Math.sqrt(keysPerBlock) + 20);
  for (let keys = 1; keys <= limit; keys++) {
    probability *= keysPerBlock / keys;
    rate += probability * (1 - (31 / 32) ** keys) ** 8;
  }
  return rate;
}
