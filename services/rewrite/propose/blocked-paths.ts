/**
 * Blocked rules of several terms: they may name some that one arc changes and some that it leaves, or that another one
 * changes. So they are asked for again when readings are known.
 */
import { type RewriteContext, traced } from '../context.ts';
import { decode, type Path } from '../decode/decoder.ts';
import { type Arc, isTerm, joinedText, type Slot } from '../decode/lattice.ts';
import type { Scorer } from '../decode/scorer.ts';
import type { RuleLookup } from '../rewriter.ts';

/** Times that a query is decoded again without the arcs that made a blocked reading. */
const MOST_ROUNDS = 4;

/**
 * Decodes as {@link decode} does and leaves out what a rule forbids: arcs that make a blocked reading are removed from the lattice, and
 * the query is decoded again. If no rule has several terms, it decodes once.
 */
export function decodeUnblocked(
  context: RewriteContext,
  rules: RuleLookup,
  scorer: Scorer,
  languageWeight: number,
  count: number,
  within?: number,
): Path[] {
  const { lattice, slots } = context;
  let paths = decode(lattice, scorer, languageWeight, count, within);
  if (rules.longestBlocked < 2) return paths;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const blocked = new Set<Arc>();
    for (const { arcs } of paths) {
      const arc = blockedArc(arcs, slots, rules);
      if (arc !== undefined) blocked.add(arc);
    }
    if (blocked.size === 0) return paths;
    for (const arc of blocked) {
      lattice.remove(arc);
      traced(context, 'rules', 'blocked', { from: joinedText(slots, arc.from, arc.to), to: arc.text });
    }
    paths = decode(lattice, scorer, languageWeight, count, within);
  }
  return paths.filter(({ arcs }) => blockedArc(arcs, slots, rules) === undefined);
}

/** The first arc of a row that a rule forbids together with its neighbours; undefined if there is none. */
export function blockedArc(arcs: readonly Arc[], slots: readonly Slot[], rules: RuleLookup): Arc | undefined {
  const reach = rules.longestBlocked - 1;
  if (reach < 1) return undefined;
  // Rules know nothing of signs, which stay where they are.
  const terms = arcs.filter((arc) => isTerm(slots[arc.from]!));
  return terms.find((arc, i) => {
    if (arc.kind === 'keep') return false;
    let first = i;
    let last = i;
    let before = 0;
    let after = 0;
    while (first > 0 && before < reach) before += lengthOf(terms[--first]!);
    while (last < terms.length - 1 && after < reach) after += lengthOf(terms[++last]!);
    const around = terms.slice(first, last + 1);
    const typed = around.map(({ from, to }) => joinedText(slots, from, to));
    return rules.isBlocked(typed.join(' '), around.map(({ text }) => text).join(' '));
  });
}

function lengthOf({ from, to }: Arc): number {
  return to - from;
}
