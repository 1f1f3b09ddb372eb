import { grown } from '../../../stores/bytes/grown.ts';
import { END_ID, START_ID, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
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
  /** By state at the end of the query: what ending there adds to the language cost. */
  endCosts: Float64Array;
  /** By step: the language cost of the arc's terms, and the state that it leads to. */
  languageCosts: Float64Array;
  targets: Int32Array;
  /** By step: the least that it and all steps after it cost. */
  totals: Float64Array;
  languageWeight: number;
  #stepCount: number;
  /** By position: its first arc among all, its first state, and whether an arc passes over it. */
  firstArcs: Int32Array;
  #firstStates: Int32Array;
  isPassedOver: Uint8Array;
  /** By arc, in the order of positions: the arc; what it costs by itself, where it ends, its last term but one or -1. */
  arcs: Arc[];
  owns: Float64Array;
  ends: Int32Array;
  termsBefore: Int32Array;
  /** By arc: its first term; what the second of two costs after the first; where it leads whatever stands before it, if known. */
  #firstTerms: Int32Array;
  #innerCosts: Float64Array;
  #targets: Int32Array;
  /** By arc, of the state that is worked on: what its first term costs there, and whether triples continue the two. */
  #firstCosts: Float64Array;
  #continued: Uint8Array;

  constructor() {
    this.befores = new Int32Array(FIRST_STATES);
    this.lasts = new Int32Array(FIRST_STATES);
    this.firstSteps = new Int32Array(FIRST_STATES);
    this.rests = new Float64Array(FIRST_STATES);
    this.#nextStates = new Int32Array(FIRST_STATES);
    this.stateCount = 0;
    this.endCosts = new Float64Array(FIRST_STATES);
    this.languageCosts = new Float64Array(FIRST_STEPS);
    this.targets = new Int32Array(FIRST_STEPS);
    this.totals = new Float64Array(FIRST_STEPS);
    this.languageWeight = 1;
    this.#stepCount = 0;
    this.firstArcs = new Int32Array(FIRST_ARCS);
    this.#firstStates = new Int32Array(FIRST_ARCS);
    this.isPassedOver = new Uint8Array(FIRST_ARCS);
    this.arcs = [];
    this.owns = new Float64Array(FIRST_ARCS);
    this.ends = new Int32Array(FIRST_ARCS);
    this.termsBefore = new Int32Array(FIRST_ARCS);
    this.#firstTerms = new Int32Array(FIRST_ARCS);
    this.#innerCosts = new Float64Array(FIRST_ARCS);
    this.#targets = new Int32Array(FIRST_ARCS);
    this.#firstCosts = new Float64Array(FIRST_ARCS);
    this.#continued = new Uint8Array(FIRST_ARCS);
  }

  /** Makes the graph of a lattice. State 0 is its start. Every arc has a term at least. */
  build(lattice: Lattice, scorer: Scorer, languageWeight: number): void {
    const length = lattice.arcs.length;
    this.languageWeight = languageWeight;
    this.#begin(lattice, length, scorer);
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

  #begin(lattice: Lattice, length: number, scorer: Scorer): void {
    this.stateCount = 0;
    this.#stepCount = 0;
    if (this.firstArcs.length < length + 2) {
      this.firstArcs = new Int32Array(2 * length);
      this.#firstStates = new Int32Array(2 * length);
      this.isPassedOver = new Uint8Array(2 * length);
    }
    this.#firstStates.fill(NONE, 0, length + 1);
    this.isPassedOver.fill(0, 0, length + 1);
    this.arcs.length = 0;
    for (let at = 0; at < length; at++) {
      this.firstArcs[at] = this.arcs.length;
      const leaving = lattice.arcs[at]!;
      for (let i = 0; i < leaving.length; i++) this.#addArc(leaving[i]!, at, scorer);
    }
    this.firstArcs[length] = this.arcs.length;
  }

  /** Puts into columns what is asked of an arc by every state: arcs are objects of several shapes. */
  #addArc(arc: Arc, at: number, scorer: Scorer): void {
    const index = this.arcs.length;
    if (index === this.owns.length) this.#growArcs();
    const { ids, to } = arc;
    this.arcs.push(arc);
    // One of the two is 0.
    this.owns[index] = arc.channelCost + arc.unknownCost;
    this.ends[index] = to;
    this.termsBefore[index] = ids.length > 1 ? ids[ids.length - 2]! : NO_TERM;
    this.#firstTerms[index] = ids[0]!;
    this.#innerCosts[index] = ids.length === 2 ? termCost(scorer, NO_TERM, ids[0]!, ids[1]!) : 0;
    this.#targets[index] = NONE;
    for (let over = at + 1; over < to; over++) this.isPassedOver[over] = 1;
  }

  #addSteps(at: number, scorer: Scorer): void {
    const firstArc = this.firstArcs[at]!;
    const endArc = this.firstArcs[at + 1]!;
    const { ends, termsBefore } = this;
    const firstTerms = this.#firstTerms;
    const firstCosts = this.#firstCosts;
    const continued = this.#continued;
    for (let state = this.#firstStates[at]!; state !== NONE; state = this.#nextStates[state]!) {
      let step = this.#stepCount;
      this.#stepCount += endArc - firstArc;
      if (this.#stepCount > this.targets.length) this.#growSteps();
      const { languageCosts, targets } = this;
      this.firstSteps[state] = step;
      const last = this.lasts[state]!;
      scorer.costsAfter(this.befores[state]!, last, firstTerms, firstArc, endArc, firstCosts, continued);
      for (let index = firstArc; index < endArc; index++, step++) {
        const goesOn = continued[index] === 1;
        if (termsBefore[index] === NO_TERM) {
          languageCosts[step] = firstCosts[index]!;
          targets[step] = goesOn
            ? this.#stateAt(ends[index]!, last, firstTerms[index]!)
            : this.#targetOf(index, scorer);
        } else {
          languageCosts[step] = this.#costOfTerms(index, goesOn ? last : NO_TERM, scorer);
          targets[step] = this.#targetOf(index, scorer);
        }
      }
    }
  }

  /** What an arc's terms cost; `before` stands before the first of them, or is -1 where that tells nothing of the second. */
  #costOfTerms(index: number, before: number, scorer: Scorer): number {
    const { ids } = this.arcs[index]!;
    let cost = this.#firstCosts[index]!;
    if (ids.length === 2 && before === NO_TERM) return cost + this.#innerCosts[index]!;
    for (let i = 1; i < ids.length; i++) cost += termCost(scorer, i === 1 ? before : ids[i - 2]!, ids[i - 1]!, ids[i]!);
    return cost;
  }

  /** Where an arc leads, whatever stands before it. */
  #targetOf(index: number, scorer: Scorer): number {
    const known = this.#targets[index]!;
    if (known !== NONE) return known;
    const { ids, to } = this.arcs[index]!;
    const last = ids[ids.length - 1]!;
    const before = this.termsBefore[index]!;
    const goesOn = before !== NO_TERM && before !== UNKNOWN_ID && last !== UNKNOWN_ID && scorer.continues(before, last);
    const target = this.#stateAt(to, goesOn ? before : NO_TERM, last);
    this.#targets[index] = target;
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
    const { befores, lasts, endCosts, rests } = this;
    this.#firstTerms[0] = END_ID;
    for (let state = this.#firstStates[length]!; state !== NONE; state = this.#nextStates[state]!) {
      scorer.costsAfter(befores[state]!, lasts[state]!, this.#firstTerms, 0, 1, this.#firstCosts, this.#continued);
      endCosts[state] = this.#firstCosts[0]!;
      rests[state] = this.languageWeight * endCosts[state]!;
    }
  }

  #addRests(at: number): void {
    const { languageCosts, targets, totals, rests, owns, languageWeight } = this;
    const firstArc = this.firstArcs[at]!;
    const endArc = this.firstArcs[at + 1]!;
    for (let state = this.#firstStates[at]!; state !== NONE; state = this.#nextStates[state]!) {
      let step = this.firstSteps[state]!;
      let least = Number.POSITIVE_INFINITY;
      for (let index = firstArc; index < endArc; index++, step++) {
        const total = owns[index]! + languageWeight * languageCosts[step]! + rests[targets[step]!]!;
        totals[step] = total;
        if (total < least) least = total;
      }
      rests[state] = least;
    }
  }

  #growArcs(): void {
    const room = 2 * this.owns.length;
    this.owns = grown(this.owns, new Float64Array(room));
    this.ends = grown(this.ends, new Int32Array(room));
    this.termsBefore = grown(this.termsBefore, new Int32Array(room));
    this.#firstTerms = grown(this.#firstTerms, new Int32Array(room));
    this.#innerCosts = grown(this.#innerCosts, new Float64Array(room));
    this.#targets = grown(this.#targets, new Int32Array(room));
    this.#firstCosts = new Float64Array(room);
    this.#continued = new Uint8Array(room);
  }

  #growStates(): void {
    const room = 2 * this.lasts.length;
    this.befores = grown(this.befores, new Int32Array(room));
    this.lasts = grown(this.lasts, new Int32Array(room));
    this.firstSteps = grown(this.firstSteps, new Int32Array(room));
    this.rests = grown(this.rests, new Float64Array(room));
    this.#nextStates = grown(this.#nextStates, new Int32Array(room));
    this.endCosts = grown(this.endCosts, new Float64Array(room));
  }

  #growSteps(): void {
    const room = 2 * this.#stepCount;
    this.languageCosts = grown(this.languageCosts, new Float64Array(room));
    this.targets = grown(this.targets, new Int32Array(room));
    this.totals = grown(this.totals, new Float64Array(room));
  }
}
