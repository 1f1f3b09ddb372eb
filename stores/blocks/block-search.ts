import type { BlockValues } from './block-values.ts';

/** Finds keys inside blocks of one layout. */
export interface BlockSearch {
  /** After `find` answered for a block of byte strings: where the value lies. */
  readonly values: BlockValues;
  /**
   * Finds `key[keyStart, keyEnd)` in the block `bytes[start, end)`. Allocates nothing.
   *
   * @returns the integer, 1 in a set, the length of a byte string, or -1
   */
  find(bytes: Uint8Array, start: number, end: number, key: Uint8Array, keyStart: number, keyEnd: number): number;
}
