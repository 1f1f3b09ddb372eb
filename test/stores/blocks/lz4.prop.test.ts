import fc from 'fast-check';
import { encodeLz4 } from '../../../builders/blocks/lz4-encoder.ts';
import { decodeLz4 } from '../../../stores/blocks/lz4.ts';

/** Bytes with repetitions near and far, and none. */
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.array(fc.constantFrom(1, 2), { maxLength: 2000 }).map((bytes) => Uint8Array.from(bytes)),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(300), fc.uint8Array({ maxLength: 20 }))
    .map(([part, times, end]) => Buffer.concat([...Array.from({ length: times }, () => part), end])),
);

describe('LZ4 blocks', () => {
  it('come back as they went in', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(9), (bytes, at) => {
        const packed = encodeLz4(bytes, bytes.length);
        const into = new Uint8Array(at + bytes.length);
        expect(decodeLz4(packed, 0, packed.length, into, at, into.length)).toBe(into.length);
        expect(Buffer.compare(into.subarray(at), bytes)).toBe(0);
      }),
    );
  });

  it('that repeat a byte take a small part of the room', () => {
    expect(encodeLz4(new Uint8Array(60_000), 60_000).length).toBeLessThan(300);
  });

  it('never write past their limit nor hang, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const into = new Uint8Array(64);
        const end = decodeLz4(bytes, 0, bytes.length, into, 8, 40);
        expect(end === -1 || (end >= 8 && end <= 40)).toBe(true);
        expect([...into.subarray(0, 8), ...into.subarray(40)].every((byte) => byte === 0)).toBe(true);
      }),
    );
  });

  it('decode what the reference implementation wrote', () => {
    // "abcabcabcabcabcabcabcabcabcabc" by lz4 1.9: three literals, a match of 22 back by 3, five literals.
    const packed = Uint8Array.from([0x3f, 0x61, 0x62, 0x63, 3, 0, 3, 0x50, 0x62, 0x63, 0x61, 0x62, 0x63]);
    const into = new Uint8Array(30);
    expect(decodeLz4(packed, 0, packed.length, into, 0, 30)).toBe(30);
    expect(Buffer.from(into).toString()).toBe('abc'.repeat(10));
  });
});
