/** The store of terms by how they are written without marks: see `stores/marks/FORMAT.md`. */
import { compareBytes } from '../../stores/bytes/compare.ts';
import { encodeUtf8 } from '../../stores/bytes/utf8.ts';
import { encodePostings } from '../../stores/deletes/postings.ts';
import { FIRST_TERM_ID, TermFlag } from '../../stores/lexicon/format.ts';
import type { Marks } from '../../stores/marks/marks.ts';
import type { AssembledFile, OpenWriter } from './assembled-file.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Terms of one key, the commonest: of most keys there is one. */
const MAX_TERMS = 8;
const LEFT_OUT = TermFlag.variant | TermFlag.suspect | TermFlag.runOn;

/** Terms by how they are written without marks. */
export interface UnmarkedTerms {
  readonly idsByKey: ReadonlyMap<string, readonly number[]>;
  /** Terms of a key that were beyond its limit. */
  readonly cut: number;
}

/** The terms with marks, by each way to write them without, and the first with each letter by that letter. */
export function unmarkedTerms({ texts, flags }: Vocabulary, marks: Marks): UnmarkedTerms {
  const idsByKey = new Map<string, number[]>();
  let cut = 0;
  for (let id = FIRST_TERM_ID; id < texts.length; id++) {
    const text = texts[id]!;
    if ((flags[id]! & LEFT_OUT) !== 0 || !marks.isMarked(text)) continue;
    for (const key of new Set(marks.spellings(text))) {
      const ids = idsByKey.get(key);
      if (ids === undefined) idsByKey.set(key, [id]);
      else if (ids.length < MAX_TERMS) ids.push(id);
      else cut++;
    }
    for (const letter of text) {
      if (marks.isMarked(letter) && !idsByKey.has(letter)) idsByKey.set(letter, [id]);
    }
  }
  // Marks alone, in a term that has no letter.
  idsByKey.delete('');
  return { idsByKey, cut };
}

/** Writes the store. */
export function writeMarks({ idsByKey, cut }: UnmarkedTerms, openWriter: OpenWriter): AssembledFile {
  const entries = [...idsByKey].map(([key, ids]) => ({ key: encodeUtf8(key), ids: Uint32Array.from(ids) }));
  entries.sort((a, b) => compareBytes(a.key, 0, a.key.length, b.key, 0, b.key.length));
  const { writer, file, kind } = openWriter('marks', { valueKind: 'bytes', keyCount: entries.length });
  for (const { key, ids } of entries) {
    const postings = encodePostings(ids, ids.length);
    writer.addBytes(key, 0, key.length, postings, 0, postings.length);
  }
  const { keyCount, fileBytes, parameters } = writer.finish();
  return { name: 'marks', file, kind, entries: keyCount, bytes: fileBytes, parameters: { ...parameters, cut } };
}
