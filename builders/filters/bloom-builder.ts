import { BLOOM_HEADER_BYTES, BLOOM_SEED, bloomIndex, encodeBloomHeader } from '../../stores/filters/bloom.ts';
import { loadXxHash } from '../../stores/filters/xxhash.ts';
import type { Hasher, HashList } from './hash-list.ts';

// Awaited once, when the builders are loaded: a writer adds keys synchronously.
const xxHash = await loadXxHash();

/** The two hashes that the `bloom-filters` package makes of a key. */
export class BloomHasher implements Hasher {
  hi = 0;
  lo = 0;

  update(key: Uint8Array, start: number, end: number): void {
    this.hi = xxHash(key, start, end, BLOOM_SEED + 1);
    this.lo = xxHash(key, start, end, BLOOM_SEED + 2);
  }
}

/** Builds the package's Bloom filter, in the size it would choose, from hashes made by `BloomHasher`: its stored bytes. */
export function buildBloom(hashes: HashList, falsePositiveRate: number): Uint8Array {
  const { bitCount, hashCount } = bloomShape(hashes.count, falsePositiveRate);
  const out = new Uint8Array(BLOOM_HEADER_BYTES + Math.ceil(bitCount / 8));
  encodeBloomHeader(bitCount, hashCount, BLOOM_SEED, out);
  hashes.forEach((hi, lo) => {
    for (let n = 0; n < hashCount; n++) {
      const index = bloomIndex(n, hi >>> 0, lo >>> 0, bitCount);
      out[BLOOM_HEADER_BYTES + Math.floor(index / 8)]! |= 1 << (index % 8);
    }
  });
  return out;
}

/** The package's own choice of size and number of hashes, for at least one key. */
export function bloomShape(keyCount: number, falsePositiveRate: number): { bitCount: number; hashCount: number } {
  // The package computes but does not export them, and making a filter of the size would allocate it.
  const keys = Math.max(1, keyCount);
  const bitCount = Math.ceil(-((keys * Math.log(falsePositiveRate)) / Math.log(2) ** 2));
  return { bitCount, hashCount: Math.ceil((bitCount / keys) * Math.log(2)) };
}
