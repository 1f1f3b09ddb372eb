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
import { DistanceFrom, NOT_PLAIN } from './distance-from.ts';

/** At most this many ids are taken from one posting list: the commonest come first. */
export const POSTINGS_CAP = 512;
/** Ids seen for the current word: a power of two, well above what the caps let through. */
const SEEN_SLOTS = 1 << 13;
const SEEN_LIMIT = SEEN_SLOTS / 2;

/** Shorter words are only looked up one edit away: two edits of four reach almost anything. */
const TWO_EDITS_MIN_LENGTH = 5;

/** Takes the terms that are found, one by one in no order, each once. */
export interface CandidateSink {
  /**
   * By distance, 0 to 2: the last id that is still of use. Ids are in order of frequency, so the rarer terms of a list need
   * not be looked at. It may shrink while terms are taken, never grow.
   */
  readonly lastWanted: Uint32Array;
  /** `units[0, length)` is the term's text, valid until this returns; `distance` is 1 or 2. */
  take(id: number, distance: number, units: Uint16Array, length: number): void;
}

/**
 * Finds the terms near a typed word through the deletion indexes, each verified by its optimal string alignment
 * distance. One instance serves one thread: it owns its scratch memory.
 *
 * Hot path: 8 to 37 probes and up to some thousand postings a word; allocates nothing. Waiting for memory is most of it, so a
 * posting is dropped by its id alone where it can be, and texts are compared where they lie.
 */
export class CandidateFinder {
  readonly #deletes1: Store;
  readonly #deletes2: Store;
  readonly #lexicon: Lexicon;
  /** Counters over the life of the finder, for traces and metrics: look-ups, terms compared, lists cut at their cap. */
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
  readonly #distance: DistanceFrom;

  constructor(deletes1: Store, deletes2: Store, lexicon: Lexicon) {
    this.#deletes1 = deletes1;
    this.#deletes2 = deletes2;
    this.#lexicon = lexicon;
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
    this.#distance = new DistanceFrom();
  }

  /**
   * Finds terms within `maxEdits` (1 or 2) of `units[0, length)`, itself left out, and hands them to `sink`. Two edits are
   * looked for only in words of five units and more.
   *
   * @param postings ids taken from one list at most, the commonest first
   */
  find(units: Uint16Array, length: number, maxEdits: number, sink: CandidateSink, postings = POSTINGS_CAP): void {
    if (this.#postings.length !== postings) this.#postings = new Uint32Array(postings);
    if (length === 0 || length > MAX_INDEXED_LENGTH || maxEdits === 0) return;
    this.#round = (this.#round + 1) >>> 0;
    this.#seenCount = 0;
    this.#distance.begin(units, length);
    const allowed = maxEdits === 2 && length >= TWO_EDITS_MIN_LENGTH ? 2 : 1;
    const cutBefore = this.cutPostings;
    // A term is verified once, wherever it is met first: the first index holds terms two edits away, too (one letter
    // missing and another doubled: `tommorow`).
    this.#probe(this.#deletes1, units, length, length, 1, allowed, 1, sink);
    if (allowed === 1) return;
    // It holds all that are one edit away: those that the second adds are two away, but where lists were cut.
    const least = this.cutPostings === cutBefore ? 2 : 1;
    this.#probe(this.#deletes2, units, length, Math.min(length, DELETE2_PREFIX), 2, allowed, least, sink);
  }

  /** `least`: no term of the lists that was not met yet is nearer. */
  #probe(
    store: Store,
    units: Uint16Array,
    length: number,
    hashedLength: number,
    deletes: 1 | 2,
    allowed: number,
    least: 1 | 2,
    sink: CandidateSink,
  ): void {
    const hashCount = deletionHashes(units, hashedLength, deletes, this.#hashes);
    const postings = this.#postings;
    const { lastWanted } = sink;
    for (let i = 0; i < hashCount; i++) {
      encodeDeletionKey(this.#hashes[i]!, this.#key, 0);
      this.probes++;
      if (!store.findBytes(this.#key, 0, DELETE_KEY_BYTES, this.#value)) continue;
      const { bytes, start, end } = this.#value;
      const count = decodePostings(bytes, start, end, postings, lastWanted[least]!);
      if (count === postings.length) this.cutPostings++;
      for (let p = 0; p < count; p++) {
        if (postings[p]! > lastWanted[least]!) break;
        this.#verify(postings[p]!, units, length, allowed, sink);
      }
    }
  }

  #verify(id: number, units: Uint16Array, length: number, edits: number, sink: CandidateSink): void {
    const lexicon = this.#lexicon;
    const bytes = lexicon.textBytes(id);
    // No term has more letters than bytes; of those that have more, most are in several lists.
    if (bytes < length - edits || this.#isSeen(id)) return;
    this.verified++;
    const start = lexicon.textStart(id);
    let distance = this.#distance.to(lexicon.textBuffer, start, start + bytes, edits);
    if (distance > edits || distance === 0) return;
    const target = this.#target;
    const targetLength = lexicon.codeUnits(id, target);
    if (distance === NOT_PLAIN) distance = boundedDistance(units, length, target, targetLength, edits);
    if (distance > 0 && distance <= edits) sink.take(id, distance, target, targetLength);
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
