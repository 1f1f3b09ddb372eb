/** Edits that rules make, put among those of spelling. Edits are in order and never overlap. */
import type { Edit, Span } from '../answer.ts';
import type { RewriteContext } from '../context.ts';
import { traced } from '../context.ts';
import { splice } from '../decode/reading.ts';
import type { FiredRule } from '../rule-engine.ts';
import { isRudeInstead } from './rude-readings.ts';
import type { TermRow } from './term-row.ts';

/** A stretch of a text that a rule changes. */
interface Change {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
  readonly to: string;
  readonly announce: boolean;
}

/**
 * Makes the replacements of the rules that fired on `row`, whose text is the query with `edits`. Of two that overlap the one whose
 * rule goes first is made, and of one rule's the longer.
 */
export function withReplacements(
  context: RewriteContext,
  row: TermRow,
  edits: readonly Edit[],
  fired: readonly FiredRule[],
): readonly Edit[] {
  const changes: Change[] = [];
  // A thousand places of a query may get the same text.
  const rude = new Map<string, boolean>();
  const isRude = (text: string): boolean => {
    const known = rude.get(text) ?? isRudeInstead(context, text);
    rude.set(text, known);
    return known;
  };
  for (const { rule, actions } of fired) {
    for (const action of actions) {
      if (action.do !== 'replace') continue;
      const { from, to, text, whole, announce } = action;
      const [start, end] = whole ? [0, row.text.length] : [row.starts[from]!, row.ends[to - 1]!];
      if (start >= end) continue;
      if (changes.some((other) => other.start < end && start < other.end)) {
        traced(context, 'rules', 'replacement-overlapped', { rule });
      } else if (isRude(text)) traced(context, 'rules', 'replacement-rude', { rule });
      else changes.push({ rule, start, end, to: text, announce });
    }
  }
  return made(context.query, edits, changes, 'replace');
}

/**
 * Takes terms of `row` out, rule by rule, with the space around them; a rule that would leave no term takes none.
 */
export function withDeletions(
  context: RewriteContext,
  row: TermRow,
  edits: readonly Edit[],
  fired: readonly FiredRule[],
): readonly Edit[] {
  const goneBy = new Map<number, { readonly rule: string; readonly announce: boolean }>();
  for (const { rule, actions } of fired) {
    for (const action of actions) {
      if (action.do !== 'delete') continue;
      const more = action.terms.filter((term) => !goneBy.has(term));
      if (goneBy.size + more.length >= row.terms.length) {
        if (more.length > 0) traced(context, 'expand', 'deletion-leaves-nothing', { rule });
        continue;
      }
      for (const term of more) goneBy.set(term, { rule, announce: action.announce });
    }
  }
  if (goneBy.size === 0) return edits;
  const changes: Change[] = [];
  for (let first = 0; first < row.terms.length; first++) {
    const by = goneBy.get(first);
    if (by === undefined) continue;
    let last = first;
    while (goneBy.get(last + 1)?.rule === by.rule) last++;
    const next = row.starts[last + 1];
    // Up to the next term; the last ones from the end of what stays before them.
    const staysBefore = row.ends[first - 1] ?? 0;
    const isLast = next === undefined;
    changes.push({
      ...by,
      start: isLast ? staysBefore : row.starts[first]!,
      end: isLast ? row.ends[last]! : next,
      to: '',
    });
    first = last;
  }
  return made(context.query, edits, changes, 'delete');
}

/** From right to left, so that what stands before a change stays where it is. */
function made(
  query: string,
  edits: readonly Edit[],
  changes: readonly Change[],
  kind: 'replace' | 'delete',
): readonly Edit[] {
  let all = edits;
  for (const change of changes.toSorted((a, b) => b.start - a.start)) all = put(query, all, change, kind);
  return all;
}

/** Makes a change to the text with `edits`; the edits that it touches become one with it. */
function put(query: string, edits: readonly Edit[], change: Change, kind: 'replace' | 'delete'): readonly Edit[] {
  const { start, end, to, rule, announce } = change;
  const before: Edit[] = [];
  const after: Edit[] = [];
  const inside: Edit[] = [];
  let shift = 0;
  let shiftBefore = 0;
  let hullStart = start;
  let hullEnd = end;
  let rawStart = -1;
  let rawEnd = -1;
  for (const edit of edits) {
    const editStart = edit.offset + shift;
    const editEnd = editStart + edit.to.length;
    shift += edit.to.length - edit.length;
    if (editEnd <= start) {
      before.push(edit);
      shiftBefore = shift;
    } else if (editStart >= end) after.push(edit);
    else {
      inside.push(edit);
      if (editStart < start) {
        hullStart = editStart;
        rawStart = edit.offset;
      }
      if (editEnd > end) {
        hullEnd = editEnd;
        rawEnd = edit.offset + edit.length;
      }
    }
  }
  const gained = inside.reduce((sum, edit) => sum + edit.to.length - edit.length, 0);
  if (rawStart < 0) rawStart = start - shiftBefore;
  if (rawEnd < 0) rawEnd = end - shiftBefore - gained;
  // Only where it touches other edits: making the text for each of a thousand changes would take a tenth of a second.
  const text = inside.length === 0 ? '' : splice(query, edits);
  const written = text.slice(hullStart, start) + to + text.slice(end, hullEnd);
  const from = query.slice(rawStart, rawEnd);
  if (written === from) return [...before, ...after];
  const edit: Edit = {
    offset: rawStart,
    length: rawEnd - rawStart,
    from,
    to: written,
    rewrittenOffset: 0,
    rewrittenLength: written.length,
    kind: kind === 'delete' && inside.length === 0 ? 'delete' : 'replace',
    worker: 'rules',
    decision: 'auto',
    confidence: inside.reduce((product, { confidence }) => product * confidence, 1),
    evidence: inside.some(isSpelled) ? { rule, through: text.slice(hullStart, hullEnd) } : { rule },
    announce: announce || inside.some((other) => other.announce === true),
  };
  return [...before, edit, ...after];
}

/** Whether an edit corrects spelling, alone or on the way to what a rule made of it. */
export function isSpelled({ worker, evidence }: Edit): boolean {
  return worker !== 'rules' || evidence['through'] !== undefined;
}

/** The edits with their places in the text that they make. */
export function placed(edits: readonly Edit[]): Edit[] {
  let shift = 0;
  return edits.map((edit) => {
    const rewrittenOffset = edit.offset + shift;
    shift += edit.to.length - edit.length;
    return { ...edit, rewrittenOffset, rewrittenLength: edit.to.length };
  });
}

/** Where a stretch of the raw query stands in the text that `edits`, placed, make of it: a touched edit as a whole. */
export function rewrittenSpan({ offset, length }: Span, edits: readonly Edit[]): Span {
  let shift = 0;
  let start = -1;
  let end = -1;
  for (const edit of edits) {
    const editEnd = edit.offset + edit.length;
    if (start < 0 && offset < editEnd) start = offset < edit.offset ? offset + shift : edit.rewrittenOffset;
    if (offset + length <= edit.offset) break;
    shift += edit.to.length - edit.length;
    if (offset + length <= editEnd) {
      end = edit.rewrittenOffset + edit.rewrittenLength;
      break;
    }
  }
  if (start < 0) start = offset + shift;
  if (end < 0) end = offset + length + shift;
  return { offset: start, length: Math.max(0, end - start) };
}
