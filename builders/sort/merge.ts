import { compareBytes } from '../../stores/bytes/compare.ts';
import type { RecordCursor } from './record.ts';
import { prefixNumber } from './sort-keys.ts';

/**
 * Merges sorted cursors into one. Equal keys come in the order of the cursors, so that merging runs written one after
 * another keeps the order of arrival.
 *
 * A binary heap of cursor indexes, each with the first six bytes of its key as a number. No copy: the record's arrays
 * are those of the cursor it comes from.
 */
export class MergeCursor implements RecordCursor {
  readonly #sources: readonly RecordCursor[];
  readonly #heap: Int32Array;
  readonly #prefixes: Float64Array;
  #size: number;
  #started: boolean;
  key: Uint8Array;
  keyEnd: number;
  value: number;
  tag: number;
  payload: Uint8Array;
  payloadEnd: number;

  constructor(sources: readonly RecordCursor[]) {
    this.#sources = sources;
    this.#heap = new Int32Array(sources.length);
    this.#prefixes = new Float64Array(sources.length);
    this.#size = 0;
    this.#started = false;
    this.key = new Uint8Array(0);
    this.keyEnd = 0;
    this.value = 0;
    this.tag = 0;
    this.payload = this.key;
    this.payloadEnd = 0;
  }

  next(): boolean {
    if (!this.#started) this.#start();
    else if (this.#size > 0) this.#advance();
    if (this.#size === 0) return false;
    const top = this.#sources[this.#heap[0]!]!;
    this.key = top.key;
    this.keyEnd = top.keyEnd;
    this.value = top.value;
    this.tag = top.tag;
    this.payload = top.payload;
    this.payloadEnd = top.payloadEnd;
    return true;
  }

  #start(): void {
    this.#started = true;
    for (let source = 0; source < this.#sources.length; source++) {
      if (this.#move(source)) this.#heap[this.#size++] = source;
    }
    for (let i = (this.#size >>> 1) - 1; i >= 0; i--) this.#sink(i);
  }

  #advance(): void {
    if (!this.#move(this.#heap[0]!)) this.#heap[0] = this.#heap[--this.#size]!;
    if (this.#size > 1) this.#sink(0);
  }

  #move(source: number): boolean {
    const cursor = this.#sources[source]!;
    if (!cursor.next()) return false;
    this.#prefixes[source] = prefixNumber(cursor.key, 0, cursor.keyEnd);
    return true;
  }

  #sink(parent: number): void {
    const heap = this.#heap;
    const moved = heap[parent]!;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#isBefore(heap[child]!, moved)) break;
      heap[parent] = heap[child]!;
      parent = child;
    }
    heap[parent] = moved;
  }

  #isBefore(a: number, b: number): boolean {
    const difference = this.#prefixes[a]! - this.#prefixes[b]!;
    if (difference !== 0) return difference < 0;
    const left = this.#sources[a]!;
    const right = this.#sources[b]!;
    const order = compareBytes(left.key, 0, left.keyEnd, right.key, 0, right.keyEnd);
    return order !== 0 ? order < 0 : a < b;
  }
}
