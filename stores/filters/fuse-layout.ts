/**
 * Where a key's three places lie in a 3-wise binary fuse table (Graf & Lemire 2022), cut into partitions so that it can
 * be built in bounded memory.
 *
 * ```
 * 0       u32 partitions P
 * 4       for each partition 16 bytes: u32 seed, u32 log2 of the segment length, u32 segments, u32 first slot
 * ...     slots
 * partition = floor(hi * P / 2^32)        (hi, lo): the key's hash (hash.ts)
 * a = mix(hi ^ seed)                      b = mix(lo + a * 0x9e3779b1)
 * place 0 = floor(a * segments * length / 2^32)
 * place 1 = (place 0 + length) ^ (b mod length)
 * place 2 = (place 0 + 2 length) ^ (floor(b / 2^16) mod length)
 * fingerprint = the upper bits of (a + b * 0x85ebca6b) * 0xc2b2ae35
 * ```
 */

export const FUSE_HEADER_BYTES = 4;
export const FUSE_PARTITION_BYTES = 16;

/** The longest segment: place 1 and 2 take 16 bits of `b` each. */
export const MAX_SEGMENT_BITS = 16;

/** Whose partition the hash half `hi` is, of `count`. */
export function fusePartition(hi: number, count: number): number {
  return Math.floor(((hi >>> 0) * count) / 0x1_0000_0000);
}

/** The first mixed half of a key in a partition with this seed: signed. */
export function fuseMixA(hi: number, seed: number): number {
  return mix(hi ^ seed);
}

/** The second mixed half: signed. */
export function fuseMixB(lo: number, a: number): number {
  return mix((lo + Math.imul(a, 0x9e3779b1)) | 0);
}

/** The fingerprint of a key, 32 bits unsigned: tables keep its upper bits. */
export function fuseFingerprint(a: number, b: number): number {
  return Math.imul((a + Math.imul(b, 0x85ebca6b)) | 0, 0xc2b2ae35) >>> 0;
}

function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return h ^ (h >>> 16);
}

/** The partitions of a table, side by side, as a reader wants them. */
export class FusePartitions {
  readonly count: number;
  readonly seeds: Int32Array;
  /** Slots of a segment. */
  readonly lengths: Uint32Array;
  /** Slots that place 0 may take: segments times their length. */
  readonly spans: Float64Array;
  readonly firsts: Float64Array;
  /** Slots of all partitions. */
  readonly slotCount: number;

  private constructor(count: number, slotCount: number) {
    this.count = count;
    this.seeds = new Int32Array(count);
    this.lengths = new Uint32Array(count);
    this.spans = new Float64Array(count);
    this.firsts = new Float64Array(count);
    this.slotCount = slotCount;
  }

  /** Bytes held in memory. */
  get byteLength(): number {
    return this.count * 24;
  }

  /** Bytes of the head of a table with `count` partitions. */
  static headBytes(count: number): number {
    return FUSE_HEADER_BYTES + count * FUSE_PARTITION_BYTES;
  }

  /** Reads the head of stored bytes; `undefined` when it contradicts itself. */
  static open(bytes: Uint8Array): FusePartitions | undefined {
    if (bytes.length < FUSE_HEADER_BYTES) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const count = view.getUint32(0, true);
    if (bytes.length < FusePartitions.headBytes(count)) return undefined;
    let slots = 0;
    for (let at = FUSE_HEADER_BYTES; at < FusePartitions.headBytes(count); at += FUSE_PARTITION_BYTES) {
      const bits = view.getUint32(at + 4, true);
      const segments = view.getUint32(at + 8, true);
      if (bits > MAX_SEGMENT_BITS || segments < 1 || view.getUint32(at + 12, true) !== slots) return undefined;
      slots += (segments + 2) * 2 ** bits;
    }
    const partitions = new FusePartitions(count, slots);
    for (let i = 0; i < count; i++) {
      const at = FUSE_HEADER_BYTES + i * FUSE_PARTITION_BYTES;
      const length = 2 ** view.getUint32(at + 4, true);
      partitions.seeds[i] = view.getUint32(at, true);
      partitions.lengths[i] = length;
      partitions.spans[i] = view.getUint32(at + 8, true) * length;
      partitions.firsts[i] = view.getUint32(at + 12, true);
    }
    return partitions;
  }
}

/**
 * Finds the slots and the fingerprint of keys, one at a time, leaving them in its fields.
 *
 * Hot path: V8 inlines `locate` and keeps the fields in registers.
 */
export class FuseProbe {
  at0: number;
  at1: number;
  at2: number;
  /** All 32 bits, unsigned: a table keeps the upper ones. */
  fingerprint: number;
  readonly #partitions: FusePartitions;

  constructor(partitions: FusePartitions) {
    this.at0 = 0;
    this.at1 = 0;
    this.at2 = 0;
    this.fingerprint = 0;
    this.#partitions = partitions;
  }

  /** For the key with the hash halves `hi` and `lo`; the table must have a partition. */
  locate(hi: number, lo: number): void {
    const partitions = this.#partitions;
    const partition = partitions.count === 1 ? 0 : fusePartition(hi, partitions.count);
    const a = fuseMixA(hi, partitions.seeds[partition]!);
    const b = fuseMixB(lo, a);
    const length = partitions.lengths[partition]!;
    const mask = length - 1;
    const first = partitions.firsts[partition]!;
    const place = Math.floor(((a >>> 0) * partitions.spans[partition]!) / 0x1_0000_0000);
    this.at0 = first + place;
    this.at1 = first + ((place + length) ^ (b & mask));
    this.at2 = first + ((place + 2 * length) ^ ((b >>> 16) & mask));
    this.fingerprint = fuseFingerprint(a, b);
  }
}
