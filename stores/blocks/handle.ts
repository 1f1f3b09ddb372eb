import { VarintReader } from '../bytes/varint.ts';
import type { BytesRef } from '../store.ts';

/** Where a block lies and its place in the order of blocks: the value of an index entry. */
export interface Handle {
  readonly offset: number;
  readonly bytes: number;
  readonly ordinal: number;
}

/** Reads what `encodeHandle` wrote; `undefined` when it is cut short. Allocates: for opening, not for looking up. */
export function decodeHandle(value: BytesRef): Handle | undefined {
  const reader = new VarintReader();
  const offset = reader.read(value.bytes, value.start, value.end);
  const bytes = offset < 0 ? -1 : reader.read(value.bytes, reader.offset, value.end);
  const ordinal = bytes < 0 ? -1 : reader.read(value.bytes, reader.offset, value.end);
  return ordinal < 0 || reader.offset !== value.end ? undefined : { offset, bytes, ordinal };
}
