import { BlockCache } from '../../../stores/blocks/cache.ts';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { BytesRef } from '../../../stores/store.ts';
import { makeBlocks } from '../../support/blocks.ts';
import { sortedEntries } from '../../support/model.ts';

const MIB = 1 << 20;
const LARGE = 5 * MIB;
const large = encodeUtf8('large');
const small = encodeUtf8('small');
const entries = sortedEntries([
  { key: large, value: new Uint8Array(LARGE).fill(7) },
  { key: small, value: Uint8Array.of(1, 2, 3) },
]);

describe.each(['none', 'lz4', 'deflate'] as const)('a value of 5 MiB, compression %s', (compression) => {
  it.each([
    ['in a block of its own', {}],
    ['in a slot of the cache', { cacheBytes: 64 * MIB }],
  ])(
    'is counted while it is lent, and let go at the next look-up: %s',
    async (_, { cacheBytes }: { cacheBytes?: number }) => {
      const cache = cacheBytes === undefined ? {} : { cache: new BlockCache({ capacityBytes: cacheBytes }) };
      const store = makeBlocks(entries, 'bytes', { compression }, cache);
      const before = store.memory().pinnedBytes;
      const out = new BytesRef();
      for (const next of [
        () => store.find(small, 0, 5),
        () => store.find(large, 0, 3),
        () => store.findBytes(small, 0, 5, out),
      ]) {
        expect(store.findBytes(large, 0, 5, out)).toBe(true);
        expect(store.memory().pinnedBytes).toBeGreaterThanOrEqual(before + LARGE);
        expect([out.bytes[out.start], out.bytes[out.end - 1], out.end - out.start]).toEqual([7, 7, LARGE]);
        next();
        expect(store.memory().pinnedBytes - before).toBeLessThan(3 * MIB);
      }
      expect(store.find(large, 0, 5)).toBe(LARGE);
      store.find(small, 0, 5);
      expect(store.memory().pinnedBytes - before).toBeLessThan(3 * MIB);
      store.close();
      expect(store.memory()).toEqual({ pinnedBytes: 0, cachedBytes: 0 });
    },
  );
});

it('a value that is read again and again is lent from the same memory', () => {
  const store = makeBlocks(entries, 'bytes');
  const out = new BytesRef();
  store.findBytes(small, 0, 5, out);
  const { bytes } = out;
  store.findBytes(small, 0, 5, out);
  expect(out.bytes).toBe(bytes);
});
