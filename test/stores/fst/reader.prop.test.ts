import fc from 'fast-check';
import { openFstBytes } from '../../../stores/fst/reader.ts';
import { anyEntries, anyKey } from '../../support/arbitraries.ts';
import { fstFile, makeFst } from '../../support/fst.ts';
import { drain, type Entry, hex, show, sortedEntries } from '../../support/model.ts';

const runs = { numRuns: 100 };

/** Many keys over few letters of a wide range: nodes of every form, some with hundreds of transitions. */
const bushyEntries = fc
  .array(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(3), fc.nat(1)), { minLength: 200, maxLength: 1500 })
  .map((rows) =>
    sortedEntries(
      rows.map(([a, b, c, d], value) => ({
        key: d === 0 ? Uint8Array.of(c, a, b) : Uint8Array.of(a & 3, b, 97 + c, 97 + (a % 26), 97 + (b % 26)),
        value,
      })),
    ),
  );

function expectWhole(entries: readonly Entry[]): void {
  const store = makeFst(entries, 'uint');
  const out = new Uint8Array(300);
  entries.forEach(({ key, value }, ordinal) => {
    expect(store.find(key, 0, key.length)).toBe(value);
    expect(store.ordinal(key, 0, key.length)).toBe(ordinal);
    const end = store.keyAt(ordinal, out, 0);
    expect(hex(out.subarray(0, end))).toBe(hex(key));
  });
  expect(show(drain(store.cursor(), 'uint'))).toEqual(show(entries));
  store.verify();
}

describe('FST', () => {
  it('gives ordinals in key order, and keys by ordinal', () => {
    fc.assert(fc.property(anyEntries('uint'), expectWhole), runs);
  });

  it('holds bushy sets, with nodes of every form', () => {
    fc.assert(fc.property(bushyEntries, expectWhole), { numRuns: 15 });
  });

  it('walks prefixes as filtering all keys would', () => {
    fc.assert(
      fc.property(anyEntries('uint'), anyKey, (entries, key) => {
        const store = makeFst(entries, 'uint');
        for (let length = 0; length <= Math.min(3, key.length); length++) {
          const cursor = store.cursor();
          cursor.seekPrefix(key, 0, length);
          const prefix = hex(key.subarray(0, length));
          const expected = entries.filter((entry) => hex(entry.key).startsWith(prefix));
          expect(show(drain(cursor, 'uint'))).toEqual(show(expected));
        }
      }),
      runs,
    );
  });

  it('makes the same bytes of the same entries', () => {
    fc.assert(
      fc.property(anyEntries('bytes'), (entries) => {
        expect(hex(fstFile(entries, 'bytes'))).toBe(hex(fstFile(entries, 'bytes')));
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    [400, 3000],
    [70_000, 12_000],
  ])('answers the same when a registry of %d bytes had to forget, and says so', (registryBytes, count) => {
    const words = Array.from({ length: count }, (_, i) => `${(i * 7919) % count}ing${(i * i * 31) % 9973}s`);
    const entries = sortedEntries(words.map((word, value) => ({ key: new TextEncoder().encode(word), value })));
    const minimal = fstFile(entries, 'uint');
    const near = fstFile(entries, 'uint', { registryBytes });
    const store = openFstBytes(near, 'near');
    expect(store.header.minimal).toBe(false);
    expect(near.length).toBeGreaterThan(minimal.length);
    expect(entries.filter(({ key, value }) => store.find(key, 0, key.length) !== value)).toEqual([]);
    store.verify();
  });
});
