import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import { NO_PROPOSAL } from '../../decode/lattice.ts';
import { DEFAULT_OPTIONS } from '../../options.ts';
import type { RuleLookup } from '../../rewriter.ts';
import type { ProposalCosts } from '../costs.ts';
import { distanceBetween } from '../distance.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Corrections from lists of known misspellings, however far from what was typed. */
export function listedCorrections(lexicon: Lexicon, costs: ProposalCosts, rules: RuleLookup): ProposalSource {
  return {
    name: 'known misspelling',
    looksAt: 'token',
    propose(context, at) {
      const { token, listed } = context.slots[at]!;
      const { maxEdits } = context.options;
      for (const ids of listed) {
        const text = ids.map((id) => lexicon.text(id)).join(' ');
        const distance = distanceBetween(token.text, text.replaceAll(' ', ''), 2);
        if (distance > maxEdits && maxEdits < DEFAULT_OPTIONS.maxEdits) continue;
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 1,
          kind: ids.length === 1 ? 'replace' : 'split',
          ids,
          text,
          channelCost: costs.knownMisspelling,
          unknownCost: 0,
          distance,
          proposal: NO_PROPOSAL,
          asksFirst: false,
        });
      }
    },
  };
}
