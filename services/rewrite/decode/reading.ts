import type { EditKind } from '../answer.ts';
import type { Path } from './decoder.ts';
import type { Arc, Slot } from './lattice.ts';

/** Terms joined by single spaces, in the case of what was typed. */
export type WriteTerms = (typed: string, terms: string) => string;

/** An edit before its confidence is known. */
export interface DraftEdit {
  readonly offset: number;
  readonly length: number;
  readonly to: string;
  readonly kind: EditKind;
  /** Whether a known word is among what it replaces: then it is never made unasked. */
  readonly isKnown: boolean;
  /** Whether it is never made unasked for another reason. */
  readonly asksFirst: boolean;
  readonly arc: Arc;
}

/** A reading as text: the raw query with its edits spliced in. */
export interface Reading {
  readonly text: string;
  readonly edits: readonly DraftEdit[];
  readonly path: Path;
}

/**
 * Turns paths through the lattice of one query into the raw query with edits. Untouched code units stay as they were typed.
 *
 * Hot path: the 16 readings of a query share some twenty arcs, so the edit that an arc makes is kept for the next.
 */
export class ReadingMaker {
  readonly #query: string;
  readonly #slots: readonly Slot[];
  readonly #write: WriteTerms;
  /** Of the arcs met so far the one met last, by the slot at which they begin. */
  readonly #heads: (ArcEdit | undefined)[];
  readonly #edits: DraftEdit[];

  /** @param write how a replacement is written for what was typed */
  constructor(query: string, slots: readonly Slot[], write: WriteTerms) {
    this.#query = query;
    this.#slots = slots;
    this.#write = write;
    this.#heads = [];
    this.#edits = [];
  }

  /** The reading that a path makes. */
  read(path: Path): Reading {
    const { arcs } = path;
    let count = 0;
    for (let i = 0; i < arcs.length; i++) {
      const arc = arcs[i]!;
      if (arc.kind === 'keep') continue;
      const edit = this.#editOf(arc, arc.kind);
      if (edit !== undefined) this.#edits[count++] = edit;
    }
    if (count === 0) return { text: this.#query, edits: NO_EDITS, path };
    // An array that grows takes room for 17: most readings have one edit or two.
    const edits = this.#edits.slice(0, count);
    return { text: splice(this.#query, edits), edits, path };
  }

  #editOf(arc: Arc, kind: EditKind): DraftEdit | undefined {
    const head = this.#heads[arc.from];
    for (let at = head; at !== undefined; at = at.next) if (at.arc === arc) return at.edit;
    const offset = this.#slots[arc.from]!.token.start;
    const length = this.#slots[arc.to - 1]!.token.end - offset;
    const from = this.#query.slice(offset, offset + length);
    const to = this.#write(from, arc.text);
    const asksFirst = arc.asksFirst || isAnyOwned(this.#slots, arc);
    const isKnown = isAnyKnown(this.#slots, arc);
    const edit = to === from ? undefined : { offset, length, to, kind, isKnown, asksFirst, arc };
    this.#heads[arc.from] = { arc, edit, next: head };
    return edit;
  }
}

const NO_EDITS: readonly DraftEdit[] = [];

/** What an arc does to the raw query: nothing where that reads the same. */
interface ArcEdit {
  readonly arc: Arc;
  readonly edit: DraftEdit | undefined;
  /** Another arc that begins at the same slot. */
  readonly next: ArcEdit | undefined;
}

function isAnyKnown(slots: readonly Slot[], arc: Arc): boolean {
  for (let at = arc.from; at < arc.to; at++) if (slots[at]!.known) return true;
  return false;
}

function isAnyOwned(slots: readonly Slot[], arc: Arc): boolean {
  for (let at = arc.from; at < arc.to; at++) if (slots[at]!.owned) return true;
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
