/**
 * A 3-wise binary fuse filter: a table (fuse-layout.ts) of fingerprints of 8 or 16 bits, in which the three slots of a
 * key xored give its fingerprint. Built once for a set that does not change; one key in 256, or 65,536, that is not
 * there passes, at 9 or 18 bits a key.
 *
 * Hot path: three reads, none waiting for another.
 */
import type { Filter } from './filter.ts';
import { FusePartitions, FuseProbe } from './fuse-layout.ts';
import { KeyHash } from './hash.ts';

/** A binary fuse filter over its stored bytes. */
export class FuseFilter implements Filter {
  readonly kind: 'fuse8' | 'fuse16';
  readonly byteLength: number;
  readonly #empty: boolean;
  readonly #probe: FuseProbe;
  readonly #slots: Uint8Array;
  readonly #wide: boolean;
  readonly #hash: KeyHash;

  private constructor(wide: boolean, partitions: FusePartitions, slots: Uint8Array) {
    this.kind = wide ? 'fuse16' : 'fuse8';
    this.byteLength = slots.length + partitions.byteLength;
    this.#empty = partitions.count === 0;
    this.#probe = new FuseProbe(partitions);
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
    if (this.#empty) return false;
    this.#hash.update(key, start, end);
    const probe = this.#probe;
    probe.locate(this.#hash.hi, this.#hash.lo);
    const { at0, at1, at2 } = probe;
    const slots = this.#slots;
    if (!this.#wide) return (slots[at0]! ^ slots[at1]! ^ slots[at2]!) === probe.fingerprint >>> 24;
    const low = slots[2 * at0]! ^ slots[2 * at1]! ^ slots[2 * at2]!;
    const high = slots[2 * at0 + 1]! ^ slots[2 * at1 + 1]! ^ slots[2 * at2 + 1]!;
    return ((high << 8) | low) === probe.fingerprint >>> 16;
  }
}
