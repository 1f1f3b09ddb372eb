import fc from 'fast-check';
import { decodeCorrections, encodeCorrections } from '../../../stores/misspellings/format.ts';

const TERMS = 1 << 20;
const corrections = fc.array(fc.array(fc.nat({ max: TERMS - 1 }), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 4,
});

describe('corrections', () => {
  it('come back as they were encoded, wherever they lie', () => {
    fc.assert(
      fc.property(corrections, fc.nat({ max: 5 }), (rows, offset) => {
        const encoded = encodeCorrections(rows);
        const bytes = new Uint8Array(offset + encoded.length + 3).fill(0xff);
        bytes.set(encoded, offset);
        expect(decodeCorrections(bytes, offset, offset + encoded.length, TERMS)).toEqual(rows);
      }),
    );
  });

  it('are never rows of more than there can be, nor ids of no term, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const rows = decodeCorrections(bytes, 0, bytes.length, 100);
        expect(rows.length).toBeLessThanOrEqual(4);
        for (const ids of rows) {
          expect(ids.length).toBeGreaterThan(0);
          expect(ids.length).toBeLessThanOrEqual(4);
          expect(Math.max(...ids)).toBeLessThan(100);
        }
      }),
    );
  });
});
