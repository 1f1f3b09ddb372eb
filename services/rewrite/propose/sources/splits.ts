import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import { NO_PROPOSAL } from '../../decode/lattice.ts';
import type { RuleLookup } from '../../rewriter.ts';
import { knownCost, type ProposalCosts } from '../costs.ts';
import type { Segmenter } from '../segmentation.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Shorter words are not cut. */
const MIN_LENGTH = 4;

export interface SplitSources {
  readonly segmenter: Segmenter;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/** Words run together, each as it stands: `newyork`. */
export function splits({ segmenter, lexicon, costs, rules }: SplitSources): ProposalSource {
  return {
    name: 'split',
    looksAt: 'token',
    propose(context, at, effort) {
      const slot = context.slots[at]!;
      const { text } = slot.token;
      if (effort.splits === 0 || text.length < MIN_LENGTH) return;
      const maxParts = slot.known ? 2 : effort.parts;
      for (const { ids, words } of segmenter.segment(text, maxParts, effort.splits)) {
        const spaces = costs.missingSpace + costs.furtherMissingSpace * (ids.length - 2);
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 1,
          kind: 'split',
          ids,
          text: words.join(' '),
          channelCost: spaces + knownCost(slot, lexicon, costs),
          unknownCost: 0,
          distance: 0,
          proposal: NO_PROPOSAL,
          asksFirst: false,
        });
      }
    },
  };
}
