import { readFileSync } from 'node:fs';
import { unreadable } from '../errors.ts';
import {
  decodeNeighbours,
  emptyNeighbours,
  NARROW_SIDE,
  NEIGHBOURS_HEADER_BYTES,
  type NeighbourArrays,
  neighbourBit,
  signatureAt,
  WIDE_SIDE,
  WIDE_TERMS,
} from './format.ts';

/**
 * Which terms the n-gram model may hold side by side. Held off the JavaScript heap, 8 bytes a term and a megabyte.
 *
 * Hot path: asked of every pair before its look-up, some 300 times a query. A term is asked for with all that may stand
 * beside it, so its signatures are in the processor's cache but for the first time.
 */
export class Neighbours {
  /** Bytes held in memory. */
  readonly bytes: number;
  /** Number of terms, reserved ids included. */
  readonly termCount: number;
  readonly #signatures: Uint32Array;

  /** Over the bytes of a neighbours file, or over arrays; `path` is for messages. */
  constructor(source: Uint8Array | NeighbourArrays, path: string) {
    const { termCount, signatures } = source instanceof Uint8Array ? decodeNeighbours(source, path) : source;
    this.bytes = NEIGHBOURS_HEADER_BYTES + signatures.byteLength;
    this.termCount = termCount;
    this.#signatures = signatures;
  }

  /** The neighbours of a lexicon with more terms, of which the new ones have none. Copies them: about a millisecond. */
  withTerms(termCount: number): Neighbours {
    const arrays = emptyNeighbours(termCount);
    arrays.signatures.set(this.#signatures);
    return new Neighbours(arrays, '');
  }

  /**
   * Whether the model may hold `second` after `first`, in a pair or at the end of a triple. False is certain; true is wrong
   * for one pair in twenty that it does not hold. Ids are below `termCount`.
   */
  mayFollow(first: number, second: number): boolean {
    const signatures = this.#signatures;
    return isSet(signatures, first, 0, neighbourBit(second)) && isSet(signatures, second, 1, neighbourBit(first));
  }

  /** The same of `first` with each of `seconds[start, end)`, as 1 or 0 at the same places of `marks`. */
  markFollowers(first: number, seconds: Int32Array, start: number, end: number, marks: Uint8Array): void {
    const signatures = this.#signatures;
    const bit = neighbourBit(first);
    const at = signatureAt(first);
    // Bit b of a wide signature lies in word b / 32; all bits of a narrow one, b / 8, in its only word.
    const wordShift = first < WIDE_TERMS ? 5 : 8;
    const bitShift = first < WIDE_TERMS ? 0 : 3;
    for (let i = start; i < end; i++) {
      const second = seconds[i]!;
      const other = neighbourBit(second);
      const follows = (signatures[at + (other >>> wordShift)]! >>> ((other >>> bitShift) & 31)) & 1;
      marks[i] = follows === 1 && isSet(signatures, second, 1, bit) ? 1 : 0;
    }
  }
}

function isSet(signatures: Uint32Array, id: number, side: 0 | 1, bit: number): boolean {
  if (id < WIDE_TERMS) {
    return ((signatures[signatureAt(id) + side * WIDE_SIDE + (bit >>> 5)]! >>> (bit & 31)) & 1) === 1;
  }
  return ((signatures[signatureAt(id) + side * NARROW_SIDE]! >>> (bit >>> 3)) & 1) === 1;
}

/**
 * Opens a neighbours file; `read` is its content where that has been read already.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO`, or as `decodeNeighbours`
 */
export function openNeighbours(path: string, read?: Uint8Array): Neighbours {
  let bytes: Uint8Array;
  try {
    bytes = read ?? readFileSync(path);
  } catch (cause) {
    throw unreadable(path, 'reading the neighbours', cause);
  }
  return new Neighbours(bytes, path);
}
