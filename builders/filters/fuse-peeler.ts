/**
 * Builds one partition of a 3-wise binary fuse table (stores/filters/fuse-layout.ts): finds a seed under which the keys
 * can be put in an order such that each has a place that no later one uses.
 */
import { fuseMixA, fuseMixB, MAX_SEGMENT_BITS } from '../../stores/filters/fuse-layout.ts';

/** Seeds tried before giving up. Each fails with a probability below one in a hundred, unless two keys are one. */
const MAX_TRIES = 64;

/** The shape of a partition and the order in which to fill it. */
export interface Peeling {
  readonly seed: number;
  readonly segmentBits: number;
  readonly segments: number;
  /** Slots of the partition. */
  readonly slotCount: number;
  /**
   * The keys in the order in which their slots are to be set; `places[3 n]` is the slot that key `order[n]` sets,
   * `places[3 n + 1]` and `places[3 n + 2]` are its others.
   */
  readonly order: Uint32Array;
  readonly places: Uint32Array;
}

/**
 * Orders the keys with the hash halves `hi` and `lo`. About 40 bytes of memory a key.
 *
 * @returns `undefined` when two keys have the same hash
 */
export function peel(hi: Int32Array, lo: Int32Array): Peeling | undefined {
  const count = hi.length;
  const { segmentBits, segments } = shapeOf(count);
  const slotCount = (segments + 2) << segmentBits;
  for (let tried = 0; tried < MAX_TRIES; tried++) {
    const seed = Math.imul(tried + 1, 0x9e3779b1);
    const found = tryPeel(hi, lo, seed, segmentBits, segments, slotCount);
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
  seed: number,
  segmentBits: number,
  segments: number,
  slotCount: number,
): { order: Uint32Array; places: Uint32Array } | undefined {
  const count = hi.length;
  const length = 1 << segmentBits;
  const mask = length - 1;
  const span = segments * length;
  // For each key its three slots; for each slot how many keys use it and which, xored.
  const slots = new Uint32Array(3 * count);
  const users = new Uint32Array(slotCount);
  const keys = new Uint32Array(slotCount);
  for (let i = 0; i < count; i++) {
    const a = fuseMixA(hi[i]!, seed);
    const b = fuseMixB(lo[i]!, a);
    const place = Math.floor(((a >>> 0) * span) / 0x1_0000_0000);
    slots[3 * i] = place;
    slots[3 * i + 1] = (place + length) ^ (b & mask);
    slots[3 * i + 2] = (place + 2 * length) ^ ((b >>> 16) & mask);
    for (let n = 0; n < 3; n++) {
      const slot = slots[3 * i + n]!;
      users[slot]!++;
      keys[slot]! ^= i;
    }
  }

  const alone: number[] = [];
  for (let slot = 0; slot < slotCount; slot++) if (users[slot] === 1) alone.push(slot);
  const order = new Uint32Array(count);
  const places = new Uint32Array(3 * count);
  // Filled from the end: the key peeled first is set last.
  let left = count;
  while (alone.length > 0) {
    const slot = alone.pop()!;
    if (users[slot] !== 1) continue;
    const key = keys[slot]!;
    left--;
    order[left] = key;
    places[3 * left] = slot;
    let other = 1;
    for (let n = 0; n < 3; n++) {
      const place = slots[3 * key + n]!;
      users[place]!--;
      keys[place]! ^= key;
      if (place === slot) continue;
      places[3 * left + other] = place;
      other++;
      if (users[place] === 1) alone.push(place);
    }
  }
  return left === 0 ? { order, places } : undefined;
}
