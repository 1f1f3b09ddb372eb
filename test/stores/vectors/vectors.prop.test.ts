import fc from 'fast-check';
import { MISS } from '../../../stores/store.ts';
import { bitCount, decodeVectors, encodeVectors, vectorArrays } from '../../../stores/vectors/format.ts';
import { Vectors } from '../../../stores/vectors/vectors.ts';

describe('word vectors', () => {
  it('hold what a map would', () => {
    const idCount = fc.integer({ min: 1, max: 200 });
    const someVectors = idCount.chain((count) =>
      fc.record({
        count: fc.constant(count),
        ids: fc.uniqueArray(fc.integer({ min: 0, max: count - 1 }), { maxLength: count }),
        dimensions: fc.integer({ min: 1, max: 5 }),
        seed: fc.integer({ min: 1, max: 1000 }),
      }),
    );
    fc.assert(
      fc.property(someVectors, ({ count, ids, dimensions, seed }) => {
        ids.sort((a, b) => a - b);
        const values = Int8Array.from({ length: ids.length * dimensions }, (_, i) => ((i * seed * 37) % 255) - 127);
        const arrays = vectorArrays(ids, count, values, dimensions);
        expect(decodeVectors(encodeVectors(arrays), 'test')).toEqual(arrays);
        const vectors = new Vectors(encodeVectors(arrays), 'test');
        const model = new Map(ids.map((id, i) => [id, i]));
        for (let id = 0; id < count + 40; id++) expect(vectors.rowOf(id)).toBe(model.get(id) ?? MISS);
        const of = (row: number) => [...values.subarray(row * dimensions, (row + 1) * dimensions)];
        for (let a = 0; a < Math.min(4, ids.length); a++) {
          for (let b = 0; b < ids.length; b++) {
            const product = of(a).reduce((sum, value, i) => sum + value * of(b)[i]!, 0);
            expect(vectors.cosine(a, b)).toBe(product / 40_000);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('count the bits of any word', () => {
    fc.assert(
      fc.property(fc.integer(), (word) => {
        expect(bitCount(word)).toBe((word >>> 0).toString(2).replaceAll('0', '').length);
      }),
    );
  });
});
