import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addNeighbours,
  decodeNeighbours,
  emptyNeighbours,
  encodeNeighbours,
  NEIGHBOURS_HEADER_BYTES,
} from '../../../stores/neighbours/format.ts';
import { Neighbours, openNeighbours } from '../../../stores/neighbours/neighbours.ts';
import { codeOf } from '../../support/error-code.ts';

const GOLDEN = join(import.meta.dirname, '../../golden/neighbours-v1.bin');

const TINY = emptyNeighbours(6);
addNeighbours(TINY, 0, 4);
addNeighbours(TINY, 4, 5);

describe('the file of neighbours', () => {
  it('is the same bytes as ever', () => {
    expect(Buffer.from(encodeNeighbours(TINY))).toEqual(readFileSync(GOLDEN));
  });

  it('is read as it was written, also where its bytes are not aligned', () => {
    const bytes = encodeNeighbours(TINY);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(decodeNeighbours(bytes, 'test')).toEqual(TINY);
    expect(decodeNeighbours(shifted.subarray(1), 'test')).toEqual(TINY);
  });

  it('tells what may follow what', () => {
    const neighbours = openNeighbours(GOLDEN);
    expect(neighbours.termCount).toBe(6);
    const pairs = [0, 1, 2, 3, 4, 5].flatMap((first) =>
      [0, 1, 2, 3, 4, 5].filter((second) => neighbours.mayFollow(first, second)).map((second) => [first, second]),
    );
    expect(pairs).toEqual([
      [0, 4],
      [4, 5],
    ]);
  });

  it('is refused at every changed byte', () => {
    const bytes = encodeNeighbours(TINY);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x41;
      const expected = at < 8 ? 'STORE_FOREIGN' : at < 12 ? 'STORE_VERSION' : 'STORE_CORRUPT';
      expect([at, codeOf(() => new Neighbours(damaged, 'test'))]).toEqual([at, expected]);
    }
  });

  it('is refused at every length but its own', () => {
    const bytes = encodeNeighbours(TINY);
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => new Neighbours(bytes.subarray(0, length), 'test'))).toBe('STORE_CORRUPT');
    }
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(codeOf(() => new Neighbours(longer, 'test'))).toBe('STORE_CORRUPT');
    expect(bytes.length).toBe(NEIGHBOURS_HEADER_BYTES + 6 * 64);
  });

  it('that is not there is not found', () => {
    expect(codeOf(() => openNeighbours('/nonexistent/neighbours.bin'))).toBe('STORE_NOT_FOUND');
  });
});
