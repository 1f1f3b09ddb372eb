import {
  BLOCK_HEADER_BYTES,
  encodeBlockHeader,
  encodeEntryHead,
  encodeOffsets,
  entryHeadLength,
  HEAD_BYTES,
  headOf,
  MAX_PREFIX_BYTES,
} from '../../stores/blocks/block-format.ts';
import { sharedPrefixLength } from '../../stores/bytes/compare.ts';
import type { ValueKind } from '../../stores/store.ts';
import { type BlockBuilder, needsWideOffsets, withOffsets } from './block-builder.ts';
import { ByteList } from './byte-list.ts';
import { ValueColumn } from './value-column.ts';

/** Builds blocks of layout `strings`. */
export class StringBlockBuilder implements BlockBuilder {
  readonly #restartInterval: number;
  readonly #withPrefix: boolean;
  readonly #keys: ByteList;
  readonly #values: ValueColumn;
  /** Bytes of all keys with their lengths, as if the block had no shared prefix. */
  #keyBytes: number;

  /** @param withPrefix whether what all keys share is left out of them: false in index blocks */
  constructor(valueKind: ValueKind, restartInterval: number, withPrefix: boolean) {
    this.#restartInterval = restartInterval;
    this.#withPrefix = withPrefix;
    this.#keys = new ByteList();
    this.#values = new ValueColumn(valueKind);
    this.#keyBytes = 0;
  }

  get count(): number {
    return this.#keys.count;
  }

  sizeWith(key: Uint8Array, start: number, end: number, value: number, valueLength: number): number {
    const restarts = Math.ceil((this.count + 1) / this.#restartInterval);
    const keyBytes = this.#keyBytes + this.#keyLength(key, start, end);
    const prefix = this.count === 0 ? 0 : this.#prefixWith(key, start, end);
    return withOffsets(
      this.#contentBytes(restarts, keyBytes, prefix) + this.#values.lengthWith(value, valueLength),
      restarts,
    );
  }

  add(
    key: Uint8Array,
    start: number,
    end: number,
    value: number,
    bytes: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    this.#keyBytes += this.#keyLength(key, start, end);
    this.#keys.add(key, start, end);
    this.#values.add(value, bytes, valueStart, valueEnd);
  }

  finish(spareBytes: number): Uint8Array {
    const keys = this.#keys;
    const { count } = keys;
    const restarts = Math.ceil(count / this.#restartInterval);
    const prefix = count === 0 ? 0 : this.#prefixWith(keys.bytes, keys.startOf(count - 1), keys.endOf(count - 1));
    const content = this.#contentBytes(restarts, this.#keyBytes, prefix) + this.#values.byteLength;
    const wide = needsWideOffsets(content, restarts);
    const width = this.#values.width;
    const out = new Uint8Array(withOffsets(content, restarts) + spareBytes);

    let at = encodeBlockHeader(wide, width, restarts, prefix, out);
    if (prefix > 0) out.set(keys.bytes.subarray(keys.startOf(0), keys.startOf(0) + prefix), at);
    at += prefix;
    const offsetsAt = at + HEAD_BYTES * restarts;
    let entryAt = offsetsAt + (wide ? 4 : 2) * restarts;
    const offsets: number[] = [];
    for (let i = 0; i < count; i++) {
      let shared = 0;
      if (i % this.#restartInterval === 0) {
        const head = headOf(keys.bytes, keys.startOf(i) + prefix, keys.endOf(i));
        out[at++] = head;
        out[at++] = head >>> 8;
        offsets.push(entryAt);
      } else {
        shared = keys.sharedWith(i - 1, keys.bytes, keys.startOf(i), keys.endOf(i)) - prefix;
      }
      entryAt = encodeEntryHead(shared, keys.lengthOf(i) - prefix - shared, out, entryAt);
      entryAt = keys.copy(i, prefix + shared, out, entryAt);
      entryAt = this.#values.encode(i, width, out, entryAt);
    }
    encodeOffsets(offsets, wide, out, offsetsAt);
    keys.clear();
    this.#values.clear();
    this.#keyBytes = 0;
    return out.subarray(0, entryAt + spareBytes);
  }

  /** Bytes of everything but values and offsets: an upper bound, for lengths may shrink when the prefix is taken off. */
  #contentBytes(restarts: number, keyBytes: number, prefix: number): number {
    return BLOCK_HEADER_BYTES + prefix + restarts * HEAD_BYTES + keyBytes - restarts * prefix;
  }

  #prefixWith(key: Uint8Array, start: number, end: number): number {
    if (!this.#withPrefix) return 0;
    const keys = this.#keys;
    const limit = Math.min(keys.endOf(0), keys.startOf(0) + MAX_PREFIX_BYTES);
    return sharedPrefixLength(keys.bytes, keys.startOf(0), limit, key, start, end);
  }

  #keyLength(key: Uint8Array, start: number, end: number): number {
    const restart = this.count % this.#restartInterval === 0;
    const shared = restart ? 0 : this.#keys.sharedWith(this.count - 1, key, start, end);
    const rest = end - start - shared;
    return entryHeadLength(shared, rest) + rest;
  }
}
