/** Why no reading of a query can contain what somebody wanted, stretch by stretch. */
import { UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Store } from '../../../stores/store.ts';
import type { RewriteContext } from '../context.ts';
import { isTerm } from '../decode/lattice.ts';
import { termId } from '../language/vocabulary.ts';
import { boundedDistance } from '../propose/distance.ts';
import type { RuleLookup } from '../rewriter.ts';
import type { Obstacle, ObstacleKind } from './account.ts';
import { arcsReading, type Stretch, stretches } from './wanted.ts';

/** Edits that a proposal has at most. */
const MOST_EDITS = 2;

/** What stands in the way, for each stretch that no arcs read as wanted; none where arcs do. `wanted` as far as the query is corrected. */
export function obstacles(
  context: RewriteContext,
  wanted: readonly string[],
  terms: Store,
  rules: RuleLookup,
): Obstacle[] {
  const { lattice, slots } = context;
  const isUnread = (stretch: Stretch) => arcsReading(lattice, slots, wanted, stretch) === undefined;
  return stretches(slots.slice(0, lattice.arcs.length), wanted)
    .filter(isUnread)
    .flatMap((stretch) => words(stretch).filter(isUnread))
    .map((stretch) => obstacleOf(stretch, context, wanted.slice(stretch.first, stretch.end), terms, rules));
}

/** A stretch of as many slots as wanted terms, slot by slot; others whole. */
function words({ from, to, first, end }: Stretch): Stretch[] {
  if (to - from !== end - first) return [{ from, to, first, end }];
  return Array.from({ length: to - from }, (_, i) => ({
    from: from + i,
    to: from + i + 1,
    first: first + i,
    end: first + i + 1,
  }));
}

function obstacleOf(
  { from, to }: Stretch,
  context: RewriteContext,
  wanted: readonly string[],
  terms: Store,
  rules: RuleLookup,
): Obstacle {
  const typed = context.slots.slice(from, to).filter(isTerm);
  const offset = typed[0]?.token.start ?? context.slots[from]?.token.start ?? context.query.length;
  const length = typed.length === 0 ? 0 : typed.at(-1)!.token.end - offset;
  const found = (kind: ObstacleKind, detail = ''): Obstacle => ({
    offset,
    length,
    typed: context.query.slice(offset, offset + length),
    wanted: wanted.join(' '),
    kind,
    detail,
  });
  if (typed.length === 0) return found('word-added');
  if (wanted.length === 0) return found('word-dropped');
  const fixed = typed.find((slot) => slot.fixed !== '');
  if (fixed !== undefined) return found('protected', fixed.fixed);
  const unknown = wanted.filter((word) => termId(terms, word) === UNKNOWN_ID);
  if (unknown.length > 0) return found('unknown-word', unknown.join(' '));
  const words = typed.map(({ token }) => token.text);
  if (rules.isBlocked(words.join(' '), wanted.join(' '))) return found('blocked');
  return found(isFar(words.join(''), wanted.join('')) ? 'too-far' : 'not-proposed');
}

/** Whether more letters differ than a proposal may change. */
function isFar(typed: string, wanted: string): boolean {
  const [a, b] = [typed, wanted].map((text) => Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)));
  return boundedDistance(a!, typed.length, b!, wanted.length, MOST_EDITS) > MOST_EDITS;
}
