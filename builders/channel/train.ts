/**
 * Learns what people type in place of what they mean, from pairs of a misspelling and its correction: groups of up to three
 * letters for groups of up to three, after Brill & Moore, "An improved error model for noisy channel spelling correction"
 * (ACL 2000). Each pair is aligned by its cheapest edits; each edit counts alone and together with its neighbours, and
 * P(typed group | meant group) is the share of the meant group's occurrences that came out so.
 */

import { EDGE, type GroupCost, MAX_GROUP, UNSEEN_COST } from '../../stores/channel/format.ts';

/** A misspelling and what was meant, normalised. */
export interface TrainingPair {
  readonly typed: string;
  readonly meant: string;
  /** How often it counts: 1 by default. Less where it is not sure that it is a misspelling. */
  readonly weight?: number;
}

/** One step of an alignment: at most one letter on each side. */
interface Step {
  readonly typed: string;
  readonly meant: string;
}

/** Groups seen less often than this are left out: they are chance. */
const LEAST_COUNT = 4;
/** Pairs further apart than this are no slips of the pen. */
const MOST_EDITS = 3;
/** Longer words are no words. */
const MOST_LETTERS = 30;

/** Groups of letters in pairs: how often each was meant, and how often it came out as another. */
export class GroupCounts {
  /** By `meant<TAB>typed`. */
  readonly changes = new Map<string, number>();
  /** By group meant, whether it came out right or not. */
  readonly occurrences = new Map<string, number>();

  /** Adds a pair, unless its words are equal or more than three edits apart. */
  add({ typed, meant, weight = 1 }: TrainingPair): void {
    if (typed === meant || typed.length > MOST_LETTERS || meant.length > MOST_LETTERS) return;
    const steps = align(typed, meant);
    if (steps === undefined) return;
    countGroups(steps, weight, this.changes);
    countOccurrences(EDGE + meant + EDGE, weight, this.occurrences);
  }
}

/** Trains the group costs from nothing. Pairs that are equal, or more than three edits apart, are left out. */
export function trainChannel(pairs: Iterable<TrainingPair>): GroupCost[] {
  const counts = countPairs(pairs);
  const costs: GroupCost[] = [];
  for (const [key, count] of counts.changes) {
    if (count < LEAST_COUNT) continue;
    const [meant, typed] = splitKey(key);
    const seen = counts.occurrences.get(meant) ?? 0;
    if (seen === 0) continue;
    costs.push({ meant, typed, cost: -Math.log(Math.min(1, count / (seen + 1))) });
  }
  return inOrder(costs);
}

/**
 * What pairs say on top of an error model that is there: each group's costs are the mean of both, the model counting as
 * `PRIOR_OCCURRENCES` of the group. So a dozen pairs change little, and some thousands have their way.
 */
export function adaptChannel(base: readonly GroupCost[], pairs: Iterable<TrainingPair>): GroupCost[] {
  const { changes, occurrences } = countPairs(pairs);
  const before = new Map(base.map(({ meant, typed, cost }) => [`${meant}\t${typed}`, Math.exp(-cost)]));
  const costs: GroupCost[] = [];
  for (const key of new Set([...before.keys(), ...changes.keys()])) {
    const [meant, typed] = splitKey(key);
    const count = changes.get(key) ?? 0;
    const isSingle = meant.length <= 1 && typed.length <= 1;
    const prior = before.get(key) ?? (isSingle ? Math.exp(-UNSEEN_COST) : 0);
    if (prior === 0 && count < LEAST_ADAPTED) continue;
    const seen = occurrences.get(meant) ?? 0;
    const p = (count + PRIOR_OCCURRENCES * prior) / (seen + PRIOR_OCCURRENCES);
    costs.push({ meant, typed, cost: -Math.log(Math.min(1, p)) });
  }
  return inOrder(costs);
}

