import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MISS } from '../../../stores/store.ts';
import { decodeVectors, encodeVectors, VECTORS_HEADER_BYTES, vectorArrays } from '../../../stores/vectors/format.ts';
import { openVectors, Vectors } from '../../../stores/vectors/vectors.ts';
import { codeOf } from '../../support/error-code.ts';

const GOLDEN = join(import.meta.dirname, '../../golden/vectors-v1.bin');

/** Ids 4, 5 and 37 of 40, in three dimensions. */
const TINY = vectorArrays([4, 5, 37], 40, Int8Array.of(127, 0, 0, 0, -127, 3, -100, 100, 100), 3);

describe('the file of word vectors', () => {
  it('is the same bytes as ever', () => {
    expect(Buffer.from(encodeVectors(TINY))).toEqual(readFileSync(GOLDEN));
  });

  it('is read as it was written, also where its bytes are not aligned', () => {
    const bytes = encodeVectors(TINY);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(decodeVectors(bytes, 'test')).toEqual(TINY);
    expect(decodeVectors(shifted.subarray(1), 'test')).toEqual(TINY);
  });

  it('tells which ids have a vector', () => {
    const vectors = openVectors(GOLDEN);
    expect([vectors.count, vectors.dimensions]).toEqual([3, 3]);
    expect([4, 5, 37].map((id) => vectors.rowOf(id))).toEqual([0, 1, 2]);
    expect([0, 3, 6, 31, 32, 36, 38, 39, 40, 4000].map((id) => vectors.rowOf(id))).toEqual(Array(10).fill(MISS));
  });

  it('gives the cosine of two', () => {
    const vectors = openVectors(GOLDEN);
    expect(vectors.cosine(0, 0)).toBeCloseTo((127 * 127) / 40_000, 10);
    expect(vectors.cosine(0, 1)).toBe(0);
    expect(vectors.cosine(1, 2)).toBe((-127 * 100 + 3 * 100) / 40_000);
    expect(vectors.cosine(2, 1)).toBe(vectors.cosine(1, 2));
  });

  it('is refused at every changed byte', () => {
    const bytes = encodeVectors(TINY);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x41;
      const expected = at < 8 ? 'STORE_FOREIGN' : at < 12 ? 'STORE_VERSION' : 'STORE_CORRUPT';
      expect([at, codeOf(() => new Vectors(damaged, 'test'))]).toEqual([at, expected]);
    }
  });

  it('is refused at every length but its own', () => {
    const bytes = encodeVectors(TINY);
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => new Vectors(bytes.subarray(0, length), 'test'))).toBe('STORE_CORRUPT');
    }
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(codeOf(() => new Vectors(longer, 'test'))).toBe('STORE_CORRUPT');
    expect(bytes.length).toBeGreaterThan(VECTORS_HEADER_BYTES);
  });

  it('is refused where its counts are at odds with its bits', () => {
    const counts = { ...TINY, before: Uint32Array.of(0, 3) };
    expect(codeOf(() => new Vectors(encodeVectors(counts), 'test'))).toBe('STORE_CORRUPT');
    const bits = { ...TINY, has: Uint32Array.of(TINY.has[0]!, 0xff) };
    expect(codeOf(() => new Vectors(encodeVectors(bits), 'test'))).toBe('STORE_CORRUPT');
    const dimensions = { ...TINY, dimensions: 0 };
    expect(codeOf(() => new Vectors(encodeVectors(dimensions), 'test'))).toBe('STORE_CORRUPT');
  });

  it('that is not there is not found', () => {
    expect(codeOf(() => openVectors('/nonexistent/vectors.bin'))).toBe('STORE_NOT_FOUND');
  });
});
