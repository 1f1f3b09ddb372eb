import type { GroupChannel } from '../../../stores/channel/group-channel.ts';
import { MAX_INDEXED_LENGTH } from '../../../stores/deletes/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { LRUMap } from '../../../stores/lru.ts';
import type { Marks } from '../../../stores/marks/marks.ts';
import { isProposable } from '../language/vocabulary.ts';
import { Recent } from '../reads/recent.ts';
import { type CandidateFinder, POSTINGS_CAP } from './candidates.ts';
import { type Channel, EDIT_TYPES } from './channel.ts';
import { type ProposalCosts, proposalCost } from './costs.ts';
import { boundedDistance } from './distance.ts';
import { markedAs } from './marked-as.ts';
import { precedes, Shortlist, SLACK } from './shortlist.ts';
import type { SoundAlikes } from './sound-alikes.ts';

/** Terms near a word that are kept, the cheapest first; of words too short to be sought by sound, `MOST_PROPOSALS`. */
export const MOST_NEAR = 12;
/** Terms that sound like it and are kept after those: where no term is one edit away. */
const MOST_ALIKE = 3;
/** Terms kept for one word. */
export const MOST_PROPOSALS = MOST_NEAR + MOST_ALIKE;
/** Shorter words are within two edits of anything that sounds like them. */
const MIN_SOUND_LENGTH = 5;
/** Letters by which words differ in length that sound alike. */
const MAX_SOUND_DIFFERENCE = 4;
/** Ids taken from one posting list where the query has had its share of work. */
const SPARING_POSTINGS = 24;
/** What a look-up in an index costs beside verifying one candidate. */
const PROBE_WORK = 4;
/** And what comparing two words by groups of letters does. */
const GROUPS_WORK = 20;

/** Words remembered: with their strings some 6.5 MB. Of the words of everyday queries nine in ten recur within so many. */
const REMEMBERED_WORDS = 1 << 14;
/** Of them those looked at sparingly, one edit away and two edits away. */
const MEMORY_SHARES = [1 / 8, 5 / 8, 1 / 4] as const;
/** More words than one query can ask for: what `find` gave stays valid until the query is answered. */
const LEAST_REMEMBERED = 1 << 10;

/** An entry whose look-ups were answered for want of a read. */
const STALE = 255;
/** Edits that were not counted yet, or that no 2 bits a type can hold. */
const NOT_COUNTED = 0xffffffff;
const BITS_PER_TYPE = 2;
const MOST_PER_TYPE = (1 << BITS_PER_TYPE) - 1;

/** What the finder of proposals reads. */
export interface ProposalSources {
  readonly candidates: CandidateFinder;
  readonly soundAlikes: SoundAlikes;
  readonly channel: Channel;
  readonly groups: GroupChannel;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
  /** Where terms with other marks are looked up by themselves, so that they are told from others here. */
  readonly marks?: Marks | undefined;
}

/**
 * The terms that a word may be a misspelling of, the cheapest by error model and frequency first: those near it by their
 * letters, then, for words of five letters and more that no term is one edit from, those that sound like it.
 * They depend on the word alone and not on its query, so they are remembered for the words met last, with what is worked out of them later.
 *
 * Hot path: finding them takes some 100 us for a word that is not remembered, half a microsecond for one that is. All
 * lies in columns of numbers off the JavaScript heap; a proposal is an index into them, valid until the query is answered.
 */
export class Proposer {
  readonly #sources: ProposalSources;
  /** By how closely words were looked at: a key of both would be a new string, to be hashed anew, for every word. */
  readonly #entries: readonly LRUMap<string, number>[];
  /** The first entry of each. */
  readonly #firstEntries: readonly number[];
  readonly #capacity: number;
  /** By entry. */
  readonly #counts: Uint8Array;
  readonly #work: Uint32Array;
  /** By proposal. */
  readonly ids: Uint32Array;
  readonly distances: Uint8Array;
  readonly #slipCosts: Float64Array;
  readonly #groupCosts: Float64Array;
  readonly #editCounts: Uint32Array;
  readonly #areOfMarks: Uint8Array;
  /** The entries filled last. */
  readonly recent: Recent<number>;
  /** How many proposals the last `find` found. */
  count: number;
  /** Candidates verified and, four times, look-ups for the words asked for, remembered or not: the measure of a query's work. */
  work: number;

  readonly #typed: Uint16Array;
  readonly #meant: Uint16Array;
  readonly #ranks: Float64Array;
  /** Words compared by groups of letters for the current word. */
  #compared: number;
  readonly #edits: Float64Array;
  readonly #near: Shortlist;

