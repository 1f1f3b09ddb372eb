/** The text that somebody wanted, laid beside a query and its lattice. All is compared by terms: case and signs do not matter. */
import { tokeniseDocument } from '../../../stores/text/tokenise.ts';
import { type Arc, isTerm, type Lattice, type Slot } from '../decode/lattice.ts';

/** The terms of a text. */
export function termsIn(text: string): string[] {
  return tokeniseDocument(text).map((token) => token.text);
}

/** Slots `from` to `to` and wanted terms `first` to `end` (both exclusive) that differ; one of the two may be empty. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly end: number;
}

/**
 * The row of arcs that reads as the wanted terms, of several the one whose slips cost least; undefined if there is none.
 * O(slots x terms x arcs).
 */
export function arcsReading(
  lattice: Lattice,
  slots: readonly Slot[],
  wanted: readonly string[],
  stretch: Stretch = { from: 0, to: lattice.arcs.length, first: 0, end: wanted.length },
): Arc[] | undefined {
  const { from, to, first, end } = stretch;
  const width = end - first + 1;
  const costs = new Float64Array((to - from + 1) * width).fill(Number.POSITIVE_INFINITY);
  const steps: (Arc | undefined)[] = new Array(costs.length);
  costs[0] = 0;
  for (let at = from; at < to; at++) {
    for (const arc of lattice.arcs[at]!) {
      if (arc.to > to) continue;
      const read = termsOf(arc, slots);
      for (let term = first; term + read.length <= end; term++) {
        const cost = costs[(at - from) * width + term - first]!;
        if (cost === Number.POSITIVE_INFINITY || read.some((text, i) => text !== wanted[term + i])) continue;
        const cell = (arc.to - from) * width + term + read.length - first;
        const sum = cost + arc.channelCost + arc.unknownCost;
        if (sum >= costs[cell]!) continue;
        costs[cell] = sum;
        steps[cell] = arc;
      }
    }
  }
  if (costs.at(-1) === Number.POSITIVE_INFINITY) return undefined;
  const row: Arc[] = [];
  for (let at = to, term = end; at > from; ) {
    const arc = steps[(at - from) * width + term - first]!;
    row.unshift(arc);
    at = arc.from;
    term -= termsOf(arc, slots).length;
  }
  return row;
}

/** The terms that an arc reads: those of its text in the form of terms, none for a sign. */
function termsOf(arc: Arc, slots: readonly Slot[]): string[] {
  return arc.kind === 'keep' && !isTerm(slots[arc.from]!) ? [] : termsIn(arc.text);
}

/** Where the typed terms and the wanted ones differ: what lies between the terms of their longest common row. */
export function stretches(slots: readonly Slot[], wanted: readonly string[]): Stretch[] {
  const typed = slots.map((slot) => (isTerm(slot) ? slot.token.text : ''));
  const width = wanted.length + 1;
  const lengths = new Uint16Array((typed.length + 1) * width);
  for (let i = typed.length - 1; i >= 0; i--) {
    for (let k = wanted.length - 1; k >= 0; k--) {
      const skip = Math.max(lengths[(i + 1) * width + k]!, lengths[i * width + k + 1]!);
      lengths[i * width + k] = typed[i] === wanted[k] ? lengths[(i + 1) * width + k + 1]! + 1 : skip;
    }
  }
  const found: Stretch[] = [];
  let from = 0;
  let first = 0;
  const close = (to: number, end: number) => {
    const isChanged = typed.slice(from, to).some((text) => text !== '') || end > first;
    if (isChanged) found.push({ from, to, first, end });
  };
  let i = 0;
  let k = 0;
  while (i < typed.length && k < wanted.length) {
    if (typed[i] === wanted[k]) {
      close(i, k);
      from = ++i;
      first = ++k;
    } else if (lengths[(i + 1) * width + k]! >= lengths[i * width + k + 1]!) i++;
    else k++;
  }
  close(typed.length, wanted.length);
  return found;
}
