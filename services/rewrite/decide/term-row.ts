/** The terms of a query with some edits made, each with where it came from: what rules are matched against. */
import type { Syntax } from '../../../stores/text/token.ts';
import { tokenise } from '../../../stores/text/tokenise.ts';
import type { Edit, Span } from '../answer.ts';
import { isTerm, type Slot } from '../decode/lattice.ts';
import { splice } from '../decode/reading.ts';
import { Origin } from '../rule-engine.ts';

/** Rules look at terms that end within so many code units. */
export const MOST_RULE_UNITS = 2048;

/** Terms of a text as columns. */
export interface TermRow {
  readonly text: string;
  readonly terms: readonly string[];
  /** Where each stands in `text`. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Where each came from in the raw query: all of an edit for what one put in. */
  readonly rawStarts: readonly number[];
  readonly rawEnds: readonly number[];
  /** The edit that put each in; undefined for what was typed. */
  readonly edits: readonly (Edit | undefined)[];
  /** `Origin` of each. */
  readonly origins: Uint8Array;
}

/** The terms of the query as it was typed. */
export function typedRow(query: string, slots: readonly Slot[]): TermRow {
  const terms: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const edits: undefined[] = [];
  for (const slot of slots) {
    const { text, start, end } = slot.token;
    if (!isTerm(slot) || end > MOST_RULE_UNITS) continue;
    terms.push(text);
    starts.push(start);
    ends.push(end);
    edits.push(undefined);
  }
  return {
    text: query,
    terms,
    starts,
    ends,
    rawStarts: starts,
    rawEnds: ends,
    edits,
    origins: new Uint8Array(terms.length),
  };
}

/** The terms of the query with `edits` made, which are in order. */
export function rowOf(query: string, edits: readonly Edit[], syntax: Syntax): TermRow {
  const text = splice(query, edits);
  const row = {
    text,
    terms: [] as string[],
    starts: [] as number[],
    ends: [] as number[],
    rawStarts: [] as number[],
    rawEnds: [] as number[],
    edits: [] as (Edit | undefined)[],
  };
  let next = 0;
  let shift = 0;
  for (const token of tokenise(text.slice(0, endOfReading(text)), { syntax })) {
    if (token.class === 'symbol') continue;
    // Past the edits that end before the term.
    while (next < edits.length && edits[next]!.offset + shift + edits[next]!.to.length <= token.start) {
      shift += edits[next]!.to.length - edits[next]!.length;
      next++;
    }
    const edit = edits[next];
    const isIn = edit !== undefined && edit.offset + shift < token.end;
    row.terms.push(token.text);
    row.starts.push(token.start);
    row.ends.push(token.end);
    row.rawStarts.push(isIn ? Math.min(edit.offset, token.start - shift) : token.start - shift);
    row.rawEnds.push(isIn ? rawEnd(edits, next, shift, token.end) : token.end - shift);
    row.edits.push(isIn ? edit : undefined);
  }
  const origins = Uint8Array.from(row.edits, originOf);
  return { ...row, origins };
}

/** Where a term that begins in edit `at` ends in the raw query; it may reach beyond. */
function rawEnd(edits: readonly Edit[], at: number, shift: number, end: number): number {
  for (let i = at; i < edits.length; i++) {
    const edit = edits[i]!;
    if (edit.offset + shift >= end) break;
    if (edit.offset + shift + edit.to.length >= end) return edit.offset + edit.length;
    shift += edit.to.length - edit.length;
  }
  return end - shift;
}

function originOf(edit: Edit | undefined): number {
  if (edit === undefined) return Origin.typed;
  return edit.worker === 'rules' ? Origin.ruled : Origin.corrected;
}

function endOfReading(text: string): number {
  if (text.length <= MOST_RULE_UNITS) return text.length;
  const end = text.lastIndexOf(' ', MOST_RULE_UNITS);
  return Math.max(end, 0);
}

/** Where terms [from, to) came from in the raw query. */
export function rawSpan({ rawStarts, rawEnds }: TermRow, from: number, to: number): Span {
  if (from >= to) return { offset: 0, length: 0 };
  let start = rawStarts[from]!;
  let end = rawEnds[from]!;
  for (let i = from + 1; i < to; i++) {
    start = Math.min(start, rawStarts[i]!);
    end = Math.max(end, rawEnds[i]!);
  }
  return { offset: start, length: end - start };
}

/** P(terms [from, to) were meant): that of all edits which put them in. */
export function confidenceOf({ edits }: TermRow, from: number, to: number): number {
  let confidence = 1;
  for (let i = from; i < to; i++) {
    const edit = edits[i];
    if (edit !== undefined && (i === from || edits[i - 1] !== edit)) confidence *= edit.confidence;
  }
  return confidence;
}

/** Whether only spaces or a hyphen lie between two terms. */
export function isBeside({ text, ends, starts }: TermRow, at: number): boolean {
  const next = starts[at + 1];
  if (next === undefined) return false;
  let between = ends[at]!;
  if (text[between] === '-') return next === between + 1;
  while (between < next && text[between] === ' ') between++;
  return between === next && next > ends[at]!;
}
