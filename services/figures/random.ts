/** Seeded random numbers: the same seed draws the same sample, the same intervals and the same load, everywhere and always. */

/** A source of uniform numbers in [0, 1). */
export type Random = () => number;

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, a period of 2^32: more than a sample or a run draws. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `size` of the items without repetition, each set of them equally likely, in their first order; all when there are no more. */
export function sample<T>(items: readonly T[], size: number, seed: number): readonly T[] {
  if (size >= items.length) return items;
  const random = seededRandom(seed);
  const chosen: T[] = [];
  let wanted = size;
  // Knuth's selection sampling (algorithm S): one pass, keeps the order.
  for (let i = 0; i < items.length && wanted > 0; i++) {
    if (random() * (items.length - i) < wanted) {
      chosen.push(items[i] as T);
      wanted--;
    }
  }
  return chosen;
}

/** A whole number in 0..below-1. */
export function pickIndex(random: Random, below: number): number {
  return Math.floor(random() * below);
}

/** One of the items, which are not none. */
export function pick<T>(random: Random, items: ArrayLike<T>): T {
  return items[pickIndex(random, items.length)] as T;
}
