/**
 * A 3-wise binary fuse filter: a table (fuse-layout.ts) of fingerprints of 8 or 16 bits, in which the three slots of a
 * key xored give its fingerprint. Built once for a set that does not change; one key in 256, or 65,536, that is not
 * there passes, at 9 or 18 bits a key.
 *
 * Hot path: three reads, none waiting for another.
 */
import type { Filter } from './filter.ts';
import { FusePartitions, fuseFingerprint, fuseMixA, fuseMixB, fusePartition } from './fuse-layout.ts';
import { KeyHash } from './hash.ts';

/** A binary fuse filter over its stored bytes. */
export class FuseFilter implements Filter {
  readonly kind: 'fuse8' | 'fuse16';
  readonly byteLength: number;
  readonly #partitions: FusePartitions;
  readonly #slots: Uint8Array;
  readonly #wide: boolean;
  readonly #hash: KeyHash;

  private constructor(wide: boolean, partitions: FusePartitions, slots: Uint8Array) {
    this.kind = wide ? 'fuse16' : 'fuse8';
    this.byteLength = slots.length + partitions.count * 28;
    this.#partitions = partitions;
    this.#slots = slots;
    this.#wide = wide;
    this.#hash = new KeyHash();
  }

  /** The filter with fingerprints of 16 bits if `wide`, else 8; `undefined` when the bytes cannot be one. */
  static open(wide: boolean, bytes: Uint8Array): FuseFilter | undefined {
    const partitions = FusePartitions.open(bytes);
    if (partitions === undefined) return undefined;
    const slots = bytes.subarray(FusePartitions.headBytes(partitions.count));
    if (slots.length !== partitions.slotCount * (wide ? 2 : 1)) return undefined;
    return new FuseFilter(wide, partitions, slots);
  }

  mayContain(key: Uint8Array, start: number, end: number): boolean {
    const partitions = this.#partitions;
    if (partitions.count === 0) return false;
    this.#hash.update(key, start, end);
    const { hi, lo } = this.#hash;
    const partition = fusePartition(hi, partitions.count);
    const a = fuseMixA(hi, partitions.seeds[partition]!);
    const b = fuseMixB(lo, a);
    const length = partitions.lengths[partition]!;
    const mask = length - 1;
    const first = partitions.firsts[partition]!;
    const place0 = Math.floor(((a >>> 0) * partitions.spans[partition]!) / 0x1_0000_0000);
    const at0 = first + place0;
    const at1 = first + ((place0 + length) ^ (b & mask));
    const at2 = first + ((place0 + 2 * length) ^ ((b >>> 16) & mask));
    const slots = this.#slots;
    const fingerprint = fuseFingerprint(a, b);
    if (!this.#wide) return (slots[at0]! ^ slots[at1]! ^ slots[at2]!) === fingerprint >>> 24;
    const low = slots[2 * at0]! ^ slots[2 * at1]! ^ slots[2 * at2]!;
    const high = slots[2 * at0 + 1]! ^ slots[2 * at1 + 1]! ^ slots[2 * at2 + 1]!;
    return ((high << 8) | low) === fingerprint >>> 16;
  }
}
