import { crc32 } from '../../../stores/bytes/checksum.ts';

describe('crc32', () => {
  const text = new TextEncoder().encode('123456789');

  it('is that of ISO 3309', () => {
    expect(crc32(text)).toBe(0xcbf43926);
    expect(crc32(text, 4, text.length, crc32(text, 0, 4))).toBe(0xcbf43926);
  });

  it('leaves the seed as it is over nothing, wherever nothing lies', () => {
    const detached = new Uint8Array(0);
    void detached.buffer;
    for (const nothing of [detached, new Uint8Array(0), text.subarray(3, 3), Buffer.alloc(0)]) {
      expect(crc32(nothing, 0, 0, 0xcbf43926)).toBe(0xcbf43926);
    }
    expect(crc32(text, 2, 2, 7)).toBe(7);
  });
});
