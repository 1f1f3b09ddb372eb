import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import { joinedText, NO_PROPOSAL } from '../../decode/lattice.ts';
import type { RuleLookup } from '../../rewriter.ts';
import { type ProposalCosts, spacesCost } from '../costs.ts';
import type { Segmenter } from '../segmentation.ts';
import { endOfRun } from './runs.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Shorter pairs are left alone. */
const MIN_LENGTH = 5;

export interface MovedSpaceSources {
  readonly segmenter: Segmenter;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/** The space between two words typed a few letters too early or too late: `diverte rhandle` for `diverter handle`. */
export function movedSpaces({ segmenter, lexicon, costs, rules }: MovedSpaceSources): ProposalSource {
  return {
    name: 'moved space',
    looksAt: 'tokens',
    propose(context, at, effort) {
      const { slots } = context;
      const first = slots[at]!;
      const second = slots[at + 1];
      if (second === undefined || (first.known && second.known) || effort.movedSpaces === 0) return;
      if (endOfRun(context, at, 2) !== at + 2) return;
      const joined = first.token.text + second.token.text;
      if (joined.length < MIN_LENGTH) return;
      const found = segmenter.segment(joined, 2, effort.movedSpaces);
      if (found.length === 0) return;
      const typed = joinedText(slots, at, at + 2);
      const channelCost = spacesCost(slots, at, at + 1, lexicon, costs) + costs.missingSpace;
      for (const { ids, words } of found) {
        const text = words.join(' ');
        if (text === typed) continue;
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 2,
          kind: 'replace',
          ids,
          text,
          channelCost,
          unknownCost: 0,
          distance: 0,
          proposal: NO_PROPOSAL,
          asksFirst: false,
        });
      }
    },
  };
}
