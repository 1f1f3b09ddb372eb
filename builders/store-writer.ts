import type { ValueKind } from '../stores/store.ts';

/** What a finished store file holds. */
export interface StoreSummary {
  readonly keyCount: number;
  readonly fileBytes: number;
  /** The parameters it was written with, for the manifest and for `inspect`: small JSON values. */
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
}

/**
 * Writes one store file as a stream, from keys in strictly increasing byte order, in bounded memory. The file appears
 * under its name only when `finish` returns: written under a temporary name beside it, synced, renamed.
 */
export interface StoreWriter {
  readonly valueKind: ValueKind;

  /**
   * Adds a key with its integer value (ignored in a set).
   *
   * @throws {BuildError} `BUILD_KEY_ORDER` or `BUILD_DUPLICATE_KEY`, naming both keys; `BUILD_VALUE`
   */
  add(key: Uint8Array, start: number, end: number, value: number): void;

  /** Adds a key with a byte string. Only where `valueKind` is `bytes`. */
  addBytes(key: Uint8Array, start: number, end: number, value: Uint8Array, valueStart: number, valueEnd: number): void;

  /** Completes the file, syncs it and puts it in its place. */
  finish(): StoreSummary;

  /** Gives up and removes what was written. Safe to call at any time, also after `finish`. */
  abort(): void;
}
