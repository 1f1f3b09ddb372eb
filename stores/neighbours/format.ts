/**
 * The file of neighbours: FORMAT.md beside this draws its bytes. Terms are named by their ids in the lexicon of the same
 * dataset.
 */

import { crc32 } from '../bytes/checksum.ts';
import { corrupt, StoreError } from '../errors.ts';

const NEIGHBOURS_MAGIC = 'EMENDNBR';
export const NEIGHBOURS_VERSION = 1;
export const NEIGHBOURS_HEADER_BYTES = 32;

/**
 * The commonest terms have wide signatures: they have the most neighbours. Ids are ranks by frequency, so these are the
 * lowest. Of 211 pairs a query, 4 of them present, this passes 14; with 64 bits for every term, half as big again, 28; with
 * 8,192 wide ones 21, with 32,768 12.
 */
export const WIDE_TERMS = 1 << 14;

/** 32-bit words of a term's two signatures together: 256 bits for each side of a wide one, so a cache line; else 32. */
export const WIDE_WORDS = 16;
export const NARROW_WORDS = 2;
/** Words from a term's signature of what follows it to that of what precedes it. */
export const WIDE_SIDE = WIDE_WORDS / 2;
export const NARROW_SIDE = NARROW_WORDS / 2;

/** The bit, 0..255, that a neighbour sets in a wide signature; in a narrow one it is an eighth of it. */
export function neighbourBit(id: number): number {
  return Math.imul(id, 0x9e3779b1) >>> 24;
}

/** The first word of a term's signatures. */
export function signatureAt(id: number): number {
  return id < WIDE_TERMS ? id * WIDE_WORDS : WIDE_TERMS * (WIDE_WORDS - NARROW_WORDS) + id * NARROW_WORDS;
}

/** The signatures of all terms, as the builder fills them and the reader maps them. */
export interface NeighbourArrays {
  /** Number of terms, reserved ids included. */
  readonly termCount: number;
  readonly signatures: Uint32Array;
}

/** Signatures of so many terms that have no neighbours yet. */
export function emptyNeighbours(termCount: number): NeighbourArrays {
  return { termCount, signatures: new Uint32Array(signatureAt(termCount)) };
}

/** Notes that `second` may follow `first`. */
export function addNeighbours({ signatures }: NeighbourArrays, first: number, second: number): void {
  setBit(signatures, first, 0, second);
  setBit(signatures, second, 1, first);
}

function setBit(signatures: Uint32Array, id: number, side: 0 | 1, neighbour: number): void {
  const bit = neighbourBit(neighbour);
  if (id < WIDE_TERMS) signatures[signatureAt(id) + side * WIDE_SIDE + (bit >>> 5)]! |= 1 << (bit & 31);
  else signatures[signatureAt(id) + side * NARROW_SIDE]! |= 1 << (bit >>> 3);
}

/** The bytes of a neighbours file. */
export function encodeNeighbours({ termCount, signatures }: NeighbourArrays): Uint8Array {
  const bytes = new Uint8Array(NEIGHBOURS_HEADER_BYTES + 4 * signatures.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 8; i++) bytes[i] = NEIGHBOURS_MAGIC.charCodeAt(i);
  view.setUint32(8, NEIGHBOURS_VERSION, true);
  view.setUint32(12, termCount, true);
  for (let i = 0; i < signatures.length; i++) view.setUint32(NEIGHBOURS_HEADER_BYTES + 4 * i, signatures[i]!, true);
  view.setUint32(24, crc32(bytes, NEIGHBOURS_HEADER_BYTES), true);
  view.setUint32(28, crc32(bytes, 0, 28), true);
  return bytes;
}

/**
 * The signatures of a neighbours file, as a view on `bytes` where their alignment allows. Reads every byte once, for the
 * checksum.
 *
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`
 */
export function decodeNeighbours(bytes: Uint8Array, path: string): NeighbourArrays {
  if (bytes.length < NEIGHBOURS_HEADER_BYTES) {
    throw corrupt(path, 0, `at least ${NEIGHBOURS_HEADER_BYTES} bytes of neighbours`, bytes.length);
  }
  if (String.fromCharCode(...bytes.subarray(0, 8)) !== NEIGHBOURS_MAGIC) {
    throw new StoreError(
      'STORE_FOREIGN',
      `${path}: not a file of neighbours (expected "${NEIGHBOURS_MAGIC}" at its start)`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint32(8, true);
  if (version !== NEIGHBOURS_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: neighbours format ${version}, this program reads ${NEIGHBOURS_VERSION}; build the dataset again`,
    );
  }
  if (view.getUint32(28, true) !== crc32(bytes, 0, 28)) {
    throw corrupt(path, 28, `header checksum ${crc32(bytes, 0, 28)}`, view.getUint32(28, true));
  }
  const termCount = view.getUint32(12, true);
  const words = signatureAt(termCount);
  const expectedBytes = NEIGHBOURS_HEADER_BYTES + 4 * words;
  if (bytes.length !== expectedBytes) throw corrupt(path, bytes.length, `${expectedBytes} bytes`, bytes.length);
  if (view.getUint32(24, true) !== crc32(bytes, NEIGHBOURS_HEADER_BYTES)) {
    throw corrupt(path, 24, `checksum ${crc32(bytes, NEIGHBOURS_HEADER_BYTES)}`, view.getUint32(24, true));
  }
  const aligned = (bytes.byteOffset + NEIGHBOURS_HEADER_BYTES) % 4 === 0;
  const part = aligned ? bytes.subarray(NEIGHBOURS_HEADER_BYTES) : bytes.slice(NEIGHBOURS_HEADER_BYTES);
  return { termCount, signatures: new Uint32Array(part.buffer, part.byteOffset, words) };
}
