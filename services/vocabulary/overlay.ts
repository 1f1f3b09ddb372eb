/**
 * The stores of a dataset with the terms of the `vocabulary` collection in them: known when they are typed, and proposed for
 * what is near them. Ids of the dataset stay what they are, so that n-grams and vectors hold; new terms have ids after them.
 */
import {
  DELETE_KEY_BYTES,
  DELETE2_MIN_LENGTH,
  DELETE2_PREFIX,
  deletionHashes,
  MAX_DELETION_HASHES,
  MAX_INDEXED_LENGTH,
} from '../../stores/deletes/format.ts';
import { decodePostings, MAX_POSTING_BYTES, writePostings } from '../../stores/deletes/postings.ts';
import { ForwardingStore } from '../../stores/forwarding-store.ts';
import { TermFlag, UNKNOWN_ID } from '../../stores/lexicon/format.ts';
import type { AddedTerm } from '../../stores/lexicon/lexicon.ts';
import { BytesRef, type MayRead, type Store } from '../../stores/store.ts';
import { termId } from '../rewrite/language/vocabulary.ts';
import { mayRead } from '../rewrite/reads/patient-store.ts';
import type { PipelineStores } from '../rewrite/stores.ts';
import type { VocabularyStanding } from '../rules/vocabulary.ts';

/** Ids of a merged list: as many as the pipeline takes of one. */
const MOST_POSTINGS = 512;
/** Neither a word when it is typed, nor ever proposed. */
const OUT = TermFlag.suspect | TermFlag.variant;

/** The terms of a vocabulary, each in its normal form. */
export type Vocabulary = readonly (readonly [term: string, standing: VocabularyStanding])[];

/**
 * Puts the vocabulary over the stores, which stay as they are. A term that the dataset has keeps its frequency and its
 * neighbours; its standing becomes that of the vocabulary. About 60 us a term, and 10 ms for the copies.
 */
export function withVocabulary(stores: PipelineStores, vocabulary: Vocabulary): PipelineStores {
  const { terms, lexicon } = stores;
  const standings = new Map<number, number>();
  const added: AddedTerm[] = [];
  for (const [text, standing] of vocabulary) {
    const id = termId(terms, text);
    if (id !== UNKNOWN_ID) standings.set(id, standing.isOut ? OUT : flagsOf(standing, lexicon.flags(id)));
    else if (!standing.isOut) {
      added.push({ text, flags: flagsOf(standing, 0), unigramCost: -Math.log(standing.perMillion / 1e6) });
    }
  }
  const overlay = {
    ...stores,
    lexicon: lexicon.withTerms(added, standings),
    ...(stores.neighbours && { neighbours: stores.neighbours.withTerms(lexicon.termCount + added.length) }),
  };
  if (added.length === 0) return overlay;
  const ids = new Map(added.map(({ text }, i) => [text, lexicon.termCount + i]));
  return {
    ...overlay,
    terms: over(terms, (inner) => new TermsOverlay(inner, ids)),
    deletes1: over(stores.deletes1, (inner) => new DeletesOverlay(inner, postingsOf(ids, 1))),
    deletes2: over(stores.deletes2, (inner) => new DeletesOverlay(inner, postingsOf(ids, 2))),
  };
}

/** Known by the owner's word, whatever spoke against it. */
function flagsOf({ isName }: VocabularyStanding, before: number): number {
  const doubts = TermFlag.suspect | TermFlag.runOn | TermFlag.variant;
  return (before & ~doubts) | TermFlag.documents | (isName ? TermFlag.name : 0);
}

/** Hash of a string with letters left out -> ids of the new terms that reach it, ascending. */
function postingsOf(ids: ReadonlyMap<string, number>, index: 1 | 2): Map<number, number[]> {
  const postings = new Map<number, number[]>();
  const units = new Uint16Array(MAX_INDEXED_LENGTH);
  const hashes = new Uint32Array(MAX_DELETION_HASHES);
  for (const [text, id] of ids) {
    if (text.length > MAX_INDEXED_LENGTH || (index === 2 && text.length < DELETE2_MIN_LENGTH)) continue;
    for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
    const length = index === 1 ? text.length : Math.min(text.length, DELETE2_PREFIX);
    const count = deletionHashes(units, length, index, hashes);
    for (const hash of new Set(hashes.subarray(0, count))) {
      const list = postings.get(hash);
      if (list === undefined) postings.set(hash, [id]);
      else list.push(id);
    }
  }
  return postings;
}

/** What may have to read from disk still says so. */
function over(store: Store, wrap: (store: Store) => ForwardingStore): Store {
  const overlay = wrap(store);
  if (!mayRead(store)) return overlay;
  const isAtHand: MayRead['isAtHand'] = (key, start, end) => store.isAtHand(key, start, end);
  return Object.assign(overlay, { isAtHand });
}

/** Hot path: a term of the dataset is found as before; what it does not have is a string, looked for in a `Map`. */
class TermsOverlay extends ForwardingStore {
  readonly #ids: ReadonlyMap<string, number>;

  constructor(inner: Store, ids: ReadonlyMap<string, number>) {
    super(inner);
    // By their bytes, so that a look-up need not decode.
    this.#ids = new Map([...ids].map(([text, id]) => [Buffer.from(text).toString('latin1'), id]));
  }

  override find(key: Uint8Array, start: number, end: number): number {
    const id = this.inner.find(key, start, end);
    if (id >= 0) return id;
    return this.#ids.get(Buffer.from(key.buffer, key.byteOffset + start, end - start).toString('latin1')) ?? id;
  }
}

/** Posting lists with those of the new terms behind those of the dataset, the rarest of which make room. */
class DeletesOverlay extends ForwardingStore {
  readonly #postings: ReadonlyMap<number, readonly number[]>;
  readonly #ids = new Uint32Array(2 * MOST_POSTINGS);
  readonly #merged = new Uint8Array(2 * MOST_POSTINGS * MAX_POSTING_BYTES);
  readonly #room = new Uint32Array(MOST_POSTINGS);
  readonly #found = new BytesRef();

  constructor(inner: Store, postings: ReadonlyMap<number, readonly number[]>) {
    super(inner);
    this.#postings = postings;
  }

  override find(key: Uint8Array, start: number, end: number): number {
    return this.findBytes(key, start, end, this.#found) ? this.#found.end - this.#found.start : -1;
  }

  override findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean {
    const mine = end - start === DELETE_KEY_BYTES ? this.#postings.get(hashOf(key, start)) : undefined;
    if (mine === undefined) return this.inner.findBytes(key, start, end, out);
    const more = Math.min(mine.length, MOST_POSTINGS);
    const room = this.#room.subarray(0, Math.max(0, MOST_POSTINGS - more));
    let count = 0;
    if (this.inner.findBytes(key, start, end, out)) count = decodePostings(out.bytes, out.start, out.end, room);
    this.#ids.set(room.subarray(0, count));
    for (let i = 0; i < more; i++) this.#ids[count + i] = mine[i]!;
    out.bytes = this.#merged;
    out.start = 0;
    out.end = writePostings(this.#ids, count + more, this.#merged);
    return true;
  }
}

function hashOf(key: Uint8Array, at: number): number {
  return ((key[at]! << 24) | (key[at + 1]! << 16) | (key[at + 2]! << 8) | key[at + 3]!) >>> 0;
}
