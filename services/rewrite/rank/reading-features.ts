import { grown } from '../../../stores/bytes/grown.ts';
import { FIRST_TERM_ID, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import { MISS } from '../../../stores/store.ts';
import type { RewriteContext } from '../context.ts';
import type { Arc, Slot } from '../decode/lattice.ts';
import type { Reading } from '../decode/reading.ts';
import { type Coherence, MOST_WORDS } from '../language/coherence.ts';
import {
  addChanged,
  addKept,
  addNeighbours,
  FEATURE_COUNT,
  type FeatureSources,
  INDEX,
  isPairSeen,
  NEIGHBOUR_FEATURES,
} from './features.ts';
import { countLeft, LEFT_FEATURES } from './features-around.ts';
import { RowMemo } from './row-memo.ts';

const FIRST_LEFT = INDEX[LEFT_FEATURES[0]];
/** What the tables have room for at first: a query of five words has some thirty arcs in its readings, a dozen features each. */
const FIRST_ARCS = 64;
const FIRST_VALUES = 1024;
const NEIGHBOUR_COLUMNS = NEIGHBOUR_FEATURES.map((name) => INDEX[name]);
const NONE = -1;

/**
 * Makes the feature vectors of readings: adds up what their arcs say (`features.ts`), and what stands between these.
 *
 * Hot path: the 16 readings of a query are made of some twenty arcs. What an arc says is worked out once a query and kept as
 * the few features that are not 0, in tables that are used again for the next query; sums run in the order of the
 * arcs, so that a vector does not depend on what was read before it. One instance serves one thread.
 */
export class ReadingFeatures {
  readonly #sources: FeatureSources;
  readonly #coherence: Coherence;
  /** The query that the tables are about. */
  #context: RewriteContext | undefined;
  /** By the position at which arcs begin: the number of the first of them; then by arc: the number of the next there. */
  #heads: Int32Array;
  #nexts: Int32Array;
  readonly #arcs: Arc[];
  /** By arc: where its features begin in `#columns` and `#values`; they end where those of the next begin. */
  #starts: Int32Array;
  #columns: Uint16Array;
  #values: Float64Array;
  /** By arc: the id before it when it was last read, and whether that and its first id are a pair that was seen. */
  #befores: Int32Array;
  #seens: Uint8Array;
  /** By arc: where the vectors of its words begin in `#vectors`; they end where those of the next begin. */
  #vectorStarts: Int32Array;
  #vectors: Int32Array;
  readonly #row: Float64Array;
  readonly #memo: RowMemo;

  constructor(sources: FeatureSources, coherence: Coherence) {
    this.#sources = sources;
    this.#coherence = coherence;
    this.#context = undefined;
    this.#heads = new Int32Array(FIRST_ARCS);
    this.#nexts = new Int32Array(FIRST_ARCS);
    this.#arcs = [];
    this.#starts = new Int32Array(FIRST_ARCS + 1);
    this.#columns = new Uint16Array(FIRST_VALUES);
    this.#values = new Float64Array(FIRST_VALUES);
    this.#befores = new Int32Array(FIRST_ARCS);
    this.#seens = new Uint8Array(FIRST_ARCS);
    this.#vectorStarts = new Int32Array(FIRST_ARCS + 1);
    this.#vectors = new Int32Array(2 * FIRST_ARCS);
    this.#row = new Float64Array(FEATURE_COUNT);
    this.#memo = new RowMemo();
  }

  /** Fills `out` with the features of a reading. The slots of a context must not change between its readings. */
  read(reading: Reading, context: RewriteContext, out: Float64Array): void {
    if (context !== this.#context) this.#begin(context);
    const { arcs } = reading.path;
    const coherence = this.#coherence;
    const { rows } = coherence;
    let words = 0;
    out.fill(0);
    out[INDEX.languageCost] = reading.path.languageCost;
    if (reading.edits.length > 0) {
      out[INDEX.changed] = 1;
      countLeft(arcs, context.slots, this.#sources.lexicon, out, FIRST_LEFT);
      if (context.slots.length === 1) out[INDEX.changedAlone] = 1;
    }
    let previous = UNKNOWN_ID;
    let previousChanged = false;
    for (let a = 0; a < arcs.length; a++) {
      const arc = arcs[a]!;
      const number = this.#numberOf(arc, context);
      const { ids } = arc;
      const isChanged = arc.kind !== 'keep';
      if (ids.length > 0) {
        if (this.#isSeenAfter(previous, number)) {
          out[INDEX.pairsSeen]!++;
          if (isChanged || previousChanged) out[INDEX.pairsAround]!++;
        }
        previous = ids[ids.length - 1]!;
      }
      previousChanged = isChanged;
      const end = this.#starts[number + 1]!;
      for (let i = this.#starts[number]!; i < end; i++) out[this.#columns[i]!]! += this.#values[i]!;
      const vectorEnd = this.#vectorStarts[number + 1]!;
      for (let i = this.#vectorStarts[number]!; i < vectorEnd && words < MOST_WORDS; i++) {
        rows[words++] = this.#vectors[i]!;
      }
    }
    coherence.measure(words);
    out[INDEX.vectorWords] = coherence.words;
    out[INDEX.vectorBest] = coherence.best;
    out[INDEX.vectorMean] = coherence.mean;
  }

  #begin(context: RewriteContext): void {
    this.#context = context;
    this.#arcs.length = 0;
    const positions = context.slots.length;
    if (positions > this.#heads.length) this.#heads = new Int32Array(2 * positions);
    this.#heads.fill(NONE, 0, positions);
  }

  /** The number of an arc, by which its features are found. */
  #numberOf(arc: Arc, context: RewriteContext): number {
    let number = this.#heads[arc.from]!;
    while (number !== NONE && this.#arcs[number] !== arc) number = this.#nexts[number]!;
    return number === NONE ? this.#add(arc, context) : number;
  }

  #add(arc: Arc, context: RewriteContext): number {
    const number = this.#arcs.length;
    if (number === this.#nexts.length) this.#growArcs();
    this.#arcs.push(arc);
    this.#nexts[number] = this.#heads[arc.from]!;
    this.#heads[arc.from] = number;
    this.#befores[number] = NONE;
    let at = this.#starts[number]!;
    if (at + FEATURE_COUNT + 3 * arc.ids.length > this.#values.length) this.#growValues(arc.ids.length);
    at = this.#putOwn(arc, context.slots, at);
    const { ids } = arc;
    let vector = this.#vectorStarts[number]!;
    if (vector + ids.length > this.#vectors.length) {
      this.#vectors = grown(this.#vectors, new Int32Array(2 * this.#vectors.length + ids.length));
    }
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      const row = this.#coherence.rowOf(id);
      if (row !== MISS) this.#vectors[vector++] = row;
      if (id >= FIRST_TERM_ID) at = this.#put(INDEX.unigramCost, this.#sources.lexicon.unigramCost(id), at);
      // Only what was changed holds several terms.
      if (i === 0 || !isPairSeen(ids[i - 1]!, id, this.#sources)) continue;
      at = this.#put(INDEX.pairsSeen, 1, at);
      at = this.#put(INDEX.pairsAround, 1, at);
    }
    this.#starts[number + 1] = at;
    this.#vectorStarts[number + 1] = vector;
    return number;
  }

  /** Notes what the arc says by itself and by its neighbours, and answers where the notes end. */
  #putOwn(arc: Arc, slots: readonly Slot[], start: number): number {
    const features = this.#row.fill(0);
    const slot = slots[arc.from]!;
    if (arc.kind === 'keep') {
      addKept(slot, this.#sources, features);
      return this.#putAll(features, start);
    }
    const memo = this.#memo;
    if (!memo.find(arc, slot)) {
      addChanged(arc, slots, this.#sources, features);
      memo.add(arc, slot, features);
      addNeighbours(arc, slots, this.#sources, features);
      return this.#putAll(features, start);
    }
    let at = start;
    for (let i = memo.start; i < memo.start + memo.count; i++) at = this.#put(memo.columns[i]!, memo.values[i]!, at);
    addNeighbours(arc, slots, this.#sources, features);
    for (let i = 0; i < NEIGHBOUR_COLUMNS.length; i++) {
      const column = NEIGHBOUR_COLUMNS[i]!;
      if (features[column] !== 0) at = this.#put(column, features[column]!, at);
    }
    return at;
  }

  #putAll(features: Float64Array, start: number): number {
    let at = start;
    for (let i = 0; i < FEATURE_COUNT; i++) if (features[i] !== 0) at = this.#put(i, features[i]!, at);
    return at;
  }

  /** Notes a feature of the arc that is being added, apart from what was noted of it: sums go term by term. */
  #put(column: number, value: number, at: number): number {
    this.#columns[at] = column;
    this.#values[at] = value;
    return at + 1;
  }

  #isSeenAfter(before: number, number: number): boolean {
    if (this.#befores[number] !== before) {
      this.#befores[number] = before;
      this.#seens[number] = isPairSeen(before, this.#arcs[number]!.ids[0]!, this.#sources) ? 1 : 0;
    }
    return this.#seens[number] === 1;
  }

  #growArcs(): void {
    const room = 2 * this.#nexts.length;
    this.#nexts = grown(this.#nexts, new Int32Array(room));
    this.#starts = grown(this.#starts, new Int32Array(room + 1));
    this.#vectorStarts = grown(this.#vectorStarts, new Int32Array(room + 1));
    this.#befores = grown(this.#befores, new Int32Array(room));
    this.#seens = grown(this.#seens, new Uint8Array(room));
  }

  #growValues(terms: number): void {
    const room = 2 * this.#values.length + FEATURE_COUNT + 3 * terms;
    this.#columns = grown(this.#columns, new Uint16Array(room));
    this.#values = grown(this.#values, new Float64Array(room));
  }
}
