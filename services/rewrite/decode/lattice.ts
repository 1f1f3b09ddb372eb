import type { Token } from '../../../stores/text/token.ts';

/** What an arc of the lattice does to what was typed. */
export type ArcKind = 'keep' | 'replace' | 'split' | 'merge';

/** One reading of a stretch of tokens: `from` to `to` (exclusive), as a row of terms. */
export interface Arc {
  readonly from: number;
  readonly to: number;
  readonly kind: ArcKind;
  /** Ids of the terms in the lexicon; `UNKNOWN_ID` or `NUMBER_ID` where there is no term. */
  readonly ids: readonly number[];
  /** The terms joined by single spaces. */
  readonly text: string;
  /** Cost of the typed text given this reading, in nats: the error model and what the word's standing adds. */
  readonly channelCost: number;
  /** Cost that takes the place of the language model's for an unknown word; 0 otherwise. */
  readonly unknownCost: number;
  /** Optimal string alignment distance of the letters; spaces count apart. */
  readonly distance: number;
  /** Which of the `Proposer`'s proposals it is, or `NO_PROPOSAL`. */
  readonly proposal: number;
  /** Whether it is offered at most, never made unasked, however likely it is. */
  readonly asksFirst: boolean;
}

/** An arc that is no proposal's. */
export const NO_PROPOSAL = -1;

/** One token of the query as the pipeline sees it. */
export interface Slot {
  readonly token: Token;
  /** Why nothing may change it, or '' where it may be corrected. */
  fixed: string;
  /** Its id: a term's, `NUMBER_ID`, or `UNKNOWN_ID`. */
  id: number;
  /** Whether it counts as a word, whatever its frequency: its id is a term's, or a known word's form. */
  known: boolean;
  /** Whether the owner's documents or rules contain it: then it is not changed unasked, however doubtful it is as a word. */
  owned: boolean;
  /** What a list of known misspellings says is meant by it, as rows of ids; mostly nothing. */
  readonly listed: readonly (readonly number[])[];
  /** Of a part number that may be cut: where its runs of letters and of digits begin, and where the last ends. `NO_RUNS` of all else. */
  readonly runs: readonly number[];
}

/** Whether a slot is a part number that may be words and numbers run together; nothing else may change it. */
export function isGlued(slot: Slot): boolean {
  return slot.fixed === 'part-number' && slot.runs.length > 0;
}

/** Whether a slot holds a term, and no sign: rules know nothing of signs. */
export function isTerm({ token }: Slot): boolean {
  return token.class !== 'symbol';
}

/** The terms of slots `from` to `to` (exclusive), joined by single spaces. */
export function joinedText(slots: readonly Slot[], from: number, to: number): string {
  let text = slots[from]!.token.text;
  for (let i = from + 1; i < to; i++) text += ` ${slots[i]!.token.text}`;
  return text;
}

/** The readings of a query: arcs by the token at which they begin, as far as it is corrected. */
export class Lattice {
  readonly arcs: Arc[][];
  edgeCount: number;

  constructor(slotCount: number) {
    this.arcs = [];
    for (let i = 0; i < slotCount; i++) this.arcs.push([]);
    this.edgeCount = 0;
  }

  add(arc: Arc): void {
    this.arcs[arc.from]!.push(arc);
    this.edgeCount++;
  }

  /** Puts an arc in the place of another that begins and ends where it does. */
  replace(old: Arc, arc: Arc): void {
    const leaving = this.arcs[old.from]!;
    leaving[leaving.indexOf(old)] = arc;
  }

  /** Takes out an arc that is none of those that keep a token: these stay first at their positions. */
  remove(arc: Arc): void {
    const leaving = this.arcs[arc.from]!;
    const at = leaving.indexOf(arc, 1);
    if (at < 0) return;
    leaving.splice(at, 1);
    this.edgeCount--;
  }
}
