/**
 * The Bloom filter of the `bloom-filters` package, probed in place: the bits, the number of hashes and the seed are the
 * package's own, so a filter read from a file can be handed to the package, and the other way round.
 *
 * ```
 * 0  u32 bits below 2^32 of their number      4  u32 the rest
 * 8  u32 hashes a key                         12 u32 seed
 * 16 the package's `_filter.array`: bit i is bit (i mod 8) of byte floor(i / 8)
 * index n of a key = (a + n b + floor((n^3 - n) / 6)) mod bits, a and b the low halves of XXH64 with seed + 1 and + 2
 * ```
 *
 * Two hashes in WebAssembly make a probe some five times slower than a split-block filter's: for operators who want
 * the format, not the hot path.
 */
import type { Filter } from './filter.ts';
import { loadXxHash, type XxHash } from './xxhash.ts';

export const BLOOM_HEADER_BYTES = 16;

/** The seed of the filters that the builder makes. The package treats 0 as none. */
export const BLOOM_SEED = 1;

/** A Bloom filter over its stored bytes. Until the hash has been compiled (`ready`) it lets everything through. */
export class BloomFilter implements Filter {
  readonly kind = 'bloom';
  readonly byteLength: number;
  /** Settled when the filter has begun to filter. */
  readonly ready: Promise<void>;
  readonly bitCount: number;
  readonly hashCount: number;
  readonly seed: number;
  readonly #bits: Uint8Array;
  #hash: XxHash | undefined;

  private constructor(bitCount: number, hashCount: number, seed: number, bits: Uint8Array) {
    this.byteLength = bits.length + BLOOM_HEADER_BYTES;
    this.bitCount = bitCount;
    this.hashCount = hashCount;
    this.seed = seed;
    this.#bits = bits;
    this.ready = loadXxHash().then((hash) => {
      this.#hash = hash;
    });
  }

  /** The filter over stored bytes; `undefined` when they cannot be one. */
  static open(bytes: Uint8Array): BloomFilter | undefined {
    if (bytes.length < BLOOM_HEADER_BYTES) return undefined;
    const header = new DataView(bytes.buffer, bytes.byteOffset, BLOOM_HEADER_BYTES);
    const bitCount = header.getUint32(0, true) + header.getUint32(4, true) * 0x1_0000_0000;
    const hashCount = header.getUint32(8, true);
    const bits = bytes.subarray(BLOOM_HEADER_BYTES);
    if (bitCount < 1 || hashCount < 1 || hashCount > 64 || bits.length !== Math.ceil(bitCount / 8)) return undefined;
    return new BloomFilter(bitCount, hashCount, header.getUint32(12, true), bits);
  }

  /** The bits as the package keeps them. */
  get bits(): Uint8Array {
    return this.#bits;
  }

  mayContain(key: Uint8Array, start: number, end: number): boolean {
    const hash = this.#hash;
    if (hash === undefined) return true;
    const a = hash(key, start, end, this.seed + 1) >>> 0;
    const b = hash(key, start, end, this.seed + 2) >>> 0;
    for (let n = 0; n < this.hashCount; n++) {
      const index = bloomIndex(n, a, b, this.bitCount);
      if ((this.#bits[Math.floor(index / 8)]! & (1 << (index % 8))) === 0) return false;
    }
    return true;
  }
}

/** Bit `n` of a key whose two hashes are `a` and `b`, both unsigned. */
export function bloomIndex(n: number, a: number, b: number, bitCount: number): number {
  return (a + n * b + Math.floor((n ** 3 - n) / 6)) % bitCount;
}

/** Writes the header of a stored filter. */
export function encodeBloomHeader(bitCount: number, hashCount: number, seed: number, out: Uint8Array): void {
  const header = new DataView(out.buffer, out.byteOffset, BLOOM_HEADER_BYTES);
  header.setUint32(0, bitCount % 0x1_0000_0000, true);
  header.setUint32(4, Math.floor(bitCount / 0x1_0000_0000), true);
  header.setUint32(8, hashCount, true);
  header.setUint32(12, seed, true);
}
