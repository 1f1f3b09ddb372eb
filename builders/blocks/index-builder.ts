import { sharedPrefixLength } from '../../stores/bytes/compare.ts';
import { StringBlockBuilder } from './string-block-builder.ts';

/** Entries between two full keys in index blocks: short intervals, for they are searched at every look-up. */
const INDEX_RESTART_INTERVAL = 4;

/** Gathers one level of the index: the separators of blocks and where these lie. */
export class IndexBuilder {
  readonly #block: StringBlockBuilder;
  #first: Uint8Array;

  constructor() {
    this.#block = new StringBlockBuilder('bytes', INDEX_RESTART_INTERVAL, false);
    this.#first = EMPTY;
  }

  get count(): number {
    return this.#block.count;
  }

  /** The first separator added since the last `finish`. */
  get firstSeparator(): Uint8Array {
    return this.#first;
  }

  /** Bytes that `finish` would give after one more entry. */
  sizeWith(separator: Uint8Array, handle: Uint8Array): number {
    return this.#block.sizeWith(separator, 0, separator.length, 0, handle.length);
  }

  /** Adds the block with the given separator. */
  add(separator: Uint8Array, handle: Uint8Array): void {
    if (this.count === 0) this.#first = separator;
    this.#block.add(separator, 0, separator.length, 0, handle, 0, handle.length);
  }

  finish(spareBytes: number): Uint8Array {
    return this.#block.finish(spareBytes);
  }
}

const EMPTY = new Uint8Array(0);

/**
 * The shortest key above `before[0, beforeEnd)` and not above `key[start, end)`: as many bytes of `key` as it takes to
 * tell the two apart.
 */
export function shortestSeparator(
  before: Uint8Array,
  beforeEnd: number,
  key: Uint8Array,
  start: number,
  end: number,
): Uint8Array {
  const shared = sharedPrefixLength(before, 0, beforeEnd, key, start, end);
  return key.slice(start, Math.min(end, start + shared + 1));
}
