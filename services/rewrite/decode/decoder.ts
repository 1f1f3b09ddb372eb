import { grown } from '../../../stores/bytes/grown.ts';
import { END_ID, START_ID } from '../../../stores/lexicon/format.ts';
import type { Arc, Lattice } from './lattice.ts';
import { OpenSteps } from './open-steps.ts';
import { type Scorer, termCost } from './scorer.ts';
import { StateGraph } from './state-graph.ts';

/** A whole reading of the query. */
export interface Path {
  readonly arcs: readonly Arc[];
  /** Channel, unknown-word and weighted language-model cost together, in nats. */
  readonly cost: number;
  readonly languageCost: number;
}

/** Paths followed on from each position, and among them those that end in the same two terms. */
const BEAM = 48;
const PER_STATE = 6;
/** Longer queries share so many positions' worth of paths between theirs, down to the narrowest beam. */
const WIDE_POSITIONS = 32;
const NARROWEST_BEAM = 12;
/** Sums in another order differ in their last bits. */
const SLACK = 1e-9;
const NONE = -1;

/** All of the call that is under way: a call ends before the next begins. */
const graph = new StateGraph();
const open = new OpenSteps();

/** Paths from the start, in columns: what each costs, its state, its last term but one, its last arc, and the path before it. */
const FIRST_PATHS = 1024;
let costs = new Float64Array(FIRST_PATHS);
let languageCosts = new Float64Array(FIRST_PATHS);
let states = new Int32Array(FIRST_PATHS);
let befores = new Int32Array(FIRST_PATHS);
let arcs = new Int32Array(FIRST_PATHS);
let previous = new Int32Array(FIRST_PATHS);
let pathCount = 0;

/** By position: how many paths were followed on from it, and in a row of `BEAM` each the paths. */
let followedCounts = new Int32Array(0);
let followed = new Int32Array(0);
/** Paths that end before this position lead nowhere: as many as may be were followed on from it. */
let closed = 0;

/**
 * The `count` cheapest readings of the lattice, cheapest first, without those that cost over `within` nats more than the cheapest.
 *
 * A best-first search that knows what each state costs to the end (`StateGraph`): each step that it takes from the open ones
 * begins a reading, which follows at once by the cheapest steps, and of those that it passed by only the next cheapest is
 * opened. Of paths that end in the same two terms at the same position only the 6 cheapest are followed: they differ in
 * earlier words alone, and readings that differ elsewhere are wanted too. Exact but for that, while no more than 48 paths
 * go through a position; beyond 32 positions fewer may, down to 12: 2 in 1,000 queries have more than 20 words, and no
 * person's have 128.
 *
 * Hot path: some 20 readings are begun and 60 steps taken in a query of three words.
 */
export function decode(
  lattice: Lattice,
  scorer: Scorer,
  languageWeight: number,
  count: number,
  within = Number.POSITIVE_INFINITY,
): Path[] {
  const length = lattice.arcs.length;
  if (length === 0) return [];
  graph.build(lattice, scorer, languageWeight);
  begin(length);
  const beam = Math.max(NARROWEST_BEAM, Math.min(BEAM, Math.floor((BEAM * WIDE_POSITIONS) / length)));
  const found: number[] = [];
  // Those that cost as much as the last one wanted are found too, for the order among equals to decide.
  let most = Number.POSITIVE_INFINITY;
  while (open.take() && open.cost <= most) {
    const path = read(open.path, open.step, length, beam);
    if (path === NONE) continue;
    costs[path]! += graph.rests[states[path]!]!;
    languageCosts[path]! += graph.endCosts[states[path]!]!;
    found.push(path);
    if (found.length === 1) most = costs[path]! + within + SLACK;
    if (found.length === count) most = costs[path]! + SLACK;
  }
  found.sort(inOrder);
  if (found.length > count) found.length = count;
  const paths = found.map(toPath);
  graph.clear();
  return paths;
}

function begin(length: number): void {
  if (followedCounts.length < length) {
    followedCounts = new Int32Array(2 * length);
    followed = new Int32Array(2 * length * BEAM);
  }
  followedCounts.fill(0, 0, length);
  pathCount = 0;
  closed = 0;
  open.clear();
  const step = graph.cheapestStep(0, 0);
  if (step !== NONE) open.add(graph.rests[0]!, addPath(0, 0, 0, NONE, NONE), step);
}

