/**
 * Learns what people type in place of what they mean, from pairs of a misspelling and its correction: groups of up to three
 * letters for groups of up to three, after Brill & Moore, "An improved error model for noisy channel spelling correction"
 * (ACL 2000). Each pair is aligned by its cheapest edits; each edit counts alone and together with its neighbours, and
 * P(typed group | meant group) is the share of the meant group's occurrences that came out so.
 */

import { EDGE, type GroupCost, MAX_GROUP } from '../../stores/channel/format.ts';

/** A misspelling and what was meant, normalised. */
export interface TrainingPair {
  readonly typed: string;
  readonly meant: string;
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

/** Trains the group costs. Pairs that are equal, or more than three edits apart, are left out. */
export function trainChannel(pairs: readonly TrainingPair[]): GroupCost[] {
  const counts = new Map<string, number>();
  const occurrences = new Map<string, number>();
  for (const pair of pairs) {
    if (pair.typed === pair.meant || pair.typed.length > 30 || pair.meant.length > 30) continue;
    const steps = align(pair.typed, pair.meant);
    if (steps === undefined) continue;
    countGroups(steps, counts);
    countOccurrences(EDGE + pair.meant + EDGE, occurrences);
  }
  const costs: GroupCost[] = [];
  for (const [key, count] of counts) {
    if (count < LEAST_COUNT) continue;
    const [meant, typed] = key.split('\t') as [string, string];
    const seen = occurrences.get(meant) ?? 0;
    if (seen === 0) continue;
    costs.push({ meant, typed, cost: -Math.log(Math.min(1, count / (seen + 1))) });
  }
  return costs.sort((a, b) => (a.meant < b.meant ? -1 : a.meant > b.meant ? 1 : a.typed < b.typed ? -1 : 1));
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
function countGroups(steps: readonly Step[], counts: Map<string, number>): void {
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
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
}

function countOccurrences(word: string, occurrences: Map<string, number>): void {
  for (let from = 0; from <= word.length; from++) {
    for (let to = from; to <= Math.min(word.length, from + MAX_GROUP); to++) {
      const group = word.slice(from, to);
      occurrences.set(group, (occurrences.get(group) ?? 0) + 1);
    }
  }
}
