/** Up to here u16 restart offsets reach. */
const NARROW_LIMIT = 0x10000;

/** Gathers the entries of one block and encodes them in one of the layouts (block-format.ts). */
export interface BlockBuilder {
  readonly count: number;
  /**
   * Most bytes of the block if it had one more entry, with the integer `value` or a byte string of `valueLength`;
   * infinite when the entry cannot join the block whatever its size.
   */
  sizeWith(key: Uint8Array, start: number, end: number, value: number, valueLength: number): number;
  /** Adds an entry: `value` in a block of integers, `bytes[valueStart, valueEnd)` in one of byte strings. */
  add(
    key: Uint8Array,
    start: number,
    end: number,
    value: number,
    bytes: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void;
  /** The block's bytes with `spareBytes` left free after them; the builder is empty again. */
  finish(spareBytes: number): Uint8Array;
}

/** Bytes of a block whose content other than restart offsets takes `bytes`. */
export function withOffsets(bytes: number, restarts: number): number {
  return bytes + restarts * (needsWideOffsets(bytes, restarts) ? 4 : 2);
}

/** Whether the restart offsets of such a block must be u32. */
export function needsWideOffsets(bytes: number, restarts: number): boolean {
  return bytes + 2 * restarts >= NARROW_LIMIT;
}