  /** @param remembered words remembered, 1,024 or more of each closeness */
  constructor(sources: ProposalSources, remembered = REMEMBERED_WORDS) {
    const rooms = MEMORY_SHARES.map((share) => Math.max(LEAST_REMEMBERED, Math.floor(share * remembered)));
    const capacity = rooms.reduce((sum, room) => sum + room, 0);
    this.#sources = sources;
    this.#entries = rooms.map((room) => new LRUMap(room));
    this.#firstEntries = rooms.map((_, i) => rooms.slice(0, i).reduce((sum, room) => sum + room, 0));
    this.#capacity = capacity;
    this.#counts = new Uint8Array(capacity);
    this.#work = new Uint32Array(capacity);
    this.ids = new Uint32Array(capacity * MOST_PROPOSALS);
    this.distances = new Uint8Array(capacity * MOST_PROPOSALS);
    this.#slipCosts = new Float64Array(capacity * MOST_PROPOSALS);
    this.#groupCosts = new Float64Array(capacity * MOST_PROPOSALS);
    this.#editCounts = new Uint32Array(capacity * MOST_PROPOSALS);
    this.#areOfMarks = new Uint8Array(capacity * MOST_PROPOSALS);
    this.recent = new Recent((entry) => {
      this.#counts[entry] = STALE;
    });
    this.count = 0;
    this.work = 0;
    this.#typed = new Uint16Array(MAX_INDEXED_LENGTH);
    this.#meant = new Uint16Array(MAX_INDEXED_LENGTH + 3);
    this.#near = new Shortlist(sources, MOST_PROPOSALS);
    this.#ranks = new Float64Array(MOST_PROPOSALS);
    this.#compared = 0;
    this.#edits = new Float64Array(EDIT_TYPES.length);
  }

  /**
   * Finds the terms near a word: `count` of them, from the index returned on, in `ids`, `distances` and `cost`. None for words
   * that the indexes do not hold.
   *
   * @param maxEdits 1 or 2; 0 finds nothing
   * @param isSparing whether to take only the commonest of each posting list, one edit away at most
   */
  find(text: string, maxEdits: number, isSparing: boolean): number {
    this.count = 0;
    if (text.length > MAX_INDEXED_LENGTH || maxEdits === 0) return 0;
    const closeness = isSparing ? 0 : maxEdits;
    const entries = this.#entries[closeness]!;
    let entry = entries.get(text);
    if (entry === undefined) {
      entry = this.#firstEntries[closeness]! + entries.size;
      // A word may be a part of a long query's string, which it would keep in memory.
      const key = ` ${text}`.slice(1);
      const evicted = entries.setpop(key, entry);
      if (evicted?.evicted === true) {
        entry = evicted.value;
        entries.set(key, entry);
      }
      this.#counts[entry] = STALE;
    }
    if (this.#counts[entry] === STALE) this.#fill(entry, text, isSparing ? 1 : maxEdits, isSparing);
    this.work += this.#work[entry]!;
    this.count = this.#counts[entry]!;
    return entry * MOST_PROPOSALS;
  }

  /** What typing the word for this proposal costs by the error model, and proposing it for its standing; in nats. */
  cost(proposal: number): number {
    const { lexicon, costs } = this.#sources;
    // Who spells by ear makes many slips at once: letter by letter they would cost too much.
    const isFar = this.distances[proposal]! > 2;
    const slips = isFar
      ? Math.min(this.#slipCosts[proposal]!, this.#groupCosts[proposal]!)
      : this.#slipCosts[proposal]!;
    return slips + proposalCost(lexicon, costs, this.ids[proposal]!);
  }

  /** The cost of the slips alone, in nats. */
  slipCost(proposal: number): number {
    return this.#slipCosts[proposal]!;
  }

  /** Whether the term differs from the word in marks alone, in a dataset where such terms are looked up by themselves. */
  isOfMarksAlone(proposal: number): boolean {
    return this.#areOfMarks[proposal] === 1;
  }

  /** -ln P(typed | meant) by the trained groups of letters; `typed` is the word that the proposal was found for. */
  groupCost(proposal: number, typed: string, meant: string): number {
    let cost = this.#groupCosts[proposal]!;
    if (Number.isNaN(cost)) {
      cost = this.#sources.groups.cost(typed, meant);
      this.#groupCosts[proposal] = cost;
    }
    return cost;
  }

  /** Adds the counts of the slips by type to `out`, from index `first` on, as `Channel.countEdits` does. */
  countEdits(proposal: number, typed: string, meant: string, out: Float64Array, first: number): void {
    let packed = this.#editCounts[proposal]!;
    if (packed === NOT_COUNTED) {
      const edits = this.#edits.fill(0);
      this.#sources.channel.countEdits(typed, meant, edits, 0);
      packed = 0;
      let fits = true;
      for (let i = 0; i < edits.length; i++) {
        const count = edits[i]!;
        out[first + i]! += count;
        if (count > MOST_PER_TYPE) fits = false;
        packed |= count << (BITS_PER_TYPE * i);
      }
      if (fits) this.#editCounts[proposal] = packed;
      return;
    }
    for (let i = 0; packed !== 0; i++, packed >>>= BITS_PER_TYPE) out[first + i]! += packed & MOST_PER_TYPE;
  }

  /** Bytes of the columns. */
  get byteLength(): number {
    return this.#capacity * (1 + 4 + MOST_PROPOSALS * (4 + 1 + 8 + 8 + 4 + 1));
  }

  #fill(entry: number, text: string, maxEdits: number, isSparing: boolean): void {
    const { candidates } = this.#sources;
    const typed = this.#typed;
    const near = this.#near;
    for (let i = 0; i < text.length; i++) typed[i] = text.charCodeAt(i);
    const before = candidates.verified + PROBE_WORK * candidates.probes;
    near.begin(typed, text.length, text.length < MIN_SOUND_LENGTH ? MOST_PROPOSALS : MOST_NEAR);
    candidates.find(typed, text.length, maxEdits, near, isSparing ? SPARING_POSTINGS : POSTINGS_CAP);
    this.#compared = 0;
    const first = entry * MOST_PROPOSALS;
    const nearCount = near.count;
    let count = nearCount;
    let isNear = false;
    for (let i = 0; i < nearCount; i++) {
      this.ids[first + i] = near.ids[i]!;
      this.distances[first + i] = near.distances[i]!;
      this.#slipCosts[first + i] = near.slipCosts[i]!;
      this.#groupCosts[first + i] = Number.NaN;
      if (near.distances[i] === 1) isNear = true;
    }
    if (maxEdits === 2 && !isNear && text.length >= MIN_SOUND_LENGTH) {
      count = this.#addAlike(first, count, text);
    }
    this.#editCounts.fill(NOT_COUNTED, first, first + count);
    this.#markOfMarks(first, nearCount, text);
    this.#counts[entry] = count;
    const asked = candidates.verified + PROBE_WORK * candidates.probes - before;
    this.#work[entry] = asked + GROUPS_WORK * this.#compared;
    this.recent.note(entry);
  }

  #markOfMarks(first: number, count: number, text: string): void {
    const { marks, lexicon } = this.#sources;
    this.#areOfMarks.fill(0, first, first + MOST_PROPOSALS);
    if (marks === undefined) return;
    for (let i = first; i < first + count; i++) {
      const meant = lexicon.text(this.ids[i]!);
      if (markedAs(text, meant, marks) === meant) this.#areOfMarks[i] = 1;
    }
  }

