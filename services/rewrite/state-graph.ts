import { END_ID, START_ID, UNKNOWN_ID } from '../../stores/lexicon/format.ts';
import type { Arc, Lattice } from './lattice.ts';
import { type Scorer, termCost } from './scorer.ts';

/** Room at first, for states, steps and arcs: queries of a few words never need more. */
const FIRST_STATES = 256;
const FIRST_STEPS = 4096;
const FIRST_ARCS = 256;

/** Stands for a term before the last one that the model takes no account of. */
const NO_TERM = -1;
const NONE = -1;

/**
 * The lattice as the language model sees it. A **state** is a position with the terms before it that tell what costs what:
 * the last one, and the one before where triples continue the two. A **step** is a state with an arc that leaves it, and
 * what the arc's terms cost there. From each state the least that all further steps can cost is known, so that a search
 * need not follow what comes to nothing.
 *
 * Hot path: some 40 states and 450 steps in a query of three words. All lies in columns that are used again: a graph
 * is done with before the next is built.
 */
export class StateGraph {
  /** By state: the terms before it (`before` is -1 where it does not matter), and its first step; one an arc follows. */
  befores: Int32Array;
  lasts: Int32Array;
  firstSteps: Int32Array;
  /** By state: the least that the steps from it to the end cost, in nats; its position's successor in the list of states. */
  rests: Float64Array;
  #nextStates: Int32Array;
  stateCount: number;
  /** By state at the end: what ending there adds to the language cost. */
  ends: Float64Array;
  /** By step: the language cost of the arc's terms, and the state that it leads to. */
  languageCosts: Float64Array;
  targets: Int32Array;
  /** By step: the least that it and all steps after it cost. */
  totals: Float64Array;
  languageWeight: number;
  #stepCount: number;
  /** By position: its first arc among all, and its first state. */
  firstArcs: Int32Array;
  #firstStates: Int32Array;
  /** By arc, in the order of positions. */
  arcs: Arc[];
  /** By arc: where it leads when its end does not depend on what stands before it, as soon as something leads there. */
  #arcTargets: Int32Array;
  /** By arc at the position that is worked on: its first term, what that costs after a state, and whether triples go on. */
  #firstTerms: Int32Array;
  #firstCosts: Float64Array;
  #goesOn: Uint8Array;

  constructor() {
    this.befores = new Int32Array(FIRST_STATES);
    this.lasts = new Int32Array(FIRST_STATES);
    this.firstSteps = new Int32Array(FIRST_STATES);
    this.rests = new Float64Array(FIRST_STATES);
    this.#nextStates = new Int32Array(FIRST_STATES);
    this.stateCount = 0;
    this.ends = new Float64Array(FIRST_STATES);
    this.languageCosts = new Float64Array(FIRST_STEPS);
    this.targets = new Int32Array(FIRST_STEPS);
    this.totals = new Float64Array(FIRST_STEPS);
    this.languageWeight = 1;
    this.#stepCount = 0;
    this.firstArcs = new Int32Array(FIRST_ARCS);
    this.#firstStates = new Int32Array(FIRST_ARCS);
    this.arcs = [];
    this.#arcTargets = new Int32Array(FIRST_ARCS);
    this.#firstTerms = new Int32Array(FIRST_ARCS);
    this.#firstCosts = new Float64Array(FIRST_ARCS);
    this.#goesOn = new Uint8Array(FIRST_ARCS);
  }

  /** Makes the graph of a lattice. State 0 is its start. Every arc has a term at least. */
  build(lattice: Lattice, scorer: Scorer, languageWeight: number): void {
    const length = lattice.arcs.length;
    this.languageWeight = languageWeight;
    this.#begin(lattice, length);
    this.#stateAt(0, NO_TERM, START_ID);
    for (let at = 0; at < length; at++) this.#addSteps(at, scorer);
    this.#addEnds(length, scorer);
    for (let at = length - 1; at >= 0; at--) this.#addRests(at);
  }

  /** The step from a state that leads to the end for the least cost, or -1 where none leads there. */
  cheapestStep(state: number, at: number): number {
    const least = this.rests[state]!;
    if (least === Number.POSITIVE_INFINITY) return NONE;
    const { totals } = this;
    let step = this.firstSteps[state]!;
    for (const end = step + this.firstArcs[at + 1]! - this.firstArcs[at]! - 1; step < end; step++) {
      if (totals[step] === least) break;
    }
    return step;
  }

  /** The next step of the state by its cost to the end, of equals by its place, or -1 where it is the last that leads there. */
  stepAfter(state: number, at: number, step: number): number {
    const { totals } = this;
    const passed = totals[step]!;
    const first = this.firstSteps[state]!;
    const end = first + this.firstArcs[at + 1]! - this.firstArcs[at]!;
    let least = Number.POSITIVE_INFINITY;
    let next = NONE;
    for (let other = first; other < end; other++) {
      const total = totals[other]!;
      if (total < least && (total > passed || (total === passed && other > step))) {
        least = total;
        next = other;
      }
    }
    return next;
  }

  /** Forgets the lattice's arcs. */
  clear(): void {
    this.arcs.length = 0;
  }

