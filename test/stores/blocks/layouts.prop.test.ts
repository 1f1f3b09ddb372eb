import fc from 'fast-check';
import { BytesRef, MISS, type ValueKind } from '../../../stores/store.ts';
import { anyEntries, anyKey, anyValue } from '../../support/arbitraries.ts';
import { makeBlocks } from '../../support/blocks.ts';
import { drain, type Entry, Model, show, sortedEntries } from '../../support/model.ts';

const writerOptions = fc.record({
  blockBytes: fc.constantFrom(512, 600, 4096, 65536),
  restartInterval: fc.constantFrom(1, 2, 5, 16, 1024),
  filter: fc.constantFrom('none' as const, 'split-block' as const),
  compression: fc.constantFrom('none' as const, 'none' as const, 'lz4' as const, 'deflate' as const),
});
const pinnedIndexBytes = fc.constantFrom(0, 1 << 20);

/** Keys of one length, near one another and far apart. */
function fixedEntries(keyBytes: number, valueKind: ValueKind): fc.Arbitrary<Entry[]> {
  const near = fc.array(fc.constantFrom(0, 1, 2, 255), { minLength: keyBytes, maxLength: keyBytes });
  const far = fc.array(fc.nat(255), { minLength: keyBytes, maxLength: keyBytes });
  const key = fc.oneof(near, far).map((bytes) => Uint8Array.from(bytes));
  const value =
    valueKind === 'uint' ? anyValue : valueKind === 'bytes' ? fc.uint8Array({ maxLength: 40 }) : fc.constant(1);
  return fc.array(fc.record({ key, value }), { maxLength: 300 }).map(sortedEntries);
}

function expectLikeModel(
  entries: readonly Entry[],
  others: readonly Uint8Array[],
  store: ReturnType<typeof makeBlocks>,
) {
  const model = new Model(entries);
  const out = new BytesRef();
  for (const key of [...entries.map((entry) => entry.key), ...others]) {
    const value = model.find(key);
    const found = store.find(key, 0, key.length);
    if (typeof value === 'number') expect(found).toBe(store.valueKind === 'none' ? 1 : value);
    else expect(found).toBe(value === undefined ? MISS : value.length);
    if (value instanceof Uint8Array) {
      expect(store.findBytes(key, 0, key.length, out)).toBe(true);
      expect(Buffer.compare(out.copy(), value)).toBe(0);
    }
  }
  expect(show(drain(store.cursor(), store.valueKind))).toEqual(show(entries));
  store.verify();
}

describe('blocks of any layout, block size and restart interval', () => {
  for (const valueKind of ['none', 'uint', 'bytes'] as const) {
    it(`answer as a map does, keys of any length (${valueKind})`, () => {
      fc.assert(
        fc.property(
          anyEntries(valueKind, 200),
          fc.array(anyKey, { maxLength: 30 }),
          writerOptions,
          pinnedIndexBytes,
          (entries, others, options, pinned) => {
            expectLikeModel(entries, others, makeBlocks(entries, valueKind, options, { pinnedIndexBytes: pinned }));
          },
        ),
        { numRuns: 40 },
      );
    });

    for (const keyBytes of [1, 3, 6, 9, 12]) {
      it(`answer as a map does, keys of ${keyBytes} bytes (${valueKind})`, () => {
        fc.assert(
          fc.property(
            fixedEntries(keyBytes, valueKind),
            fixedEntries(keyBytes, 'none'),
            fc.array(anyKey, { maxLength: 5 }),
            writerOptions,
            pinnedIndexBytes,
            (entries, others, odd, options, pinned) => {
              const store = makeBlocks(entries, valueKind, { ...options, keyBytes }, { pinnedIndexBytes: pinned });
              expectLikeModel(entries, [...others.map(({ key }) => key), ...odd], store);
            },
          ),
          { numRuns: 20 },
        );
      });
    }
  }
});
