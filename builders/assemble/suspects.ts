/** Which terms of the vocabulary are likely misspellings of words that a dictionary holds. */

import type { GroupChannel } from '../../stores/channel/group-channel.ts';
import { GROUP_COST_WEIGHT, slipOdds } from '../../stores/channel/slip-odds.ts';
import { TermFlag } from '../../stores/lexicon/format.ts';
import type { DeletionIndex } from '../deletes/deletions.ts';
import { isWithinOneEdit } from '../deletes/one-edit.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * Log-odds from which a term is suspect. In the bundled dataset 17,000 terms are, and of the misspellings on lists that
 * had no part in it 88 %; at -4.2 they are 13,500 and 86 %, at -5 they are 23,000 and 92 %.
 */
const SUSPECT_ABOVE = -4.5;
/** Shorter terms have neighbours by chance. */
const MIN_LENGTH = 4;
/** Shorter ones are not looked for two edits away. */
const FAR_MIN_LENGTH = 7;
/** Rarer words have few misspellings; -ln P. Of those two edits away alone: there are too many of them. */
const FAR_MOST_COST = 13;
/** The other word must be commoner by so many nats. */
const LEAST_GAIN = 1;
/** One edit, and two, hardly ever cost less: 99 of a hundred slips cost more. */
const LEAST_NEAR_COST = 1.2;
const LEAST_FAR_COST = 3.4;
/** Pairs weighed last, a power of two: long words that begin alike meet under each of their 29 hashes. */
const WEIGHED_SLOTS = 1 << 20;

/** Terms of a vocabulary as {@link SuspectFinder} weighs them. */
export type WeighedTerms = Pick<Vocabulary, 'texts' | 'flags' | 'probabilities'>;

/**
 * Finds the terms that commoner words of a dictionary explain as slips among those that deletion indexes bring together: one
 * edit away over whole terms by `deletes1`, two edits within their first seven letters for long terms beside common words by
 * `deletes2`. About 3 s for half a million terms. Which are found does not depend on the order of the looks.
 */
export class SuspectFinder {
  /** 1 for each id found. */
  readonly #found: Uint8Array;
  readonly #isFar: boolean;
  readonly #texts: readonly string[];
  readonly #flags: Uint8Array;
  readonly #channel: GroupChannel;
  readonly #costs: Float64Array;
  /** What each id can be: see {@link Role}. */
  readonly #roles: Uint8Array;
  /** The letters of each term; empty where they are not compared. */
  readonly #letters: Uint32Array;
  /** Pairs weighed last: empty where a pair meets once. */
  readonly #weighed: Float64Array;
  /** The ids of one look that have a role. */
  #some: Uint32Array;

  /** @param index whose terms it will be shown */
  constructor(index: DeletionIndex, { texts, flags, probabilities }: WeighedTerms, channel: GroupChannel) {
    this.#isFar = index === 'deletes2';
    this.#found = new Uint8Array(texts.length);
    this.#texts = texts;
    this.#flags = flags;
    this.#channel = channel;
    this.#costs = Float64Array.from(probabilities, (p) => -Math.log(p));
    this.#roles = Uint8Array.from(texts, (text, id) => this.#roleOf(text, id));
    this.#letters = this.#isFar ? Uint32Array.from(texts, letterSet) : new Uint32Array(0);
    this.#weighed = new Float64Array(this.#isFar ? WEIGHED_SLOTS : 0);
    this.#some = new Uint32Array(1024);
  }

