/** Whether a lattice can be read as a given text at all: what the decoder could have found, had it ranked it first. */
import { inCaseOf } from '../../../stores/text/case-pattern.ts';
import type { Lattice, Slot } from './lattice.ts';

/** A query as the pipeline has laid it out. */
export interface LaidOut {
  readonly query: string;
  readonly slots: readonly Slot[];
  readonly lattice: Lattice;
}

/**
 * Whether some path through the lattice reads as one of `wanted`, given in `form`; the query as it was typed is one.
 *
 * @param form how texts are compared: applied to pieces, so it must treat the parts of a text as it treats the whole, but
 *   for white space at their ends
 */
export function latticeReads(context: LaidOut, wanted: readonly string[], form: (text: string) => string): boolean {
  return wanted.some((right) => readsAs(context, right, form));
}

function readsAs(context: LaidOut, right: string, form: (text: string) => string): boolean {
  const { query, slots, lattice } = context;
  const count = lattice.arcs.length;
  if (count === 0) return form(query) === right;
  /** How far into `right` paths have come that end before a slot: distinct offsets. */
  const reached: Set<number>[] = Array.from({ length: count + 1 }, () => new Set());
  reached[0]!.add(matched(right, 0, form(query.slice(0, slots[0]!.token.start))));
  for (let at = 0; at < count; at++) {
    for (const offset of reached[at]!) {
      if (offset < 0) continue;
      for (const arc of lattice.arcs[at]!) {
        const from = query.slice(slots[arc.from]!.token.start, slots[arc.to - 1]!.token.end);
        const text = arc.kind === 'keep' ? from : inCaseOf(from, arc.text);
        let end = matched(right, offset, form(text));
        // What stands before the next token, up to the end of the query after the last one of the lattice.
        const next = arc.to < count ? slots[arc.to]!.token.start : query.length;
        const gap = query.slice(slots[arc.to - 1]!.token.end, next);
        if (end >= 0 && gap !== '') end = matchedGap(right, end, gap, form);
        if (end >= 0) reached[arc.to]!.add(end);
      }
    }
  }
  return reached[count]!.has(right.length);
}

/** Where `piece` ends in `text` from `offset` on, or -1. */
function matched(text: string, offset: number, piece: string): number {
  return offset >= 0 && text.startsWith(piece, offset) ? offset + piece.length : -1;
}

function matchedGap(text: string, offset: number, gap: string, form: (text: string) => string): number {
  const inner = form(gap);
  let piece = inner;
  if (/^\s/u.test(gap)) piece = ` ${piece}`;
  if (/\s$/u.test(gap) && inner !== '') piece += ' ';
  // White space at the end of the query is no part of the form.
  if (offset + piece.trimEnd().length === text.length) piece = piece.trimEnd();
  return matched(text, offset, piece);
}
