import { readFileSync } from 'node:fs';
import { unreadable } from '../errors.ts';
import { MISS } from '../store.ts';
import { bitCount, decodeVectors, VECTOR_SCALE, type VectorArrays } from './format.ts';

/** What a product of two stored vectors is divided by to be their cosine. */
const SQUARED_SCALE = VECTOR_SCALE * VECTOR_SCALE;

/**
 * Vectors of words by the ids of their terms. Held off the JavaScript heap.
 *
 * Hot path: some dozen words and a hundred pairs of them a query; array reads, nothing allocated.
 */
export class Vectors {
  /** Bytes held in memory. */
  readonly bytes: number;
  readonly dimensions: number;
  /** How many words have one. */
  readonly count: number;
  readonly #arrays: VectorArrays;

  /** Over the bytes of a vectors file; `path` is for messages. */
  constructor(bytes: Uint8Array, path: string) {
    this.#arrays = decodeVectors(bytes, path);
    this.bytes = bytes.length;
    this.dimensions = this.#arrays.dimensions;
    this.count = this.#arrays.values.length / this.dimensions;
  }

  /** The number of a term's vector, 0 to `count` - 1, or `MISS` where it has none, as ids beyond the lexicon have. */
  rowOf(id: number): number {
    const { has, before, idCount } = this.#arrays;
    if (id >= idCount) return MISS;
    const word = has[id >>> 5]!;
    const bit = id & 31;
    if (((word >>> bit) & 1) === 0) return MISS;
    return before[id >>> 5]! + bitCount(word & ((1 << bit) - 1));
  }

  /** The cosine of two vectors by their numbers, within 0.01 and about -1 to 1: a multiplication a dimension. */
  cosine(first: number, second: number): number {
    const { dimensions, values } = this.#arrays;
    let a = first * dimensions;
    let b = second * dimensions;
    let sum = 0;
    for (const end = a + dimensions; a < end; a++, b++) sum += values[a]! * values[b]!;
    return sum / SQUARED_SCALE;
  }
}

/**
 * Opens a vectors file.
 *
 * @param read its bytes, where they were read already
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO`, or as `decodeVectors`
 */
export function openVectors(path: string, read?: Uint8Array): Vectors {
  let bytes: Uint8Array;
  try {
    bytes = read ?? readFileSync(path);
  } catch (cause) {
    throw unreadable(path, 'reading the word vectors', cause);
  }
  return new Vectors(bytes, path);
}
