/** Generators of keys and values, with the keys that break things among them. */

import fc from 'fast-check';
import type { ValueKind } from '../../stores/store.ts';
import { type Entry, sortedEntries } from './model.ts';

const bytesOf = (...values: number[]): Uint8Array => Uint8Array.from(values);
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

/** Empty, one byte, the extremes, and lengths around 256. */
const awkwardKey = fc.constantFrom(
  bytesOf(),
  bytesOf(0),
  bytesOf(0xff),
  bytesOf(0, 0),
  bytesOf(0xff, 0xff, 0xff),
  filled(255, 0x61),
  filled(256, 0x61),
  filled(257, 0x61),
);

/** Words over a small alphabet share prefixes and suffixes. */
const wordKey = fc
  .array(fc.constantFrom(0x61, 0x62, 0x63), { maxLength: 8 })
  .map((letters) => Uint8Array.from(letters));

/** Text of any script, astral characters among it; also the same letter composed and decomposed. */
const textKey = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.constantFrom('\u{1f600}', 'é', 'e\u0301', '\u{10ffff}', '\uffff'),
  )
  .map((text) => new TextEncoder().encode(text));

/** Like n-gram keys: groups of three bytes. */
const gramKey = fc
  .array(fc.nat(600), { minLength: 1, maxLength: 3 })
  .map((ids) => Uint8Array.from(ids.flatMap((id) => [0, id >> 8, id & 0xff])));

/** Any key. */
export const anyKey: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 1, arbitrary: awkwardKey },
  { weight: 4, arbitrary: wordKey },
  { weight: 2, arbitrary: textKey },
  { weight: 2, arbitrary: gramKey },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 6 }) },
);

/** Integers that a store can hold: small ones, and the edges of the widths. */
export const anyValue: fc.Arbitrary<number> = fc.oneof(
  fc.nat(255),
  fc.constantFrom(0, 1, 255, 256, 65535, 65536, 2 ** 24, 2 ** 25, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1),
  fc.maxSafeNat(),
);

const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 5 }), fc.constantFrom(filled(300, 7), filled(0, 0)));

/** Entries of the given kind: distinct keys in byte order. */
export function anyEntries(valueKind: ValueKind, maxLength = 60): fc.Arbitrary<Entry[]> {
  const value = valueKind === 'uint' ? anyValue : valueKind === 'bytes' ? anyBytes : fc.constant(1);
  return fc.array(fc.record({ key: anyKey, value }), { maxLength }).map(sortedEntries);
}
