/**
 * The contract that every look-up store implements, whatever lies beneath: an automaton (`fst/`), a block file
 * (`blocks/`) or a live LMDB collection (`lmdb/`). `test/contract/` runs one suite over all of them.
 *
 * Keys are byte strings in unsigned byte order (for text: the order of UTF-8). The empty key is legal.
 */

/** What `find` answers for a key that is not there. */
export const MISS = -1;

/** The largest integer value a store can hold: 2^53 - 1. */
export const MAX_VALUE = Number.MAX_SAFE_INTEGER;

/**
 * What a store keeps under its keys: nothing (a set), unsigned integers in 0..2^53-1, or byte strings.
 */
export type ValueKind = 'none' | 'uint' | 'bytes';

/** Which engine a store file or collection is made of. */
export type StoreKind = 'fst' | 'blocks' | 'lmdb' | 'scores';

/**
 * A place to receive bytes without allocating: `bytes[start, end)`. A store points it into memory of its own; what it
 * points at is valid until the next call on the same store, unless the caller copies it.
 */
export class BytesRef {
  bytes: Uint8Array;
  start: number;
  end: number;

  constructor() {
    this.bytes = EMPTY;
    this.start = 0;
    this.end = 0;
  }

  /** A copy of the bytes referred to. Allocates. */
  copy(): Uint8Array {
    return this.bytes.slice(this.start, this.end);
  }
}

const EMPTY = new Uint8Array(0);

/**
 * A batch of keys laid end to end: key i is `bytes[offsets[i], offsets[i + 1])`. Reused from query to query.
 */
export interface KeyBatch {
  readonly count: number;
  readonly bytes: Uint8Array;
  /** `count + 1` offsets into `bytes`. */
  readonly offsets: Uint32Array;
}

/**
 * Walks the entries of a store in key order. A new cursor stands before the first entry.
 */
export interface Cursor {
  /** Moves to the next entry; false at the end, and then again false. */
  next(): boolean;
  /** Positions so that the following `next()` yields the first entry whose key is >= `key[start, end)`. */
  seek(key: Uint8Array, start: number, end: number): void;
  /** The bytes of the current key: valid until the next move. */
  readonly key: BytesRef;
  /** The current value: the integer, or 1 in a store without values; 0 in a store of byte strings. */
  readonly value: number;
  /** The current value's bytes in a store of byte strings: valid until the next move. */
  readonly valueBytes: BytesRef;
}

/** A store whose look-ups may have to read from a disk. */
export interface MayRead {
  /** Whether a look-up of the key needs no read. */
  isAtHand(key: Uint8Array, start: number, end: number): boolean;
}

/** Bytes that a store holds in memory, off the JavaScript heap unless said otherwise. */
export interface StoreMemory {
  /** Held for as long as the store is open: automata, filters, top-level indexes. */
  readonly pinnedBytes: number;
  /** Held in a cache whose budget the operator sets. */
  readonly cachedBytes: number;
}

/** A set of key -> value pairs, immutable while open unless its engine says otherwise (LMDB). */
export interface Store {
  readonly storeKind: StoreKind;
  readonly valueKind: ValueKind;
  /** Where the store lives, for messages. */
  readonly path: string;
  readonly keyCount: number;

  /**
   * Finds the value stored under the key `key[start, end)`.
   *
   * Allocates nothing (LMDB excepted). In a store without values a hit is 1; in a store of byte strings a hit is the
   * value's length in bytes.
   *
   * @returns an integer in 0..2^53-1, or `MISS` when the key is absent
   * @throws {StoreError} `STORE_CORRUPT` when the bytes met on the way are damaged, `STORE_CLOSED` after `close()`
   */
  find(key: Uint8Array, start: number, end: number): number;

  /**
   * Finds the byte string stored under the key and points `out` at it.
   *
   * @returns false, leaving `out` alone, when the key is absent
   * @throws {StoreError} as `find`; `STORE_VALUE_KIND` when the store does not hold byte strings
   */
  findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean;

  /**
   * Looks up a batch of integers: `values[i]` becomes what `find` would answer for key i. Engines that read from disk
   * may gather and order their reads, and may answer later; those that need not wait return `undefined`, so a caller
   * awaits only when there is something to wait for.
   *
   * @throws {StoreError} as `find` (or the promise rejects with it)
   */
  findMany(keys: KeyBatch, values: Float64Array): Promise<void> | undefined;

  /** A new cursor before the first entry. Not for the hot path: it may allocate. */
  cursor(): Cursor;

  /** Bytes held in memory now. */
  memory(): StoreMemory;

  /**
   * Reads everything and checks it against its checksums and against itself.
   *
   * @throws {StoreError} `STORE_CORRUPT` at the first thing that is wrong
   */
  verify(): void;

  /** Releases files and memory. Further look-ups throw `STORE_CLOSED`; a second close does nothing. */
  close(): void;
}
