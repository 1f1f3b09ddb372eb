import type { BytesRef, ValueKind } from '../store.ts';
import type { FstHeader } from './format.ts';

/** An open FST as cursors and searches over it need it: what it holds, and values by ordinal. */
export interface OpenedFst {
  readonly path: string;
  readonly header: FstHeader;
  readonly keyCount: number;
  readonly valueKind: ValueKind;
  /** @throws {StoreError} `STORE_CLOSED` after the store was closed */
  checkOpen(): void;
  /** The value of the key with an ordinal in `0..keyCount-1`. */
  valueAt(ordinal: number): number;
  /** Points `out` at the bytes stored for it. */
  bytesAt(ordinal: number, out: BytesRef): void;
}
