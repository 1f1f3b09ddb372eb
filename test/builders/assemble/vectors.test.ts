import { termVectors } from '../../../builders/assemble/vectors.ts';
import { encodeVectors } from '../../../stores/vectors/format.ts';
import { Vectors } from '../../../stores/vectors/vectors.ts';

const TEXTS = ['', '', '', '', 'lamp', 'shade', 'zz', 'void'];

describe('termVectors', () => {
  const rows = new Map([
    ['void', 0],
    ['shade', 1],
    ['unheard', 2],
    ['lamp', 3],
  ]);
  const values = Float32Array.of(0, 0, 3, 4, 1, 1, 0, -0.1);
  const arrays = termVectors(TEXTS, { dimensions: 2, rows, values });
  const vectors = new Vectors(encodeVectors(arrays), 'test');

  it('keeps the directions of terms, by id', () => {
    expect(TEXTS.map((_, id) => vectors.rowOf(id))).toEqual([-1, -1, -1, -1, 0, 1, -1, -1]);
    expect([...arrays.values]).toEqual([0, -127, 120, 127]);
  });

  it('has as many ids as the lexicon', () => {
    expect(arrays.idCount).toBe(TEXTS.length);
  });
});
