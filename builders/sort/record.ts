/** What travels with each key through a sort. */
export interface RecordShape {
  /** A second unsigned integer, such as the line a record came from. */
  readonly tagged: boolean;
  /** A byte string besides the value. */
  readonly payload: boolean;
}

/**
 * Walks records in unsigned byte order of their keys. The arrays are the cursor's own: valid until the next move.
 * A new cursor stands before the first record.
 */
export interface RecordCursor {
  /** Moves to the next record; false at the end. */
  next(): boolean;
  /** The key is `key[0, keyEnd)`. */
  readonly key: Uint8Array;
  readonly keyEnd: number;
  /** 0..2^53-1. */
  readonly value: number;
  /** 0 where records have no tag. */
  readonly tag: number;
  /** The byte string is `payload[0, payloadEnd)`. */
  readonly payload: Uint8Array;
  readonly payloadEnd: number;
}

/** `buffer`, or a larger copy of its first `used` bytes when it is shorter than `needed`. */
export function withRoom(buffer: Uint8Array, used: number, needed: number): Uint8Array {
  if (needed <= buffer.length) return buffer;
  const grown = new Uint8Array(Math.max(needed, buffer.length * 2));
  grown.set(buffer.subarray(0, used));
  return grown;
}
