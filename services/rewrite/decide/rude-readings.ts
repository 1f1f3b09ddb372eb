/**
 * Readings that put in something rude. They are weighed like all others, and what each is found to be worth goes to the reading
 * without its rude edits: whoever seems to have meant `fuck the world` by `fcuk teh world` gets `fcuk the world`, and nobody gets a
 * less likely word in place of the rude one. They are told from others by whole readings, so it does not matter which arcs make them,
 * one alone or two side by side.
 *
 * What was typed is never touched for it, and does not count as put in.
 */
import { tokeniseDocument } from '../../../stores/text/tokenise.ts';
import type { RewriteContext } from '../context.ts';
import type { Path } from '../decode/decoder.ts';
import type { Arc } from '../decode/lattice.ts';
import type { Reading } from '../decode/reading.ts';

/** Readings with ln P of each, but for a constant of the query, in the same order. */
export interface Scored {
  readonly readings: readonly Reading[];
  readonly scores: readonly number[];
}

/** Makes a reading of a row of arcs, and scores it. */
export type Score = (arcs: readonly Arc[]) => { readonly reading: Reading; readonly score: number };

/**
 * The readings without what is rude: those that put in nothing rude as they are, the others as those without their rude edits,
 * readings of one text added up.
 *
 * @returns `scored` itself when none is rude, which mostly takes a bit test for each changed term
 */
export function politeReadings(scored: Scored, context: RewriteContext, score: Score): Scored {
  const { readings, scores } = scored;
  if (!readings.some(({ path }) => isAnyMarked(context, path.arcs))) return scored;
  const rows = readings.map(({ path }) => politeArcs(context, path.arcs));
  const isRude = (i: number) => rows[i] !== readings[i]!.path.arcs;
  if (!rows.some((_, i) => isRude(i))) return scored;
  const polite = new Map<string, { readonly reading: Reading; score: number }>();
  for (const [i, reading] of readings.entries()) {
    if (!isRude(i)) polite.set(reading.text, { reading, score: scores[i]! });
  }
  for (const [i, row] of rows.entries()) {
    if (!isRude(i)) continue;
    const without = score(row);
    const own = polite.get(without.reading.text) ?? { ...without };
    own.score = logSum(own.score, scores[i]!);
    polite.set(without.reading.text, own);
  }
  const all = [...polite.values()];
  return { readings: all.map(({ reading }) => reading), scores: all.map((one) => one.score) };
}

/** The arcs with the tokens kept of all that put in something rude; `arcs` itself when none does. */
export function politeArcs(context: RewriteContext, arcs: readonly Arc[]): readonly Arc[] {
  let row = arcs;
  for (;;) {
    const arc = isAnyMarked(context, row) ? firstRude(context, row) : undefined;
    if (arc === undefined) return row;
    const keeping = context.lattice.arcs.slice(arc.from, arc.to).map((leaving) => leaving[0]!);
    row = row.flatMap((other) => (other === arc ? keeping : [other]));
  }
}

/** Whether a text that takes the place of the whole query puts in something rude. */
export function isRudeInstead(context: RewriteContext, text: string): boolean {
  return isRudePut(context, wordsOf(text), wordsOf(context.query));
}

/** Whether words that are put in beside those `typed` are rude, or hold something rude. */
export function isRudePut(context: RewriteContext, words: readonly string[], typed: readonly string[]): boolean {
  for (let start = 0; start < words.length; start++) {
    const end = context.rudeTerms.endOfRude(words, start);
    if (end > 0 && !isTyped(words.slice(start, end), typed, context)) return true;
  }
  return false;
}

/** Whether a changed term may be part of something rude: mostly not, and then no text is looked at. */
function isAnyMarked({ rudeTerms }: RewriteContext, arcs: Path['arcs']): boolean {
  for (let i = 0; i < arcs.length; i++) {
    const { kind, ids } = arcs[i]!;
    if (kind === 'keep') continue;
    for (let k = 0; k < ids.length; k++) if (rudeTerms.isMarked(ids[k]!)) return true;
  }
  return false;
}

/** The first arc that puts in something rude, or a word of it; undefined if none does. */
function firstRude(context: RewriteContext, arcs: readonly Arc[]): Arc | undefined {
  const words: string[] = [];
  const makers: Arc[] = [];
  for (const arc of arcs) {
    for (const word of arc.text.split(' ')) {
      words.push(word);
      makers.push(arc);
    }
  }
  for (let start = 0; start < words.length; start++) {
    const end = context.rudeTerms.endOfRude(words, start);
    for (let at = start; at < end; ) {
      const arc = makers[at]!;
      const first = at;
      while (at < end && makers[at] === arc) at++;
      if (arc.kind === 'keep') continue;
      const typed = context.slots.slice(arc.from, arc.to).map(({ token }) => token.text);
      if (!isTyped(words.slice(first, at), typed, context)) return arc;
    }
  }
  return undefined;
}

/** Whether words were typed as they are, side by side; with `rude: 'typed'` also within a longer word. */
function isTyped(words: readonly string[], typed: readonly string[], { options }: RewriteContext): boolean {
  if (` ${typed.join(' ')} `.includes(` ${words.join(' ')} `)) return true;
  const letters = words.join('');
  return options.rude === 'typed' && typed.some((token) => token.includes(letters));
}

function wordsOf(text: string): string[] {
  return tokeniseDocument(text).map((token) => token.text);
}

/** ln(e^a + e^b). */
function logSum(a: number, b: number): number {
  const greater = Math.max(a, b);
  return greater + Math.log1p(Math.exp(Math.min(a, b) - greater));
}
