import { readFileSync } from 'node:fs';
import { unreadable } from '../errors.ts';
import { decodeChannel, EDGE, type GroupCost, MAX_GROUP, UNSEEN_COST } from './format.ts';

/** Letters kept on each side of where two words differ: context for groups. */
const CONTEXT = MAX_GROUP - 1;
/** Longest words compared, edges and all; longer ones are cut. */
const MAX_UNITS = 64;
const ASCII = 0x80;
const EDGE_UNIT = EDGE.charCodeAt(0);
const WIDTH = MAX_UNITS + 1;
/** Groups that begin at one letter, by their length: 0 to `MAX_GROUP`. */
const GROUPS = MAX_GROUP + 1;
/** No group of this length begins here: the stretch ends before, or the training never saw the letters together. */
const NO_GROUP = 0x7fffffff;
/** A few times the distinct groups of either side, a power of two. */
const SEEN_SLOTS = 1 << 14;

/**
 * -ln P(typed | meant) by trained groups of letters. The words' shared beginning and end cost nothing and are cut off but
 * for two letters of context, so the work depends on how far they differ, not on their length.
 *
 * Hot path: some dozen pairs of words a query, each a few hundred look-ups of groups. A group is packed into 24 bits and
 * looked up in flat arrays: 4 times as fast as maps of strings.
 */
export class GroupChannel {
  /** Open addressing: packed groups plus 1 (0: free), their costs beside. */
  readonly #meant: Uint32Array;
  readonly #typed: Uint32Array;
  readonly #costs: Float64Array;
  readonly #mask: number;
  /** Whether a group, by a hash of it, was trained on either side at all: most were not, and nothing is looked up for them. */
  readonly #meantSeen: Uint8Array;
  readonly #typedSeen: Uint8Array;
  readonly #table: Float64Array;
  readonly #typedUnits: Uint16Array;
  readonly #meantUnits: Uint16Array;
  /** The packed groups of the current stretches, `GROUPS` a letter. */
  readonly #typedCodes: Int32Array;
  readonly #meantCodes: Int32Array;

  /** Groups beyond ASCII are left out: letters beyond it cost what the training never saw. */
  constructor(costs: readonly GroupCost[]) {
    const slots = 2 ** Math.ceil(Math.log2(2 * costs.length + 2));
    this.#mask = slots - 1;
    this.#meant = new Uint32Array(slots);
    this.#typed = new Uint32Array(slots);
    this.#costs = new Float64Array(slots);
    this.#meantSeen = new Uint8Array(SEEN_SLOTS);
    this.#typedSeen = new Uint8Array(SEEN_SLOTS);
    this.#table = new Float64Array(WIDTH * WIDTH);
    this.#typedUnits = new Uint16Array(MAX_UNITS);
    this.#meantUnits = new Uint16Array(MAX_UNITS);
    this.#typedCodes = new Int32Array(WIDTH * GROUPS);
    this.#meantCodes = new Int32Array(WIDTH * GROUPS);
    for (const { meant, typed, cost } of costs) {
      const meantCode = pack(meant);
      const typedCode = pack(typed);
      if (meantCode < 0 || typedCode < 0) continue;
      const slot = this.#slotOf(meantCode, typedCode);
      this.#meant[slot] = meantCode + 1;
      this.#typed[slot] = typedCode;
      this.#costs[slot] = cost;
      this.#meantSeen[seenSlot(meantCode)] = 1;
      this.#typedSeen[seenSlot(typedCode)] = 1;
    }
  }

  /**
   * The cost of the cheapest way to cut both words into groups, in nats. Where it is above `most`, what is returned is above
   * `most` too, and takes less work.
   */
  cost(typedWord: string, meantWord: string, most = Number.POSITIVE_INFINITY): number {
    const typed = this.#typedUnits;
    const meant = this.#meantUnits;
    const typedLength = withEdges(typedWord, typed);
    const meantLength = withEdges(meantWord, meant);
    const shorter = Math.min(typedLength, meantLength);
    let start = 0;
    while (start < shorter && typed[start] === meant[start]) start++;
    if (start === typedLength && start === meantLength) return 0;
    let end = 0;
    while (end < shorter - start && typed[typedLength - 1 - end] === meant[meantLength - 1 - end]) end++;
    const from = Math.max(0, start - CONTEXT);
    const cut = Math.max(0, end - CONTEXT);
    const bound = Math.min(most, this.#plainCost(start, typedLength - end, meantLength - end));
    return this.#cheapest(from, typedLength - cut, meantLength - cut, bound);
  }

  /** What it costs letter for letter, the rest of the longer stretch left out or put in: no less than the cheapest. */
  #plainCost(from: number, typedEnd: number, meantEnd: number): number {
    const typed = this.#typedUnits;
    const meant = this.#meantUnits;
    let cost = 0;
    for (let i = 0; from + i < typedEnd || from + i < meantEnd; i++) {
      const t = from + i < typedEnd ? 1 : 0;
      const m = from + i < meantEnd ? 1 : 0;
      const typedCode = t === 1 ? append(0, typed[from + i]!) : 0;
      const meantCode = m === 1 ? append(0, meant[from + i]!) : 0;
      cost += this.#groupCost(meantCode, typedCode, m, t);
    }
    return cost;
  }

