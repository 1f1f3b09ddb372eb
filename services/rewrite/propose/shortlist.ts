import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { isProposable } from '../language/vocabulary.ts';
import type { CandidateSink } from './candidates.ts';
import type { Channel } from './channel.ts';
import { type ProposalCosts, proposalCost } from './costs.ts';

/** Sums in another order differ in their last bits. */
export const SLACK = 1e-9;

/** What a shortlist ranks terms by. */
export interface ShortlistSources {
  readonly channel: Channel;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
}

/**
 * The cheapest terms near a typed word, by error model, standing and frequency together; of equals the commoner.
 *
 * Hot path: it tells the finder from which rank of frequency on no term can enter any more, which spares it half the postings
 * of an unknown word.
 */
export class Shortlist implements CandidateSink {
  readonly #sources: ShortlistSources;
  /** No edit costs less. */
  readonly #leastEdit: number;
  #typed: Uint16Array;
  #typedLength: number;
  #hasApostrophe: boolean;
  #most: number;
  readonly lastWanted: Uint32Array;
  /** The terms, cheapest first, in `[0, count)`. */
  count: number;
  readonly ids: Uint32Array;
  readonly distances: Uint8Array;
  readonly slipCosts: Float64Array;
  readonly #ranks: Float64Array;

  /** @param room terms that it has room for */
  constructor(sources: ShortlistSources, room: number) {
    this.#sources = sources;
    const p = sources.costs;
    const all = [p.substitution, p.adjacentKey, p.vowelForVowel, p.insertion, p.deletion, p.doubledLetter];
    this.#leastEdit = Math.max(0, Math.min(...all, p.transposition));
    this.#typed = new Uint16Array(0);
    this.#typedLength = 0;
    this.#hasApostrophe = false;
    this.#most = room;
    this.lastWanted = new Uint32Array(LARGEST_DISTANCE + 1);
    this.count = 0;
    this.ids = new Uint32Array(room);
    this.distances = new Uint8Array(room);
    this.slipCosts = new Float64Array(room);
    this.#ranks = new Float64Array(room);
  }

  /** Begins with another word, `typed[0, length)`, of which the `most` cheapest terms are kept. */
  begin(typed: Uint16Array, length: number, most: number): void {
    this.#typed = typed;
    this.#typedLength = length;
    this.#hasApostrophe = typed.indexOf(APOSTROPHE) >= 0 && typed.indexOf(APOSTROPHE) < length;
    this.#most = most;
    this.count = 0;
    this.lastWanted.fill(ANY_ID);
  }

  take(id: number, distance: number, meant: Uint16Array, meantLength: number): void {
    const { channel, lexicon, costs } = this.#sources;
    if (!isProposable(lexicon, id)) return;
    const standing = proposalCost(lexicon, costs, id);
    const wordCost = costs.languageWeight * lexicon.unigramCost(id);
    const last = this.#most - 1;
    const isFull = this.count > last;
    if (isFull && distance * this.#leastEdit + standing + wordCost > this.#ranks[last]! + SLACK) return;
    const typed = this.#typed;
    if (!this.#hasApostrophe && equalButApostrophes(typed, this.#typedLength, meant, meantLength)) return;
    const slips = channel.editCost(typed, this.#typedLength, meant, meantLength);
    const rank = slips + standing + wordCost;
    let at = this.count;
    if (isFull) {
      if (!precedes(rank, id, this.#ranks[last]!, this.ids[last]!)) return;
      at = last;
    } else {
      this.count++;
    }
    for (; at > 0 && precedes(rank, id, this.#ranks[at - 1]!, this.ids[at - 1]!); at--) this.#move(at - 1, at);
    this.#ranks[at] = rank;
    this.ids[at] = id;
    this.distances[at] = distance;
    this.slipCosts[at] = slips;
    if (this.count > last) this.#narrow(this.#ranks[last]!);
  }

  /** Nothing that costs more than `worst` is wanted any more. */
  #narrow(worst: number): void {
    const { lexicon, costs } = this.#sources;
    for (let distance = 1; distance <= LARGEST_DISTANCE; distance++) {
      const left = worst + SLACK - distance * this.#leastEdit;
      this.lastWanted[distance] = lexicon.lastWithin(left / costs.languageWeight);
    }
  }

  #move(from: number, to: number): void {
    this.#ranks[to] = this.#ranks[from]!;
    this.ids[to] = this.ids[from]!;
    this.distances[to] = this.distances[from]!;
    this.slipCosts[to] = this.slipCosts[from]!;
  }
}

/** Of the terms that the deletion indexes reach. */
const LARGEST_DISTANCE = 2;
const ANY_ID = 0xffffffff;

/** Whether a term comes before another: the cheaper, of equals the commoner. */
export function precedes(rank: number, id: number, otherRank: number, otherId: number): boolean {
  return rank < otherRank || (rank === otherRank && id < otherId);
}

const APOSTROPHE = 0x27;

/** Whether two words differ in apostrophes alone: one typed without is accepted for one with, which is what its variant is for. */
function equalButApostrophes(a: Uint16Array, aLength: number, b: Uint16Array, bLength: number): boolean {
  let i = 0;
  let j = 0;
  for (;;) {
    while (i < aLength && a[i] === APOSTROPHE) i++;
    while (j < bLength && b[j] === APOSTROPHE) j++;
    if (i === aLength || j === bLength) return i === aLength && j === bLength;
    if (a[i++] !== b[j++]) return false;
  }
}
