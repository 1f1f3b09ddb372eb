import { reduceVectors } from '../../../builders/vectors/reduce.ts';

/** Points around (10, 10, 10) that vary much along the first axis, less along the second, least along the third. */
function cloud() {
  const values: number[] = [];
  for (let i = 0; i < 64; i++) {
    values.push(10 + (i & 1 ? 8 : -8), 10 + (i & 2 ? 4 : -4), 10 + (i & 4 ? 1 : -1));
  }
  const rows = new Map(Array.from({ length: 64 }, (_, i) => [`w${i}`, i]));
  return { dimensions: 3, rows, values: Float32Array.from(values) };
}

describe('reduceVectors', () => {
  it('leaves out the direction in which all vary most, and keeps the next', () => {
    const { dimensions, values } = reduceVectors(cloud(), { dropped: 1, dimensions: 1, levels: 3 });
    expect(dimensions).toBe(1);
    const signs = [...values].map((value, i) => Math.sign(value) * (i & 2 ? 1 : -1));
    expect(new Set(signs).size).toBe(1);
  });

  it('keeps angles but for rounding', () => {
    const { dimensions, values } = reduceVectors(cloud(), { dropped: 0, dimensions: 3, levels: 100 });
    const of = (row: number) => values.subarray(row * dimensions, (row + 1) * dimensions);
    const cosine = (a: Float32Array, b: Float32Array) =>
      a.reduce((sum, value, i) => sum + value * b[i]!, 0) / Math.hypot(...a) / Math.hypot(...b);
    // (-8, -4, -1) and (8, -4, -1), of length 9.
    expect(cosine(of(0), of(1))).toBeCloseTo((-64 + 16 + 1) / 81, 1);
    expect(cosine(of(0), of(8))).toBeCloseTo(1, 6);
  });

  it('gives whole numbers within the levels', () => {
    const { values } = reduceVectors(cloud(), { dropped: 0, dimensions: 3, levels: 7 });
    expect([...values].every((value) => Number.isInteger(value) && Math.abs(value) <= 7)).toBe(true);
  });
});
