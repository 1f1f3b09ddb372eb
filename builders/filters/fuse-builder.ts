import {
  FUSE_HEADER_BYTES,
  FUSE_PARTITION_BYTES,
  FusePartitions,
  fuseFingerprint,
} from '../../stores/filters/fuse-layout.ts';
import { BuildError } from '../errors.ts';
import { peel } from './fuse-peeler.ts';
import type { HashList } from './hash-list.ts';

/** Keys a partition, on average: 40 MB while it is built, and as few bits a key as in one piece. */
const PARTITION_KEYS = 1 << 20;

/** Builds a binary fuse filter with fingerprints of 8 bits, or 16 if `wide`, over the hashed keys: its stored bytes. */
export function buildFuse(hashes: HashList, wide: boolean): Uint8Array {
  return buildFuseTable(hashes, wide ? 2 : 1, (a, b, out, at) => {
    const fingerprint = fuseFingerprint(a, b);
    if (wide) {
      out[at] = fingerprint >>> 16;
      out[at + 1] = fingerprint >>> 24;
    } else out[at] = fingerprint >>> 24;
  });
}

/**
 * Builds a fuse table of slots of `slotBytes` bytes. `content(a, b, out, at, index)` writes what the three slots of key
 * `index`, with the mixed halves `a` and `b`, shall give when xored.
 *
 * @throws {BuildError} `BUILD_LIMIT` when two keys have the same 64-bit hash
 */
export function buildFuseTable(
  hashes: HashList,
  slotBytes: number,
  content: (a: number, b: number, out: Uint8Array, at: number, index: number) => void,
): Uint8Array {
  const count = Math.ceil(hashes.count / PARTITION_KEYS);
  const head = new Uint8Array(FusePartitions.headBytes(count));
  const view = new DataView(head.buffer);
  view.setUint32(0, count, true);
  const parts: Uint8Array[] = [head];
  const want = new Uint8Array(slotBytes);
  let firstSlot = 0;
  let headAt = FUSE_HEADER_BYTES;
  hashes.forEachPartition(count, (hi, lo, indexes) => {
    const peeling = peel(hi, lo, indexes);
    if (peeling === undefined) {
      throw new BuildError(
        'BUILD_LIMIT',
        `a fuse filter over ${hashes.count} keys: two keys have the same 64-bit hash; build with the filter split-block`,
      );
    }
    const { seed, segmentBits, segments, slotCount, keys, order, own } = peeling;
    [seed >>> 0, segmentBits, segments, firstSlot].forEach((word, i) => {
      view.setUint32(headAt + 4 * i, word, true);
    });
    headAt += FUSE_PARTITION_BYTES;
    firstSlot += slotCount;
    const length = 1 << segmentBits;
    const span = segments * length;
    const slots = new Uint8Array(slotCount * slotBytes);
    for (let n = 0; n < order.length; n++) {
      const key = order[n]!;
      const a = keys.a[key]!;
      const b = keys.b[key]!;
      content(a, b, want, 0, keys.indexes[key]!);
      const place = Math.floor(((a >>> 0) * span) / 0x1_0000_0000);
      const at0 = place * slotBytes;
      const at1 = ((place + length) ^ (b & (length - 1))) * slotBytes;
      const at2 = ((place + 2 * length) ^ ((b >>> 16) & (length - 1))) * slotBytes;
      const at = own[n]! * slotBytes;
      // The key's own slot is still 0: only keys set later use it.
      for (let i = 0; i < slotBytes; i++)
        slots[at + i] = want[i]! ^ slots[at0 + i]! ^ slots[at1 + i]! ^ slots[at2 + i]!;
    }
    parts.push(slots);
  });
  return Buffer.concat(parts);
}
