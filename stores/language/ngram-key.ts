/**
 * Entries of the n-gram store. Key: the terms' ids, 3 bytes big-endian each, so 6 bytes for a pair and 9 for a triple, up
 * to 16,777,215 terms. Value: the cost -ln P(last | those before) in steps of `NGRAM_STEP` nats, 0..255, and for a pair
 * that triples continue, 256 x (1 + its back-off cost in the same steps).
 */

const ID_BYTES = 3;
export const MAX_TERM_ID = 0xffffff;
export const PAIR_BYTES = 2 * ID_BYTES;
export const MAX_NGRAM_BYTES = 3 * ID_BYTES;
/** 25.5 nats cover one in 10^11: 8 bits hold a log-probability. */
export const NGRAM_STEP = 0.1;

/** Writes one id of an n-gram key at `offset` and returns the offset after it. */
export function encodeId(id: number, out: Uint8Array, offset: number): number {
  out[offset] = id >>> 16;
  out[offset + 1] = (id >>> 8) & 0xff;
  out[offset + 2] = id & 0xff;
  return offset + ID_BYTES;
}

/** A cost in nats as whole steps, 0..255. */
export function quantiseCost(cost: number, step: number): number {
  return Math.max(0, Math.min(255, Math.round(cost / step)));
}

/** The value of an n-gram; `backoffCost` is -1 where nothing longer continues it. */
export function encodeNgramValue(cost: number, backoffCost: number): number {
  const low = quantiseCost(cost, NGRAM_STEP);
  return backoffCost < 0 ? low : low + 256 * (1 + quantiseCost(backoffCost, NGRAM_STEP));
}

/** The cost in nats that a value holds. */
export function decodeCost(value: number): number {
  return (value & 0xff) * NGRAM_STEP;
}

/** The back-off cost in nats that a pair's value holds, or -1 where no triple continues the pair. */
export function decodeBackoffCost(value: number): number {
  return value < 256 ? -1 : ((value >>> 8) - 1) * NGRAM_STEP;
}
