/**
 * Builds one partition of a 3-wise binary fuse table (stores/filters/fuse-layout.ts): finds a seed under which the keys
 * can be put in an order such that each has a place that no later one uses.
 */
import { fuseMixA, fuseMixB, MAX_SEGMENT_BITS } from '../../stores/filters/fuse-layout.ts';

/** Seeds tried before giving up. Each fails with a probability below one in a hundred, unless two keys are one. */
const MAX_TRIES = 64;

/** The shape of a partition, its keys in an order of their own, and the order in which to fill it. */
export interface Peeling {
  readonly seed: number;
  readonly segmentBits: number;
  readonly segments: number;
  /** Slots of the partition. */
  readonly slotCount: number;
  readonly keys: MixedKeys;
  /** The keys in the order in which their slots are to be set; `own[n]` is the slot that key `order[n]` sets. */
  readonly order: Uint32Array;
  readonly own: Uint32Array;
}

/** Keys by the segment of their first slot, so that what is done to one after another stays within the cache. */
export interface MixedKeys {
  /** The mixed halves of each key. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** What was given beside each. */
  readonly indexes: Uint32Array;
}

/**
 * Orders the keys with the hash halves `hi` and `lo`. About 35 bytes of memory a key.
 *
 * @param indexes a number beside each key, which it keeps
 * @returns `undefined` when two keys have the same hash
 */
export function peel(hi: Int32Array, lo: Int32Array, indexes: Uint32Array): Peeling | undefined {
  const count = hi.length;
  const { segmentBits, segments } = shapeOf(count);
  const slotCount = (segments + 2) << segmentBits;
  for (let tried = 0; tried < MAX_TRIES; tried++) {
    const seed = Math.imul(tried + 1, 0x9e3779b1);
    const found = tryPeel(hi, lo, indexes, seed, segmentBits, segments, slotCount);
    if (found !== undefined) return { seed, segmentBits, segments, slotCount, ...found };
  }
  return undefined;
}

/** Segment length and number after Graf & Lemire, fitted by them to keep failures rare at 1.125 slots a key and more. */
function shapeOf(count: number): { segmentBits: number; segments: number } {
  if (count <= 1) return { segmentBits: 2, segments: 1 };
  const segmentBits = Math.min(MAX_SEGMENT_BITS, Math.floor(Math.log(count) / Math.log(3.33) + 2.25));
  const factor = Math.max(1.125, 0.875 + (0.25 * Math.log(1e6)) / Math.log(count));
  const capacity = Math.round(count * factor);
  const segments = Math.max(1, Math.ceil(capacity / 2 ** segmentBits) - 2);
  return { segmentBits, segments };
}

function tryPeel(
  hi: Int32Array,
  lo: Int32Array,
  indexes: Uint32Array,
  seed: number,
  segmentBits: number,
  segments: number,
  slotCount: number,
): Pick<Peeling, 'keys' | 'order' | 'own'> | undefined {
  const count = hi.length;
  const length = 1 << segmentBits;
  const mask = length - 1;
  const span = segments * length;
  const keys = bySegment(hi, lo, indexes, seed, segments);
  const { a, b } = keys;
  // For each slot how many keys use it and which, xored.
  const users = new Uint32Array(slotCount);
  const xored = new Uint32Array(slotCount);
  for (let key = 0; key < count; key++) {
    const place0 = Math.floor(((a[key]! >>> 0) * span) / 0x1_0000_0000);
    const place1 = (place0 + length) ^ (b[key]! & mask);
    const place2 = (place0 + 2 * length) ^ ((b[key]! >>> 16) & mask);
    users[place0]!++;
    users[place1]!++;
    users[place2]!++;
    xored[place0]! ^= key;
    xored[place1]! ^= key;
    xored[place2]! ^= key;
  }

  // A slot is pushed at most once: it has one user at first, or comes to have one.
  const alone = new Uint32Array(slotCount);
  let aloneCount = 0;
  for (let slot = 0; slot < slotCount; slot++) if (users[slot] === 1) alone[aloneCount++] = slot;
  const order = new Uint32Array(count);
  const own = new Uint32Array(count);
  // Filled from the end: the key peeled first is set last.
  let left = count;
  while (aloneCount > 0) {
    const slot = alone[--aloneCount]!;
    if (users[slot] !== 1) continue;
    const key = xored[slot]!;
    left--;
    order[left] = key;
    own[left] = slot;
    const place0 = Math.floor(((a[key]! >>> 0) * span) / 0x1_0000_0000);
    const place1 = (place0 + length) ^ (b[key]! & mask);
    const place2 = (place0 + 2 * length) ^ ((b[key]! >>> 16) & mask);
    xored[place0]! ^= key;
    xored[place1]! ^= key;
    xored[place2]! ^= key;
    if (--users[place0]! === 1) alone[aloneCount++] = place0;
    if (--users[place1]! === 1) alone[aloneCount++] = place1;
    if (--users[place2]! === 1) alone[aloneCount++] = place2;
  }
  return left === 0 ? { keys, order, own } : undefined;
}

/** Mixes the halves of keys with a seed and moves them to the segment of their first slot: a counting sort. */
function bySegment(hi: Int32Array, lo: Int32Array, indexes: Uint32Array, seed: number, segments: number): MixedKeys {
  const count = hi.length;
  const next = new Uint32Array(segments + 1);
  for (let i = 0; i < count; i++) next[segmentOf(fuseMixA(hi[i]!, seed), segments) + 1]!++;
  for (let segment = 0; segment < segments; segment++) next[segment + 1]! += next[segment]!;
  const a = new Int32Array(count);
  const b = new Int32Array(count);
  const moved = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const mixed = fuseMixA(hi[i]!, seed);
    const at = next[segmentOf(mixed, segments)]!++;
    a[at] = mixed;
    b[at] = fuseMixB(lo[i]!, mixed);
    moved[at] = indexes[i]!;
  }
  return { a, b, indexes: moved };
}

function segmentOf(a: number, segments: number): number {
  return Math.floor(((a >>> 0) * segments) / 0x1_0000_0000);
}