  /**
   * Dynamic programming over the stretches `[from, typedEnd)` and `[from, meantEnd)`. What costs more than `bound` by itself
   * is not followed: most of the table.
   */
  #cheapest(from: number, typedEnd: number, meantEnd: number, bound: number): number {
    const table = this.#table;
    const rows = typedEnd - from;
    const columns = meantEnd - from;
    const typedCodes = this.#typedCodes;
    const meantCodes = this.#meantCodes;
    groupsOf(this.#typedUnits, from, rows, this.#typedSeen, typedCodes);
    groupsOf(this.#meantUnits, from, columns, this.#meantSeen, meantCodes);
    for (let i = 0; i <= rows; i++) {
      for (let j = 0; j <= columns; j++) table[i * WIDTH + j] = Number.POSITIVE_INFINITY;
    }
    table[0] = 0;
    for (let i = 0; i <= rows; i++) {
      for (let j = 0; j <= columns; j++) {
        const here = table[i * WIDTH + j]!;
        if (here > bound) continue;
        for (let m = 0; m <= MAX_GROUP; m++) {
          const meantCode = meantCodes[j * GROUPS + m]!;
          if (meantCode === NO_GROUP) continue;
          for (let t = m === 0 ? 1 : 0; t <= MAX_GROUP; t++) {
            const typedCode = typedCodes[i * GROUPS + t]!;
            if (typedCode === NO_GROUP) continue;
            const cost = here + this.#groupCost(meantCode, typedCode, m, t);
            const at = (i + t) * WIDTH + j + m;
            if (cost < table[at]!) table[at] = cost;
          }
        }
      }
    }
    return table[rows * WIDTH + columns]!;
  }

  #groupCost(meantCode: number, typedCode: number, m: number, t: number): number {
    if (m === 1 && t === 1 && meantCode === typedCode) return 0;
    if (meantCode >= 0 && typedCode >= 0) {
      const slot = this.#slotOf(meantCode, typedCode);
      if (this.#meant[slot] !== 0) return this.#costs[slot]!;
    }
    return t <= 1 && m <= 1 ? UNSEEN_COST : Number.POSITIVE_INFINITY;
  }

  /** Where a pair of groups stands, or the free slot where it would. */
  #slotOf(meantCode: number, typedCode: number): number {
    let slot = (Math.imul(meantCode, 0x9e3779b1) ^ Math.imul(typedCode + 1, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & this.#mask;
    while (this.#meant[slot] !== 0 && (this.#meant[slot] !== meantCode + 1 || this.#typed[slot] !== typedCode)) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }
}

/** Adds a letter to a packed group; letters beyond ASCII make it a negative number that no trained group has. */
function append(code: number, unit: number): number {
  if (code < 0 || unit >= ASCII) return -1 - unit;
  return (code << 8) | unit;
}

/**
 * Packs the groups that begin at each of the `count` letters from `from` on, and at the end. Single letters are possible
 * whether the training saw them or not.
 */
function groupsOf(units: Uint16Array, from: number, count: number, seen: Uint8Array, out: Int32Array): void {
  for (let i = 0; i <= count; i++) {
    let code = 0;
    out[i * GROUPS] = 0;
    for (let n = 1; n <= MAX_GROUP; n++) {
      let isPossible = i + n <= count;
      if (isPossible) {
        code = append(code, units[from + i + n - 1]!);
        isPossible = n === 1 || (code >= 0 && seen[seenSlot(code)] === 1);
      }
      out[i * GROUPS + n] = isPossible ? code : NO_GROUP;
    }
  }
}

/** The place of a group among `SEEN_SLOTS`. */
function seenSlot(code: number): number {
  return Math.imul(code, 0x9e3779b1) >>> 18;
}

function pack(group: string): number {
  let code = 0;
  for (let i = 0; i < group.length; i++) code = append(code, group.charCodeAt(i));
  return code;
}

/** Writes a word between two edges; returns its length with them. */
function withEdges(word: string, out: Uint16Array): number {
  const length = Math.min(word.length, MAX_UNITS - 2);
  out[0] = EDGE_UNIT;
  for (let i = 0; i < length; i++) out[i + 1] = word.charCodeAt(i);
  out[length + 1] = EDGE_UNIT;
  return length + 2;
}

/**
 * Reads an error model's file.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO`, or as `decodeChannel`
 */
export function readChannel(path: string): GroupCost[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, 'reading the error model', cause);
  }
  return decodeChannel(text, path);
}
