import { applyCase, casePattern } from '../../stores/text/case-pattern.ts';
import type { EditKind } from './answer.ts';
import type { Path } from './decoder.ts';
import type { Arc, Slot } from './lattice.ts';

/** An edit before its confidence is known. */
export interface DraftEdit {
  readonly offset: number;
  readonly length: number;
  readonly to: string;
  readonly kind: EditKind;
  /** Whether a known word is among what it replaces: then it is never made unasked. */
  readonly isKnown: boolean;
  readonly arc: Arc;
}

/** A reading as text: the raw query with its edits spliced in. */
export interface Reading {
  readonly text: string;
  readonly edits: readonly DraftEdit[];
  readonly path: Path;
}

/** Turns a path through the lattice into the raw query with edits. Untouched code units stay as they were typed. */
export function toReading(query: string, slots: readonly Slot[], path: Path): Reading {
  const edits: DraftEdit[] = [];
  for (const arc of path.arcs) {
    if (arc.kind === 'keep') continue;
    const offset = slots[arc.from]!.token.start;
    const length = slots[arc.to - 1]!.token.end - offset;
    const from = query.slice(offset, offset + length);
    const to = inCaseOf(from, arc.text);
    if (to !== from) edits.push({ offset, length, to, kind: arc.kind, isKnown: isAnyKnown(slots, arc), arc });
  }
  return { text: splice(query, edits), edits, path };
}

function isAnyKnown(slots: readonly Slot[], arc: Arc): boolean {
  for (let at = arc.from; at < arc.to; at++) if (slots[at]!.known) return true;
  return false;
}

/** Applies edits, given in ascending order, to the raw query. */
export function splice(query: string, edits: readonly Pick<DraftEdit, 'offset' | 'length' | 'to'>[]): string {
  let text = '';
  let at = 0;
  for (const edit of edits) {
    text += query.slice(at, edit.offset) + edit.to;
    at = edit.offset + edit.length;
  }
  return text + query.slice(at);
}

/** Each word of a split takes over the case of what was typed: `Newyork` becomes `New York`. */
function inCaseOf(typed: string, words: string): string {
  const pattern = casePattern(typed);
  if (pattern === 'lower') return words;
  return words
    .split(' ')
    .map((word) => applyCase(pattern, word))
    .join(' ');
}
