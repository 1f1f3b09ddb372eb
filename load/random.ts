/** Seeded random numbers: the same seed gives the same load, everywhere and always. */

/** A source of uniform numbers in [0, 1). */
export type Random = () => number;

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, a period of 2^32: more than a run sends. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number in 0..below-1. */
export function pickIndex(random: Random, below: number): number {
  return Math.floor(random() * below);
}

/** One of the items, which are not none. */
export function pick<T>(random: Random, items: ArrayLike<T>): T {
  return items[pickIndex(random, items.length)] as T;
}
