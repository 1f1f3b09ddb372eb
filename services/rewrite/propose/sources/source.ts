import { type RewriteContext, traced } from '../../context.ts';
import { type Arc, joinedText } from '../../decode/lattice.ts';
import type { RuleLookup } from '../../rewriter.ts';
import type { Effort } from '../effort.ts';

/**
 * One kind of reading that spelling proposes. To add a kind, copy `stray-marks.ts` and add it to the list in
 * `workers/spell.ts`. A source keeps nothing between requests.
 */
export interface ProposalSource {
  /** As documents name it. */
  readonly name: string;
  /** Whether it looks at one token, which may not be changed if it is known well, or at several side by side. */
  readonly looksAt: 'token' | 'tokens';
  /** Adds arcs that begin at slot `at`, which may be changed, to the lattice. Bounded by `effort`, which it must not exceed. */
  propose(context: RewriteContext, at: number, effort: Effort): void;
}

/** Adds an arc to the lattice, unless a rule forbids the change. */
export function addUnlessBlocked(context: RewriteContext, rules: RuleLookup, arc: Arc): void {
  const from = joinedText(context.slots, arc.from, arc.to);
  if (rules.isBlocked(from, arc.text)) traced(context, 'spell', 'blocked', { from, to: arc.text });
  else context.lattice.add(arc);
}
