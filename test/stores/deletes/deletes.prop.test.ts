import fc from 'fast-check';
import {
  DELETE_KEY_BYTES,
  DELETE2_PREFIX,
  deletionHashes,
  encodeDeletionKey,
  hashDeletion,
  MAX_DELETION_HASHES,
  MAX_INDEXED_LENGTH,
} from '../../../stores/deletes/format.ts';
import { decodePostings, encodePostings } from '../../../stores/deletes/postings.ts';
import { EDIT_KINDS, editOnce } from '../../support/edit-once.ts';

const unitsOf = (word: string): Uint16Array => Uint16Array.from(word, (_, i) => word.charCodeAt(i));

/** The hashes under which a word stands in an index, or is looked for. */
function hashesOf(word: string, deletes: 1 | 2): Set<number> {
  const length = deletes === 1 ? word.length : Math.min(word.length, DELETE2_PREFIX);
  const out = new Uint32Array(MAX_DELETION_HASHES);
  return new Set(out.subarray(0, deletionHashes(unitsOf(word), length, deletes, out)));
}

const letter = fc.constantFrom('a', 'b', 'c', 'é', '\u4e2d');
const word = (minLength: number) => fc.string({ unit: letter, minLength, maxLength: 12 });

/** One edit of optimal string alignment. */
type Edit = (word: string) => string;
const anyEdit: fc.Arbitrary<Edit> = fc.tuple(fc.constantFrom(...EDIT_KINDS), fc.nat(30), letter).map(
  ([kind, place, put]) =>
    (text) =>
      editOnce(text, kind, place % (text.length + 1), put),
);

describe('deletion hashes', () => {
  it('are shared in the first index by all words one edit apart', () => {
    fc.assert(
      fc.property(word(1), anyEdit, (from, edit) => {
        const to = edit(from);
        fc.pre(to !== '');
        expect(isDisjoint(from, to, 1)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('are shared in the second index by all words of five letters and more that are two edits apart', () => {
    fc.assert(
      fc.property(word(5), anyEdit, anyEdit, (from, first, second) => {
        const to = second(first(from));
        fc.pre(to.length >= 5);
        expect(isDisjoint(from, to, 2)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('are those of the strings that deleting letters leaves, each written once where equal letters meet', () => {
    fc.assert(
      fc.property(word(0), fc.constantFrom(1 as const, 2 as const), (text, deletes) => {
        const cut = deletes === 1 ? text : text.slice(0, DELETE2_PREFIX);
        const left = new Set([cut]);
        for (let round = 0; round < deletes; round++) {
          for (const known of [...left]) {
            for (let i = 0; i < known.length; i++) left.add(known.slice(0, i) + known.slice(i + 1));
          }
        }
        const whole = (rest: string) => hashDeletion(unitsOf(rest), rest.length, -1, -1);
        expect([...hashesOf(text, deletes)].sort()).toEqual([...new Set([...left].map(whole))].sort());
      }),
    );
  });

  it('never outgrow the room that callers make', () => {
    const out = new Uint32Array(2 * MAX_DELETION_HASHES);
    const longest = unitsOf('abcdefghij'.repeat(4));
    expect(longest.length).toBe(MAX_INDEXED_LENGTH);
    expect(deletionHashes(longest, longest.length, 1, out)).toBeLessThanOrEqual(MAX_DELETION_HASHES);
    expect(deletionHashes(longest, DELETE2_PREFIX, 2, out)).toBeLessThanOrEqual(MAX_DELETION_HASHES);
  });

  it('are written with the high byte first, so that keys lie in their order', () => {
    const key = new Uint8Array(DELETE_KEY_BYTES + 2);
    encodeDeletionKey(0xfedcba98, key, 1);
    expect([...key]).toEqual([0, 0xfe, 0xdc, 0xba, 0x98, 0]);
  });
});

function isDisjoint(a: string, b: string, deletes: 1 | 2): boolean {
  const known = hashesOf(a, deletes);
  return ![...hashesOf(b, deletes)].some((hash) => known.has(hash));
}

describe('posting lists', () => {
  const id = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffffff }), fc.constantFrom(127, 128, 16383, 16384));
  const ids = fc.uniqueArray(id, { maxLength: 40 }).map((list) => Uint32Array.from(list).sort());

  it('give back their ids, as many as there is room for', () => {
    fc.assert(
      fc.property(ids, fc.nat(50), fc.nat(3), (list, room, before) => {
        const encoded = encodePostings(list, list.length);
        const within = Buffer.concat([Buffer.alloc(before, 0xff), encoded, Buffer.alloc(2, 0x01)]);
        const out = new Uint32Array(room);
        const count = decodePostings(within, before, before + encoded.length, out);
        expect([...out.subarray(0, count)]).toEqual([...list.subarray(0, room)]);
      }),
    );
  });

  it('end where their bytes do, whatever these are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
        expect(decodePostings(bytes, 0, bytes.length, new Uint32Array(64))).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
