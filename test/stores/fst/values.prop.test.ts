import fc from 'fast-check';
import { chooseOffsetShape, encodeOffsets, OffsetReader } from '../../../stores/fst/offsets.ts';
import { encodeValues, ValueReader } from '../../../stores/fst/values.ts';
import { anyValue } from '../../support/arbitraries.ts';

/** Lists in which some values are far more frequent than others, longer than a line of a level. */
const skewedValues = fc
  .tuple(fc.array(anyValue, { minLength: 1, maxLength: 4 }), fc.array(fc.nat(99), { maxLength: 900 }), fc.nat(100))
  .map(([frequent, rolls, share]) =>
    rolls.map((roll, i) => (roll < share ? frequent[(roll * 7) % frequent.length]! : (i * 2_654_435_761) % 2 ** 40)),
  );

describe('packed values', () => {
  it('reads back every value, however they are spread', () => {
    fc.assert(
      fc.property(fc.oneof(skewedValues, fc.array(anyValue, { maxLength: 300 })), fc.nat(5), (values, before) => {
        const encoded = encodeValues(values.length, Float64Array.from([...values, 1, 2]));
        const bytes = new Uint8Array(before + encoded.length);
        bytes.set(encoded, before);
        const reader = new ValueReader(bytes, before, encoded.length, values.length);
        expect(reader.whole).toBe(true);
        expect(values.map((_, i) => reader.at(i))).toEqual(values);
        expect(new ValueReader(bytes, before, encoded.length - 1, values.length).whole).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('takes frequent values out, and nothing of values that are all different', () => {
    const skewed = Float64Array.from({ length: 10_000 }, (_, i) => (i % 10 === 0 ? i % 256 : i % 3 === 0 ? 6 : 0));
    expect(new ValueReader(encodeValues(10_000, skewed), 0, 0, 0).shape).toEqual({ levels: 0, bits: 0 });
    const encoded = encodeValues(10_000, skewed);
    expect(encoded.length).toBeLessThan(10_000 / 2.5);
    expect(new ValueReader(encoded, 0, encoded.length, 10_000).shape.levels).toBe(2);
    const ranks = encodeValues(
      10_000,
      Float64Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 10_000),
    );
    expect(new ValueReader(ranks, 0, ranks.length, 10_000).shape).toEqual({ levels: 0, bits: 14 });
  });
});

describe('packed offsets', () => {
  it('finds every string, in groups or not', () => {
    const lengths = fc.oneof(fc.array(fc.nat(7), { maxLength: 100 }), fc.array(fc.nat(100_000), { maxLength: 40 }));
    fc.assert(
      fc.property(lengths, (list) => {
        const starts = [0];
        for (const length of list) starts.push(starts[starts.length - 1]! + length);
        const shape = chooseOffsetShape(list.length, starts[list.length]!, Math.max(0, ...list));
        const bytes = encodeOffsets(list.length, shape, (i) => starts[i]!);
        const reader = new OffsetReader(bytes, 0, shape);
        list.forEach((length, i) => {
          expect(reader.find(i)).toBe(starts[i]);
          expect(reader.length).toBe(length);
        });
      }),
      { numRuns: 300 },
    );
  });
});
