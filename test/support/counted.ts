/** Counted sources written out, as the counting would hand them on. */

import type { CountCursor, CountedSource } from '../../builders/count/counted-source.ts';
import { compareBytes } from '../../stores/bytes/compare.ts';
import { encodeUtf8 } from '../../stores/bytes/utf8.ts';

/** N-grams with their counts: terms joined by single spaces. */
export type Counts = Readonly<Record<string, number>>;

/** A source of counts written out; documents of the owner's unless it is said otherwise. */
export function countedSource(
  grams: { readonly words: Counts; readonly pairs?: Counts; readonly triples?: Counts },
  about: Partial<Omit<CountedSource, 'ngrams'>> = {},
): CountedSource {
  const { words, pairs = {}, triples = {} } = grams;
  return {
    name: 'source',
    role: 'documents',
    wordClass: '',
    weight: 1,
    tokenCount: Object.values(words).reduce((sum, count) => sum + count, 0),
    ...about,
    ngrams: (order) => cursorOver(order === 1 ? words : order === 2 ? pairs : triples),
  };
}

function cursorOver(counts: Counts): CountCursor {
  const entries = Object.entries(counts)
    .map(([text, count]) => ({ bytes: encodeUtf8(text), count }))
    .sort((a, b) => compareBytes(a.bytes, 0, a.bytes.length, b.bytes, 0, b.bytes.length));
  let at = -1;
  // One buffer for all keys, as real cursors have: who keeps a key must copy it.
  const key = new Uint8Array(256);
  return {
    next() {
      at++;
      const entry = entries[at];
      if (entry === undefined) return false;
      key.fill(0xff);
      key.set(entry.bytes);
      return true;
    },
    key,
    get keyEnd() {
      return entries[at]?.bytes.length ?? 0;
    },
    get count() {
      return entries[at]?.count ?? 0;
    },
  };
}