  #begin(lattice: Lattice, length: number): void {
    this.stateCount = 0;
    this.#stepCount = 0;
    if (this.firstArcs.length < length + 2) {
      this.firstArcs = new Int32Array(2 * length);
      this.#firstStates = new Int32Array(2 * length);
    }
    const { arcs } = this;
    arcs.length = 0;
    for (let at = 0; at < length; at++) {
      this.firstArcs[at] = arcs.length;
      const leaving = lattice.arcs[at]!;
      for (let i = 0; i < leaving.length; i++) arcs.push(leaving[i]!);
    }
    this.firstArcs[length] = arcs.length;
    if (this.#arcTargets.length < arcs.length) {
      this.#arcTargets = new Int32Array(2 * arcs.length);
      this.#firstTerms = new Int32Array(2 * arcs.length);
      this.#firstCosts = new Float64Array(2 * arcs.length);
      this.#goesOn = new Uint8Array(2 * arcs.length);
    }
    this.#arcTargets.fill(NONE, 0, arcs.length);
    this.#firstStates.fill(NONE, 0, length + 1);
  }

  #addSteps(at: number, scorer: Scorer): void {
    const firstArc = this.firstArcs[at]!;
    const arcCount = this.firstArcs[at + 1]! - firstArc;
    const firstTerms = this.#firstTerms;
    for (let i = 0; i < arcCount; i++) firstTerms[i] = this.arcs[firstArc + i]!.ids[0]!;
    for (let state = this.#firstStates[at]!; state !== NONE; state = this.#nextStates[state]!) {
      const firstStep = this.#stepCount;
      this.#stepCount += arcCount;
      if (this.#stepCount > this.targets.length) this.#growSteps();
      this.firstSteps[state] = firstStep;
      const last = this.lasts[state]!;
      scorer.costsAfter(this.befores[state]!, last, firstTerms, arcCount, this.#firstCosts, this.#goesOn);
      for (let i = 0; i < arcCount; i++) {
        const arc = this.arcs[firstArc + i]!;
        const goesOn = this.#goesOn[i]! === 1;
        let cost = this.#firstCosts[i]!;
        if (arc.ids.length > 1) cost = innerCost(cost, arc.ids, goesOn ? last : NO_TERM, scorer);
        this.languageCosts[firstStep + i] = cost;
        this.targets[firstStep + i] =
          goesOn && arc.ids.length === 1
            ? this.#stateAt(arc.to, last, firstTerms[i]!)
            : this.#targetOf(firstArc + i, scorer);
      }
    }
  }

  /** Where an arc leads, whatever stands before it. */
  #targetOf(index: number, scorer: Scorer): number {
    const known = this.#arcTargets[index]!;
    if (known !== NONE) return known;
    const { ids, to } = this.arcs[index]!;
    const last = ids[ids.length - 1]!;
    const before = ids.length > 1 ? ids[ids.length - 2]! : UNKNOWN_ID;
    const goesOn = before !== UNKNOWN_ID && last !== UNKNOWN_ID && scorer.continues(before, last);
    const target = this.#stateAt(to, goesOn ? before : NO_TERM, last);
    this.#arcTargets[index] = target;
    return target;
  }

  /** The state at a position after these terms, made where there is none yet. */
  #stateAt(at: number, before: number, last: number): number {
    for (let state = this.#firstStates[at]!; state !== NONE; state = this.#nextStates[state]!) {
      if (this.lasts[state] === last && this.befores[state] === before) return state;
    }
    const state = this.stateCount++;
    if (state === this.lasts.length) this.#growStates();
    this.befores[state] = before;
    this.lasts[state] = last;
    this.#nextStates[state] = this.#firstStates[at]!;
    this.#firstStates[at] = state;
    return state;
  }

  #addEnds(length: number, scorer: Scorer): void {
    this.#firstTerms[0] = END_ID;
    for (let state = this.#firstStates[length]!; state !== NONE; state = this.#nextStates[state]!) {
      const { befores, lasts, ends, rests } = this;
      scorer.costsAfter(befores[state]!, lasts[state]!, this.#firstTerms, 1, this.#firstCosts, this.#goesOn);
      ends[state] = this.#firstCosts[0]!;
      rests[state] = this.languageWeight * ends[state]!;
    }
  }

  #addRests(at: number): void {
    const { languageCosts, targets, totals, rests, arcs, languageWeight } = this;
    const firstArc = this.firstArcs[at]!;
    const arcCount = this.firstArcs[at + 1]! - firstArc;
    for (let state = this.#firstStates[at]!; state !== NONE; state = this.#nextStates[state]!) {
      const firstStep = this.firstSteps[state]!;
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < arcCount; i++) {
        const arc = arcs[firstArc + i]!;
        const own = arc.channelCost + arc.unknownCost + languageWeight * languageCosts[firstStep + i]!;
        const total = own + rests[targets[firstStep + i]!]!;
        totals[firstStep + i] = total;
        if (total < least) least = total;
      }
      rests[state] = least;
    }
  }

  #growStates(): void {
    const room = 2 * this.lasts.length;
    this.befores = copied(this.befores, new Int32Array(room));
    this.lasts = copied(this.lasts, new Int32Array(room));
    this.firstSteps = copied(this.firstSteps, new Int32Array(room));
    this.rests = copied(this.rests, new Float64Array(room));
    this.#nextStates = copied(this.#nextStates, new Int32Array(room));
    this.ends = copied(this.ends, new Float64Array(room));
  }

  #growSteps(): void {
    const room = 2 * this.#stepCount;
    this.languageCosts = copied(this.languageCosts, new Float64Array(room));
    this.targets = copied(this.targets, new Int32Array(room));
    this.totals = copied(this.totals, new Float64Array(room));
  }
}

/** Adds to what an arc's first term costs what its others do; `before` is the term before the arc, where that counts. */
function innerCost(firstCost: number, ids: readonly number[], before: number, scorer: Scorer): number {
  let cost = firstCost;
  for (let i = 1; i < ids.length; i++) cost += termCost(scorer, i === 1 ? before : ids[i - 2]!, ids[i - 1]!, ids[i]!);
  return cost;
}

/** `to`, which begins with what `from` holds. */
export function copied<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
