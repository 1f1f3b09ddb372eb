import {
  DELETE_KEY_BYTES,
  DELETE2_PREFIX,
  deletionHashes,
  encodeDeletionKey,
  MAX_DELETION_HASHES,
  MAX_INDEXED_LENGTH,
} from '../../../stores/deletes/format.ts';
import { decodePostings } from '../../../stores/deletes/postings.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { BytesRef, type Store } from '../../../stores/store.ts';
import { boundedDistance } from './distance.ts';

/** At most this many ids are taken from one posting list: the commonest come first. */
export const POSTINGS_CAP = 512;
/** At most this many candidates are handed back for one word. */
const FOUND_CAP = 256;
/** Ids seen for the current word: a power of two, well above what the caps let through. */
const SEEN_SLOTS = 1 << 13;
const SEEN_LIMIT = SEEN_SLOTS / 2;

/** Where a signature holds the length, above a bit for each letter from a to z. */
const LENGTH_SHIFT = 26;
const LETTER_BITS = (1 << LENGTH_SHIFT) - 1;
const LETTER_A = 0x61;

/** Shorter words are only looked up one edit away: two edits of four reach almost anything. */
const TWO_EDITS_MIN_LENGTH = 5;

/**
 * Finds the terms near a typed word through the deletion indexes, each verified by its optimal string alignment
 * distance. One instance serves one thread: it owns its scratch memory.
 *
 * Hot path: 8 to 37 probes and up to some thousand verifications a word; allocates nothing.
 */
export class CandidateFinder {
  readonly #deletes1: Store;
  readonly #deletes2: Store;
  readonly #lexicon: Lexicon;
  /** What the last `find` found: ids and their distances in `[0, count)`. */
  readonly ids: Uint32Array;
  readonly distances: Uint8Array;
  count: number;
  /** Counters over the life of the finder, for traces and metrics. */
  probes: number;
  verified: number;
  cutPostings: number;

  readonly #hashes: Uint32Array;
  readonly #key: Uint8Array;
  #postings: Uint32Array;
  readonly #seen: Uint32Array;
  /** In which round a slot of `#seen` was filled: clearing 32 KiB for every word took 14 % of a rewrite. */
  readonly #seenIn: Uint32Array;
  #round: number;
  #seenCount: number;
  readonly #value: BytesRef;
  readonly #target: Uint16Array;
  /**
   * Length and set of letters of each term, 0 until it is met first. An edit changes the length by one at most, and puts
   * at most one letter into the set and one out: one read drops most postings, where reading the text takes two.
   */
  readonly #signatures: Uint32Array;
  /** The letters of the current word, as in a signature. */
  #letters: number;

  constructor(deletes1: Store, deletes2: Store, lexicon: Lexicon) {
    this.#deletes1 = deletes1;
    this.#deletes2 = deletes2;
    this.#lexicon = lexicon;
    this.ids = new Uint32Array(FOUND_CAP);
    this.distances = new Uint8Array(FOUND_CAP);
    this.count = 0;
    this.probes = 0;
    this.verified = 0;
    this.cutPostings = 0;
    this.#hashes = new Uint32Array(MAX_DELETION_HASHES);
    this.#key = new Uint8Array(DELETE_KEY_BYTES);
    this.#postings = new Uint32Array(POSTINGS_CAP);
    this.#seen = new Uint32Array(SEEN_SLOTS);
    this.#seenIn = new Uint32Array(SEEN_SLOTS);
    this.#round = 0;
    this.#seenCount = 0;
    this.#value = new BytesRef();
    this.#target = new Uint16Array(MAX_INDEXED_LENGTH + 3);
    this.#signatures = new Uint32Array(lexicon.termCount);
    this.#letters = 0;
  }

  /**
   * Finds terms within `maxEdits` (1 or 2) of `units[0, length)`, itself left out. Two edits are looked for only in words
   * of five units and more.
   *
   * @param postings ids taken from one list at most, the commonest first
   */
  find(units: Uint16Array, length: number, maxEdits: number, postings = POSTINGS_CAP): void {
    this.count = 0;
    if (this.#postings.length !== postings) this.#postings = new Uint32Array(postings);
    if (length === 0 || length > MAX_INDEXED_LENGTH || maxEdits === 0) return;
    this.#round = (this.#round + 1) >>> 0;
    this.#seenCount = 0;
    this.#letters = signature(units, length) & LETTER_BITS;
    const allowed = maxEdits === 2 && length >= TWO_EDITS_MIN_LENGTH ? 2 : 1;
    // A term is verified once, wherever it is met first: the first index holds terms two edits away, too (one letter
    // missing and another doubled: `tommorow`).
    this.#probe(this.#deletes1, units, length, length, 1, allowed);
    if (allowed === 2) this.#probe(this.#deletes2, units, length, Math.min(length, DELETE2_PREFIX), 2, allowed);
  }

  #probe(
    store: Store,
    units: Uint16Array,
    length: number,
    hashedLength: number,
    deletes: 1 | 2,
    allowed: number,
  ): void {
    const hashCount = deletionHashes(units, hashedLength, deletes, this.#hashes);
    for (let i = 0; i < hashCount; i++) {
      encodeDeletionKey(this.#hashes[i]!, this.#key, 0);
      this.probes++;
      if (!store.findBytes(this.#key, 0, DELETE_KEY_BYTES, this.#value)) continue;
      const { bytes, start, end } = this.#value;
      const count = decodePostings(bytes, start, end, this.#postings);
      if (count === this.#postings.length) this.cutPostings++;
      for (let p = 0; p < count; p++) this.#verify(this.#postings[p]!, units, length, allowed);
    }
  }

  #verify(id: number, units: Uint16Array, length: number, edits: number): void {
    let signed = this.#signatures[id]!;
    if (signed === 0) {
      signed = signature(this.#target, this.#lexicon.codeUnits(id, this.#target));
      this.#signatures[id] = signed;
    }
    const targetLength = signed >>> LENGTH_SHIFT;
    if (targetLength < length - edits || targetLength > length + edits || this.#isSeen(id)) return;
    this.verified++;
    const differing = (signed & LETTER_BITS) ^ this.#letters;
    if (differing !== 0) {
      if (bitCount(differing & signed) > edits || bitCount(differing & this.#letters) > edits) return;
    }
    this.#lexicon.codeUnits(id, this.#target);
    const distance = boundedDistance(units, length, this.#target, targetLength, edits);
    if (distance > edits || distance === 0 || this.count === FOUND_CAP) return;
    this.ids[this.count] = id;
    this.distances[this.count] = distance;
    this.count++;
  }

  /** Marks the id; true when it was marked before, or when there is no room to mark more. */
  #isSeen(id: number): boolean {
    let slot = Math.imul(id, 0x9e3779b1) >>> 19;
    while (this.#seenIn[slot] === this.#round) {
      if (this.#seen[slot] === id) return true;
      slot = (slot + 1) & (SEEN_SLOTS - 1);
    }
    if (this.#seenCount >= SEEN_LIMIT) return true;
    this.#seen[slot] = id;
    this.#seenIn[slot] = this.#round;
    this.#seenCount++;
    return false;
  }
}

/** The length of a word, 1..43, and which letters from a to z are in it. */
function signature(units: Uint16Array, length: number): number {
  let letters = 0;
  for (let i = 0; i < length; i++) {
    const letter = units[i]! - LETTER_A;
    if (letter >= 0 && letter < LENGTH_SHIFT) letters |= 1 << letter;
  }
  return ((length << LENGTH_SHIFT) | letters) >>> 0;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
