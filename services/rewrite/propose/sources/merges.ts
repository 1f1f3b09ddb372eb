import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import type { Store } from '../../../../stores/store.ts';
import { NO_PROPOSAL } from '../../decode/lattice.ts';
import { isKnownTerm, termId } from '../../language/vocabulary.ts';
import type { RuleLookup } from '../../rewriter.ts';
import { type ProposalCosts, proposalCost, spacesCost } from '../costs.ts';
import { endOfRun } from './runs.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Tokens put together at most. */
const MAX_MERGED = 3;

export interface MergeSources {
  readonly terms: Store;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/** Two or three tokens that are one word: `head phones`. */
export function merges({ terms, lexicon, costs, rules }: MergeSources): ProposalSource {
  return {
    name: 'merge',
    looksAt: 'tokens',
    propose(context, at) {
      const { slots } = context;
      const end = endOfRun(context, at, MAX_MERGED);
      let joined = slots[at]!.token.text;
      for (let last = at + 1; last < end; last++) {
        joined += slots[last]!.token.text;
        const id = termId(terms, joined);
        if (!isKnownTerm(lexicon, id)) continue;
        addUnlessBlocked(context, rules, {
          from: at,
          to: last + 1,
          kind: 'merge',
          ids: [id],
          text: joined,
          channelCost: spacesCost(slots, at, last, lexicon, costs) + proposalCost(lexicon, costs, id),
          unknownCost: 0,
          distance: 0,
          proposal: NO_PROPOSAL,
          asksFirst: false,
        });
      }
    },
  };
}
