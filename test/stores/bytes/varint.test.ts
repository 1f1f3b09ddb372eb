import fc from 'fast-check';
import { encodeVarint, MAX_VARINT_BYTES, VarintReader, varintLength } from '../../../stores/bytes/varint.ts';

const anyValue = fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.constantFrom(127, 128, 2 ** 31, 2 ** 32, 2 ** 53 - 1));

describe('varint', () => {
  it('reads back what was written, in as many bytes as varintLength says', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const bytes = new Uint8Array(MAX_VARINT_BYTES);
        const end = encodeVarint(value, bytes, 0);
        const reader = new VarintReader();
        expect(end).toBe(varintLength(value));
        expect(reader.read(bytes, 0, end)).toBe(value);
        expect(reader.offset).toBe(end);
      }),
    );
  });

  it('answers -1 for a varint that is cut short', () => {
    fc.assert(
      fc.property(fc.integer({ min: 128, max: Number.MAX_SAFE_INTEGER }), (value) => {
        const bytes = new Uint8Array(MAX_VARINT_BYTES);
        const end = encodeVarint(value, bytes, 0);
        for (let cut = 0; cut < end; cut++) expect(new VarintReader().read(bytes, 0, cut)).toBe(-1);
      }),
    );
  });

  it('answers -1 for a varint beyond 53 bits', () => {
    const bytes = new Uint8Array(8).fill(0xff);
    expect(new VarintReader().read(bytes, 0, 8)).toBe(-1);
    bytes[7] = 0x0f;
    expect(new VarintReader().read(bytes, 0, 8)).toBe(Number.MAX_SAFE_INTEGER);
    bytes[7] = 0x10;
    expect(new VarintReader().read(bytes, 0, 8)).toBe(-1);
  });
});
