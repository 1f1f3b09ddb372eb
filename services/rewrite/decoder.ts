import { END_ID, START_ID, UNKNOWN_ID } from '../../stores/lexicon/format.ts';
import type { Arc, Lattice } from './lattice.ts';

/** A whole reading of the query. */
export interface Path {
  readonly arcs: readonly Arc[];
  /** Channel, unknown-word and weighted language-model cost together, in nats. */
  readonly cost: number;
  readonly languageCost: number;
}

/** What scores words in their context: the n-gram model, or words alone. Costs in nats. */
export interface Scorer {
  unigramCost(id: number): number;
  pairCost(first: number, second: number): number;
  tripleCost(first: number, second: number, third: number): number;
}

interface Hypothesis {
  readonly cost: number;
  readonly languageCost: number;
  /** The last two ids: all that the language model looks at. `before` is -1 at the start. */
  readonly before: number;
  readonly last: number;
  readonly arc: Arc | undefined;
  readonly previous: Hypothesis | undefined;
}

const START: Hypothesis = {
  cost: 0,
  languageCost: 0,
  before: -1,
  last: START_ID,
  arc: undefined,
  previous: undefined,
};

/** Hypotheses kept at each position, and among them those that end in the same two terms. */
const BEAM = 48;
const PER_STATE = 6;

/**
 * The `count` cheapest readings of the lattice, cheapest first, by dynamic programming over positions with a beam.
 *
 * Exact while no position holds more than 48 hypotheses, or 6 that end in the same two terms.
 */
export function decode(lattice: Lattice, scorer: Scorer, languageWeight: number, count: number): Path[] {
  const length = lattice.arcs.length;
  const agenda: Hypothesis[][] = Array.from({ length: length + 1 }, () => []);
  agenda[0]!.push(START);
  for (let at = 0; at < length; at++) {
    const hypotheses = prune(agenda[at]!);
    for (const arc of lattice.arcs[at]!) {
      for (const hypothesis of hypotheses) {
        agenda[arc.to]!.push(extend(hypothesis, arc, scorer, languageWeight));
      }
    }
  }
  const finished = agenda[length]!.map((hypothesis) => finish(hypothesis, scorer, languageWeight));
  finished.sort((a, b) => a.cost - b.cost);
  return finished.slice(0, count).map(toPath);
}

/** The reading that keeps every token: its arcs come first at each position. */
export function keepPath(lattice: Lattice, scorer: Scorer, languageWeight: number): Path {
  return pathOver(
    lattice.arcs.map((arcs) => arcs[0]!),
    scorer,
    languageWeight,
  );
}

/** The reading that some arcs make, one after the other from the first token to the last. */
export function pathOver(arcs: readonly Arc[], scorer: Scorer, languageWeight: number): Path {
  let hypothesis = START;
  for (const arc of arcs) hypothesis = extend(hypothesis, arc, scorer, languageWeight);
  return toPath(finish(hypothesis, scorer, languageWeight));
}

function extend(from: Hypothesis, arc: Arc, scorer: Scorer, languageWeight: number): Hypothesis {
  let { before, last } = from;
  let added = 0;
  for (const id of arc.ids) {
    added += termCost(scorer, before, last, id);
    before = last;
    last = id;
  }
  return {
    cost: from.cost + arc.channelCost + arc.unknownCost + languageWeight * added,
    languageCost: from.languageCost + added,
    before,
    last,
    arc,
    previous: from,
  };
}

/** An unknown word costs what its arc says; what follows one knows nothing of it. */
function termCost(scorer: Scorer, before: number, last: number, id: number): number {
  if (id === UNKNOWN_ID) return 0;
  if (last === UNKNOWN_ID) return scorer.unigramCost(id);
  return before === UNKNOWN_ID ? scorer.pairCost(last, id) : scorer.tripleCost(before, last, id);
}

function finish(hypothesis: Hypothesis, scorer: Scorer, languageWeight: number): Hypothesis {
  const added = termCost(scorer, hypothesis.before, hypothesis.last, END_ID);
  return {
    ...hypothesis,
    cost: hypothesis.cost + languageWeight * added,
    languageCost: hypothesis.languageCost + added,
  };
}

function prune(hypotheses: Hypothesis[]): Hypothesis[] {
  if (hypotheses.length <= 1) return hypotheses;
  hypotheses.sort((a, b) => a.cost - b.cost);
  const states = new Map<number, number>();
  const kept: Hypothesis[] = [];
  for (const hypothesis of hypotheses) {
    const state = (hypothesis.before + 1) * 2 ** 24 + hypothesis.last;
    const seen = states.get(state) ?? 0;
    if (seen >= PER_STATE) continue;
    states.set(state, seen + 1);
    kept.push(hypothesis);
    if (kept.length === BEAM) break;
  }
  return kept;
}

function toPath(hypothesis: Hypothesis): Path {
  const arcs: Arc[] = [];
  for (let at: Hypothesis | undefined = hypothesis; at?.arc !== undefined; at = at.previous) arcs.push(at.arc);
  arcs.reverse();
  return { arcs, cost: hypothesis.cost, languageCost: hypothesis.languageCost };
}
