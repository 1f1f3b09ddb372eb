/** A deletion index, and what is found out along the way: one walk over the terms under each hash serves both. */
import { DELETE_KEY_BYTES, encodeDeletionKey } from '../../stores/deletes/format.ts';
import { MAX_POSTING_BYTES, writePostings } from '../../stores/deletes/postings.ts';
import { TermFlag } from '../../stores/lexicon/format.ts';
import { type DeletionIndex, forEachDeletion } from '../deletes/deletions.ts';
import type { AssembledFile, OpenWriter } from './assembled-file.ts';
import type { SuspectFinder } from './suspects.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What is needed of a vocabulary. */
export type IndexedTerms = Pick<Vocabulary, 'texts' | 'flags' | 'probabilities'>;

/** Ids that the buffer for a posting list has room for at first. */
const FIRST_POSTINGS = 1024;

/** Hashes between two looks at how far it is. */
const LOOK_EVERY = 50_000;

/**
 * Writes a deletion index of the terms, those left out that are accepted when typed but never proposed.
 *
 * @param suspects shown the terms under each hash
 * @param onHash told the hash that it is at, of 2^32
 */
export function writeDeletions(
  name: DeletionIndex,
  { texts, flags }: IndexedTerms,
  openWriter: OpenWriter,
  suspects: SuspectFinder,
  onHash: (hash: number) => void,
): AssembledFile {
  const skip = (id: number) => (flags[id]! & TermFlag.variant) !== 0;
  const { writer, file, kind } = openWriter(name, {
    valueKind: 'bytes',
    keyCount: 6 * texts.length,
    fixedKeyBytes: DELETE_KEY_BYTES,
  });
  const key = new Uint8Array(DELETE_KEY_BYTES);
  let postings = new Uint8Array(FIRST_POSTINGS * MAX_POSTING_BYTES);
  let done = 0;
  forEachDeletion(texts, name, skip, (hash, ids, count) => {
    encodeDeletionKey(hash, key, 0);
    if (count * MAX_POSTING_BYTES > postings.length) postings = new Uint8Array(2 * count * MAX_POSTING_BYTES);
    writer.addBytes(key, 0, DELETE_KEY_BYTES, postings, 0, writePostings(ids, count, postings));
    if (count > 1) suspects.look(ids, count);
    if (done++ % LOOK_EVERY === 0) onHash(hash);
  });
  const { keyCount, fileBytes, parameters } = writer.finish();
  return { name, file, kind, entries: keyCount, bytes: fileBytes, parameters };
}

/** Deletion indexes in their order, and the terms found to be suspect by each. */
export type WrittenDeletions = readonly { readonly file: AssembledFile; readonly suspects: Uint32Array }[];
