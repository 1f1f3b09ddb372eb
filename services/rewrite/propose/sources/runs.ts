/** Runs of tokens that only spaces stand between, all of which may be changed: what merges look at. */
import type { RewriteContext } from '../../context.ts';
import type { Slot } from '../../decode/lattice.ts';

const SPACE = 0x20;

/** Where the run that begins at slot `at` ends (exclusive), `most` slots further on at most. */
export function endOfRun(context: RewriteContext, at: number, most: number): number {
  const { slots } = context;
  const furthest = Math.min(slots.length, at + most);
  let end = at + 1;
  while (end < furthest && slots[end]!.fixed === '' && isGapOfSpaces(context, slots[end - 1]!, slots[end]!)) end++;
  return end;
}

/** Whether spaces and nothing else stand between two slots. */
export function isGapOfSpaces({ query }: RewriteContext, left: Slot, right: Slot): boolean {
  if (right.token.breakBefore) return false;
  const { end } = left.token;
  const { start } = right.token;
  if (start === end + 1 && query.charCodeAt(end) === SPACE) return true;
  return query.slice(end, start).trim() === '';
}
