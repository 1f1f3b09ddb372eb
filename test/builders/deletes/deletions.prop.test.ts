import fc from 'fast-check';
import { type DeletionIndex, forEachDeletion } from '../../../builders/deletes/deletions.ts';
import { isWithinOneEdit } from '../../../builders/deletes/one-edit.ts';
import {
  DELETE2_MIN_LENGTH,
  DELETE2_PREFIX,
  hashDeletion,
  MAX_INDEXED_LENGTH,
} from '../../../stores/deletes/format.ts';
import { FIRST_TERM_ID } from '../../../stores/lexicon/format.ts';
import { alignmentDistance } from '../../support/alignment.ts';

const word = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 9 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('é', 'x'.repeat(MAX_INDEXED_LENGTH), 'y'.repeat(MAX_INDEXED_LENGTH + 1), '\u{1f600}a'),
  },
);

const hashOf = (text: string) => {
  const units = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return hashDeletion(units, text.length, -1, -1);
};

/** All postings, by cutting every string out of every word. */
function naivePostings(texts: readonly string[], index: DeletionIndex, skipped: ReadonlySet<number>) {
  const postings = new Map<number, Set<number>>();
  texts.forEach((text, id) => {
    if (id < FIRST_TERM_ID || skipped.has(id) || text.length > MAX_INDEXED_LENGTH) return;
    if (index === 'deletes2' && text.length < DELETE2_MIN_LENGTH) return;
    let rests = new Set([index === 'deletes1' ? text : text.slice(0, DELETE2_PREFIX)]);
    for (let round = 0; round < (index === 'deletes1' ? 1 : 2); round++) {
      const shorter = [...rests].flatMap((rest) =>
        Array.from({ length: rest.length }, (_, i) => rest.slice(0, i) + rest.slice(i + 1)),
      );
      rests = new Set([...rests, ...shorter]);
    }
    for (const rest of rests) postings.set(hashOf(rest), (postings.get(hashOf(rest)) ?? new Set()).add(id));
  });
  return [...postings].sort(([a], [b]) => a - b).map(([hash, ids]) => [hash, [...ids].sort((a, b) => a - b)] as const);
}

describe('forEachDeletion', () => {
  it('gives hashes in order and the ids under each, as a naive build does', () => {
    const indexes = fc.constantFrom<DeletionIndex>('deletes1', 'deletes2');
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 30 }), indexes, fc.array(fc.nat(34)), (words, index, skip) => {
        const texts = ['', '', '', '', ...words];
        const skipped = new Set(skip);
        const found: (readonly [number, number[]])[] = [];
        forEachDeletion(
          texts,
          index,
          (id) => skipped.has(id),
          (hash, ids, count) => found.push([hash, [...ids.subarray(0, count)]]),
        );
        expect(found).toEqual(naivePostings(texts, index, skipped));
      }),
    );
  });

  it('has room for as many ids under one hash as there are', () => {
    // All one-letter words reach the empty string.
    const texts = ['', '', '', '', ...Array.from({ length: 3000 }, (_, i) => String.fromCharCode(0x4e00 + i))];
    const counts = new Map<number, number>();
    forEachDeletion(
      texts,
      'deletes1',
      () => false,
      (hash, _, count) => counts.set(hash, count),
    );
    expect(counts.get(hashOf(''))).toBe(3000);
  });
});

describe('isWithinOneEdit', () => {
  it('is what the whole table says', () => {
    const near = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(near, near, (a, b) => {
        fc.pre(a !== b);
        expect(isWithinOneEdit(a, b)).toBe(alignmentDistance(a, b) <= 1);
      }),
      { numRuns: 500 },
    );
  });
});
