import {
  BLOCK_HEADER_BYTES,
  encodeBlockHeader,
  encodeFixed,
  encodeOffsets,
  fixedWidthOf,
  keyDistance,
  MAX_DISTANCE,
} from '../../stores/blocks/block-format.ts';
import { encodeVarint, varintLength } from '../../stores/bytes/varint.ts';
import type { ValueKind } from '../../stores/store.ts';
import { type BlockBuilder, needsWideOffsets, withOffsets } from './block-builder.ts';
import { ValueColumn } from './value-column.ts';

/** Builds blocks of layout `fixed`: all keys have `keyBytes` bytes. */
export class FixedBlockBuilder implements BlockBuilder {
  readonly #keyBytes: number;
  readonly #restartInterval: number;
  readonly #base: Uint8Array;
  readonly #values: ValueColumn;
  /** How far each key lies above the first. */
  #distances: number[];
  #stepBytes: number;

  constructor(valueKind: ValueKind, restartInterval: number, keyBytes: number) {
    this.#keyBytes = keyBytes;
    this.#restartInterval = restartInterval;
    this.#base = new Uint8Array(keyBytes);
    this.#values = new ValueColumn(valueKind);
    this.#distances = [];
    this.#stepBytes = 0;
  }

  get count(): number {
    return this.#distances.length;
  }

  sizeWith(key: Uint8Array, start: number, end: number, value: number, valueLength: number): number {
    const distance = this.count === 0 ? 0 : keyDistance(key, start, end, this.#base, 0);
    if (distance > MAX_DISTANCE) return Number.POSITIVE_INFINITY;
    const restarts = Math.ceil((this.count + 1) / this.#restartInterval);
    const steps = this.#stepBytes + this.#stepLength(distance);
    return withOffsets(
      this.#contentBytes(restarts, distance, steps) + this.#values.lengthWith(value, valueLength),
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
    if (this.count === 0) this.#base.set(key.subarray(start, end));
    const distance = keyDistance(key, start, end, this.#base, 0);
    this.#stepBytes += this.#stepLength(distance);
    this.#distances.push(distance);
    this.#values.add(value, bytes, valueStart, valueEnd);
  }

  finish(spareBytes: number): Uint8Array {
    const { count } = this;
    const restarts = Math.ceil(count / this.#restartInterval);
    const last = count === 0 ? 0 : this.#distances[count - 1]!;
    const content = this.#contentBytes(restarts, last, this.#stepBytes) + this.#values.byteLength;
    const wide = needsWideOffsets(content, restarts);
    const width = this.#values.width;
    const distanceWidth = fixedWidthOf(last);
    const out = new Uint8Array(withOffsets(content, restarts) + spareBytes);

    let at = encodeBlockHeader(wide, width, restarts, distanceWidth, out);
    out.set(this.#base, at);
    at += this.#keyBytes;
    const offsetsAt = at + distanceWidth * restarts;
    let entryAt = offsetsAt + (wide ? 4 : 2) * restarts;
    const offsets: number[] = [];
    for (let i = 0; i < count; i++) {
      const distance = this.#distances[i]!;
      if (i % this.#restartInterval === 0) {
        at = encodeFixed(distance, distanceWidth, out, at);
        offsets.push(entryAt);
      } else entryAt = encodeVarint(distance - this.#distances[i - 1]!, out, entryAt);
      entryAt = this.#values.encode(i, width, out, entryAt);
    }
    encodeOffsets(offsets, wide, out, offsetsAt);
    this.#distances = [];
    this.#stepBytes = 0;
    this.#values.clear();
    return out;
  }

  /** Bytes of everything but values and offsets. */
  #contentBytes(restarts: number, lastDistance: number, steps: number): number {
    return BLOCK_HEADER_BYTES + this.#keyBytes + restarts * fixedWidthOf(lastDistance) + steps;
  }

  #stepLength(distance: number): number {
    const { count } = this;
    return count % this.#restartInterval === 0 ? 0 : varintLength(distance - this.#distances[count - 1]!);
  }
}