  /** Adds the cheapest terms that sound like the word in `#typed` after those near it; returns how many there are then. */
  #addAlike(first: number, nearCount: number, text: string): number {
    const { soundAlikes, channel, groups, lexicon, costs } = this.#sources;
    const typed = this.#typed;
    const meant = this.#meant;
    soundAlikes.find(typed, text.length);
    const ranks = this.#ranks;
    let count = nearCount;
    for (let i = 0; i < soundAlikes.count; i++) {
      const id = soundAlikes.ids[i]!;
      const length = lexicon.codeUnits(id, meant);
      if (Math.abs(length - text.length) > MAX_SOUND_DIFFERENCE) continue;
      // Nearer ones were weighed among those near.
      const distance = boundedDistance(typed, text.length, meant, length, 2);
      if (distance <= 2 || !isProposable(lexicon, id)) continue;
      const slips = channel.editCost(typed, text.length, meant, length);
      const others = proposalCost(lexicon, costs, id) + costs.languageWeight * lexicon.unigramCost(id);
      const isFull = count === nearCount + MOST_ALIKE;
      // What its groups cost is only asked as far as it could still enter.
      const left = isFull ? ranks[count - 1]! - others : Number.POSITIVE_INFINITY;
      if (left < 0) continue;
      this.#compared++;
      const group = groups.cost(text, lexicon.text(id), slips <= left ? undefined : left + SLACK);
      const rank = Math.min(slips, group) + others;
      let at = isFull ? count - 1 : count;
      if (isFull && !precedes(rank, id, ranks[at]!, this.ids[first + at]!)) continue;
      if (!isFull) count++;
      for (; at > nearCount && precedes(rank, id, ranks[at - 1]!, this.ids[first + at - 1]!); at--) {
        this.#move(first, at - 1, at);
        this.#groupCosts[first + at] = this.#groupCosts[first + at - 1]!;
      }
      ranks[at] = rank;
      this.ids[first + at] = id;
      this.distances[first + at] = distance;
      this.#slipCosts[first + at] = slips;
      this.#groupCosts[first + at] = group;
    }
    return count;
  }

  #move(first: number, from: number, to: number): void {
    this.#ranks[to] = this.#ranks[from]!;
    this.ids[first + to] = this.ids[first + from]!;
    this.distances[first + to] = this.distances[first + from]!;
    this.#slipCosts[first + to] = this.#slipCosts[first + from]!;
  }
}
