import { type Arc, NO_PROPOSAL, type Slot } from '../decode/lattice.ts';

/** Rows remembered; a power of two. With 24 features a row they take 2 MB off the heap, and their words some 0.4 MB on it. */
const MEMO_BITS = 13;
const MEMO_SLOTS = 1 << MEMO_BITS;
/** Features of a row that is remembered: a replacement has 10 to 20 that are not 0. */
const MOST_VALUES = 24;
const EMPTY = -1;

/**
 * Remembers between queries what replacements of one word by one term say by themselves, as rows of features that are not 0:
 * people type the same words, and misspell them alike.
 *
 * Hot path: a dozen such arcs a query, 1 us each to work out. Direct-mapped by the number of the proposal; an arc must have the
 * word, its standing and the term of the row that is remembered, so what a row says is never another arc's.
 */
export class RowMemo {
  /** Of the row found or added last: its place, from which on its columns and values stand, and how many they are. */
  start: number;
  count: number;
  readonly columns: Uint16Array;
  readonly values: Float64Array;
  readonly #proposals: Int32Array;
  readonly #typedIds: Int32Array;
  readonly #ids: Int32Array;
  readonly #marks: Uint8Array;
  readonly #counts: Uint8Array;
  readonly #typed: string[];

  constructor() {
    this.start = 0;
    this.count = 0;
    this.columns = new Uint16Array(MEMO_SLOTS * MOST_VALUES);
    this.values = new Float64Array(MEMO_SLOTS * MOST_VALUES);
    this.#proposals = new Int32Array(MEMO_SLOTS).fill(EMPTY);
    this.#typedIds = new Int32Array(MEMO_SLOTS);
    this.#ids = new Int32Array(MEMO_SLOTS);
    this.#marks = new Uint8Array(MEMO_SLOTS);
    this.#counts = new Uint8Array(MEMO_SLOTS);
    this.#typed = Array.from({ length: MEMO_SLOTS }, () => '');
  }

  /** Whether the row of an arc is remembered: then `start` and `count` tell where. */
  find(arc: Arc, slot: Slot): boolean {
    if (!isOneForOne(arc, slot)) return false;
    const at = slotOf(arc);
    if (this.#proposals[at] !== arc.proposal || this.#ids[at] !== arc.ids[0]) return false;
    if (this.#typedIds[at] !== slot.id || this.#marks[at] !== marksOf(arc, slot)) return false;
    if (this.#typed[at] !== slot.token.text) return false;
    this.start = at * MOST_VALUES;
    this.count = this.#counts[at]!;
    return true;
  }

  /**
   * Remembers the row of an arc that is a proposal for one slot, unless it has more than 24 features that are not 0.
   *
   * @param features what follows from the slot and the arc, whatever stands around them
   */
  add(arc: Arc, slot: Slot, features: Float64Array): void {
    if (!isOneForOne(arc, slot)) return;
    const at = slotOf(arc);
    // Until the row is whole the place holds none.
    this.#proposals[at] = EMPTY;
    let count = 0;
    for (let i = 0; i < features.length; i++) {
      if (features[i] === 0) continue;
      if (count === MOST_VALUES) return;
      this.columns[at * MOST_VALUES + count] = i;
      this.values[at * MOST_VALUES + count] = features[i]!;
      count++;
    }
    this.#proposals[at] = arc.proposal;
    this.#ids[at] = arc.ids[0]!;
    this.#typedIds[at] = slot.id;
    this.#marks[at] = marksOf(arc, slot);
    this.#counts[at] = count;
    this.#typed[at] = slot.token.text;
  }
}

/** One term that the proposer has for one word, which no list of misspellings has. */
function isOneForOne(arc: Arc, slot: Slot): boolean {
  return (
    arc.proposal !== NO_PROPOSAL &&
    arc.kind === 'replace' &&
    arc.to === arc.from + 1 &&
    arc.ids.length === 1 &&
    slot.listed.length === 0
  );
}

/** Numbers of proposals for one word lie side by side. */
function slotOf(arc: Arc): number {
  return (arc.proposal ^ (arc.proposal >>> MEMO_BITS)) & (MEMO_SLOTS - 1);
}

/** What else the features of a replacement hang on. */
function marksOf(arc: Arc, slot: Slot): number {
  return 2 * arc.distance + (slot.known ? 1 : 0);
}
