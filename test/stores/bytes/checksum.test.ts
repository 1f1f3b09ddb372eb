import { crc32 as zlibCrc32 } from 'node:zlib';
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

  it('is the same by loop and by zlib, of every length, place and seed', () => {
    const bytes = new Uint8Array(300);
    let seed = 1;
    for (let i = 0; i < bytes.length; i++) bytes[i] = seed = (seed * 48_271) % 2_147_483_647;
    for (let length = 1; length < 200; length++) {
      for (const start of [0, 1, 3, 50]) {
        for (const before of [0, 1, 0x7fffffff, 0xcbf43926, 0xffffffff]) {
          const expected = zlibCrc32(bytes.slice(start, start + length), before);
          expect([length, start, crc32(bytes, start, start + length, before)]).toEqual([length, start, expected]);
        }
      }
    }
  });
});