  /** Weighs the pairs of the terms under one hash. Ascending ids are falling probabilities: those before are the commoner ones. */
  look(ids: Uint32Array, count: number): void {
    if (count > this.#some.length) this.#some = new Uint32Array(2 * count);
    const some = this.#some;
    let length = 0;
    let lastDoubtable = 0;
    for (let i = 0; i < count; i++) {
      const role = this.#roles[ids[i]!]!;
      if (role === Role.none) continue;
      if (role === Role.doubtable) lastDoubtable = length;
      some[length++] = ids[i]!;
    }
    for (let later = 1; later <= lastDoubtable; later++) {
      const id = some[later]!;
      if (this.#roles[id] === Role.doubtable && this.#found[id] === 0) this.#weighAll(id, later);
    }
  }

  /** The ids found so far, ascending. */
  found(): Uint32Array {
    const ids = new Uint32Array(this.#found.reduce((sum, found) => sum + found, 0));
    let at = 0;
    this.#found.forEach((found, id) => {
      if (found === 1) ids[at++] = id;
    });
    return ids;
  }

  #roleOf(text: string, id: number): number {
    const flags = this.#flags[id]!;
    if ((flags & TermFlag.variant) !== 0) return Role.none;
    if ((flags & TermFlag.dictionary) !== 0) {
      return this.#isFar && this.#costs[id]! >= FAR_MOST_COST ? Role.none : Role.certain;
    }
    const least = this.#isFar ? FAR_MIN_LENGTH : MIN_LENGTH;
    return (flags & TermFlag.suspect) === 0 && text.length >= least ? Role.doubtable : Role.none;
  }

  /** Weighs a term against those before it, until one explains it. */
  #weighAll(id: number, later: number): void {
    const some = this.#some;
    for (let earlier = 0; earlier < later; earlier++) {
      const other = some[earlier]!;
      if (this.#roles[other] !== Role.certain || !this.#isNearEnough(id, other)) continue;
      if (!this.#isSlip(id, other)) continue;
      this.#found[id] = 1;
      return;
    }
  }

  #isNearEnough(id: number, other: number): boolean {
    const [text, meant] = [this.#texts[id]!, this.#texts[other]!];
    if (!this.#isFar) return isWithinOneEdit(text, meant);
    return this.#areTwoEditsPossible(id, other) && !this.#isWeighed(id, other) && !isWithinOneEdit(text, meant);
  }

  #isSlip(id: number, other: number): boolean {
    const gain = this.#costs[id]! - this.#costs[other]!;
    if (gain < LEAST_GAIN) return false;
    const isName = (this.#flags[id]! & TermFlag.name) !== 0;
    const isFar = this.#isFar;
    const slip = {
      gain,
      groupCost: 0,
      isFar,
      isName,
      length: this.#texts[id]!.length,
      meantCost: this.#costs[other]!,
    };
    // What the slip may cost: most pairs could be none whatever the letters.
    const most = (slipOdds(slip) - SUSPECT_ABOVE) / GROUP_COST_WEIGHT;
    if (most < (isFar ? LEAST_FAR_COST : LEAST_NEAR_COST)) return false;
    return this.#channel.cost(this.#texts[id]!, this.#texts[other]!, most) <= most;
  }

  #areTwoEditsPossible(a: number, b: number): boolean {
    if (Math.abs(this.#texts[a]!.length - this.#texts[b]!.length) > 2) return false;
    const [ofA, ofB] = [this.#letters[a]!, this.#letters[b]!];
    return bitCount(ofA & ~ofB) <= 2 && bitCount(ofB & ~ofA) <= 2;
  }

  #isWeighed(id: number, other: number): boolean {
    const pair = id * this.#texts.length + other;
    const slot = (Math.imul(id, 0x9e3779b1) ^ Math.imul(other, 0x85ebca6b)) & (WEIGHED_SLOTS - 1);
    if (this.#weighed[slot] === pair) return true;
    this.#weighed[slot] = pair;
    return false;
  }
}

/** What a term can be in a pair: the word that is meant, or what is suspected to be a slip for it. */
const Role = Object.freeze({ none: 0, certain: 1, doubtable: 2 });

const LETTER_A = 0x61;
const LETTERS = 26;

/** A bit for each letter from a to z. */
function letterSet(text: string): number {
  let set = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i) - LETTER_A;
    if (letter >= 0 && letter < LETTERS) set |= 1 << letter;
  }
  return set;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