/** How many occurrences of a group the model that was there counts as. */
export const PRIOR_OCCURRENCES = 50;
/** Groups of several letters that are new are chance when seen less often. */
const LEAST_ADAPTED = 2;

function countPairs(pairs: Iterable<TrainingPair>): GroupCounts {
  const counts = new GroupCounts();
  for (const pair of pairs) counts.add(pair);
  return counts;
}

function splitKey(key: string): [meant: string, typed: string] {
  const tab = key.indexOf('\t');
  return [key.slice(0, tab), key.slice(tab + 1)];
}

function inOrder(costs: GroupCost[]): GroupCost[] {
  return costs.sort((a, b) => (a.meant < b.meant ? -1 : a.meant > b.meant ? 1 : a.typed < b.typed ? -1 : 1));
}

/** Letters put in, left out or typed for another between two words; infinite beyond three. */
export function editsBetween(typed: string, meant: string): number {
  const steps = align(typed, meant);
  return steps === undefined ? Number.POSITIVE_INFINITY : steps.filter((step) => step.typed !== step.meant).length;
}

/** The cheapest alignment, word edges among the letters; undefined where the words are too far apart. */
function align(typedWord: string, meantWord: string): Step[] | undefined {
  const typed = EDGE + typedWord + EDGE;
  const meant = EDGE + meantWord + EDGE;
  const width = meant.length + 1;
  const table = new Float64Array((typed.length + 1) * width).fill(Number.POSITIVE_INFINITY);
  table[0] = 0;
  for (let i = 0; i <= typed.length; i++) {
    for (let j = 0; j <= meant.length; j++) {
      const at = i * width + j;
      if (i > 0) table[at] = Math.min(table[at]!, table[at - width]! + 1);
      if (j > 0) table[at] = Math.min(table[at]!, table[at - 1]! + 1);
      if (i > 0 && j > 0) table[at] = Math.min(table[at]!, table[at - width - 1]! + substitution(typed, i, meant, j));
    }
  }
  if (table[table.length - 1]! > MOST_EDITS) return undefined;
  const steps: Step[] = [];
  let i = typed.length;
  let j = meant.length;
  while (i > 0 || j > 0) {
    const cost = table[i * width + j]!;
    if (i > 0 && j > 0 && cost === table[(i - 1) * width + j - 1]! + substitution(typed, i, meant, j)) {
      steps.push({ typed: typed[--i]!, meant: meant[--j]! });
    } else if (i > 0 && cost === table[(i - 1) * width + j]! + 1) {
      steps.push({ typed: typed[--i]!, meant: '' });
    } else {
      steps.push({ typed: '', meant: meant[--j]! });
    }
  }
  return steps.reverse();
}

function substitution(typed: string, i: number, meant: string, j: number): number {
  return typed[i - 1] === meant[j - 1] ? 0 : 1;
}

/** Each window of steps that holds an edit and fits the group sizes counts; windows of one edit share its weight. */
function countGroups(steps: readonly Step[], weight: number, counts: Map<string, number>): void {
  for (let from = 0; from < steps.length; from++) {
    let typed = '';
    let meant = '';
    let edits = 0;
    for (let to = from; to < steps.length; to++) {
      const step = steps[to]!;
      typed += step.typed;
      meant += step.meant;
      if (typed.length > MAX_GROUP || meant.length > MAX_GROUP) break;
      if (step.typed !== step.meant) edits++;
      if (edits === 0 || typed === meant) continue;
      const key = `${meant}\t${typed}`;
      counts.set(key, (counts.get(key) ?? 0) + weight);
    }
  }
}

function countOccurrences(word: string, weight: number, occurrences: Map<string, number>): void {
  for (let from = 0; from <= word.length; from++) {
    for (let to = from; to <= Math.min(word.length, from + MAX_GROUP); to++) {
      const group = word.slice(from, to);
      occurrences.set(group, (occurrences.get(group) ?? 0) + weight);
    }
  }
}