/** Takes a step after a path, then the cheapest ones to the end: the path there, or `NONE` where it may not be followed. */
function read(from: number, firstStep: number, length: number, beam: number): number {
  let path = from;
  let step = firstStep;
  let at = arcs[path] === NONE ? 0 : graph.ends[arcs[path]!]!;
  if (at < closed) return NONE;
  for (;;) {
    const state = states[path]!;
    const passedBy = graph.stepAfter(state, at, step);
    if (passedBy !== NONE) open.add(costs[path]! + graph.totals[passedBy]!, path, passedBy);
    path = takeStep(path, at, step);
    at = graph.ends[arcs[path]!]!;
    if (at === length) return path;
    if (!mayFollow(path, at, beam)) return NONE;
    step = graph.cheapestStep(states[path]!, at);
  }
}

/** The path that is one step longer. */
function takeStep(path: number, at: number, step: number): number {
  const state = states[path]!;
  const arc = graph.firstArcs[at]! + step - graph.firstSteps[state]!;
  const added = graph.languageCosts[step]!;
  const longer = addPath(
    costs[path]! + graph.owns[arc]! + graph.languageWeight * added,
    languageCosts[path]! + added,
    graph.targets[step]!,
    arc,
    path,
  );
  const before = graph.termsBefore[arc]!;
  befores[longer] = before === NONE ? graph.lasts[state]! : before;
  return longer;
}

function addPath(cost: number, languageCost: number, state: number, arc: number, from: number): number {
  if (pathCount === costs.length) growPaths();
  costs[pathCount] = cost;
  languageCosts[pathCount] = languageCost;
  states[pathCount] = state;
  arcs[pathCount] = arc;
  previous[pathCount] = from;
  return pathCount++;
}

/** Whether a path is among those to be followed on, which it then counts to. They come cheapest first. */
function mayFollow(path: number, at: number, beam: number): boolean {
  const count = followedCounts[at]!;
  if (count === beam) return false;
  const row = at * BEAM;
  const last = graph.lasts[states[path]!]!;
  const before = befores[path]!;
  let same = 0;
  for (let i = row; i < row + count; i++) {
    const other = followed[i]!;
    if (befores[other] === before && graph.lasts[states[other]!] === last && ++same === PER_STATE) return false;
  }
  followed[row + count] = path;
  followedCounts[at] = count + 1;
  // Nothing that has yet to come here can be followed.
  if (count + 1 === beam && graph.isPassedOver[at] === 0) closed = Math.max(closed, at);
  return true;
}

/** The cheaper of two paths to the end; of equals the one whose last arc comes first, then whose part before it is cheaper. */
function inOrder(a: number, b: number): number {
  let [x, y] = [a, b];
  while (x !== y) {
    const difference = costs[x]! - costs[y]!;
    if (difference !== 0) return difference;
    if (arcs[x] !== arcs[y]) return arcs[x]! - arcs[y]!;
    x = previous[x]!;
    y = previous[y]!;
  }
  return 0;
}

function toPath(end: number): Path {
  const ofPath: Arc[] = [];
  for (let path = end; arcs[path] !== NONE; path = previous[path]!) ofPath.push(graph.arcs[arcs[path]!]!);
  return { arcs: ofPath.reverse(), cost: costs[end]!, languageCost: languageCosts[end]! };
}

function growPaths(): void {
  const room = 2 * costs.length;
  costs = grown(costs, new Float64Array(room));
  languageCosts = grown(languageCosts, new Float64Array(room));
  states = grown(states, new Int32Array(room));
  befores = grown(befores, new Int32Array(room));
  arcs = grown(arcs, new Int32Array(room));
  previous = grown(previous, new Int32Array(room));
}

/** The reading that keeps every token: its arcs come first at each position. */
export function keepPath(lattice: Lattice, scorer: Scorer, languageWeight: number): Path {
  return pathOver(
    lattice.arcs.map((leaving) => leaving[0]!),
    scorer,
    languageWeight,
  );
}

/** The reading that some arcs make, one after the other from the first token to the last. */
export function pathOver(row: readonly Arc[], scorer: Scorer, languageWeight: number): Path {
  let cost = 0;
  let languageCost = 0;
  let before = -1;
  let last = START_ID;
  for (const arc of row) {
    let added = 0;
    for (const id of arc.ids) {
      added += termCost(scorer, before, last, id);
      before = last;
      last = id;
    }
    cost = cost + arc.channelCost + arc.unknownCost + languageWeight * added;
    languageCost += added;
  }
  const ending = termCost(scorer, before, last, END_ID);
  return { arcs: row, cost: cost + languageWeight * ending, languageCost: languageCost + ending };
}
