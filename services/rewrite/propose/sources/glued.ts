import { NO_PROPOSAL } from '../../decode/lattice.ts';
import type { RuleLookup } from '../../rewriter.ts';
import type { ProposalCosts } from '../costs.ts';
import type { GluedCuts } from '../glued-cuts.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Words and numbers run together, perhaps with a slip: `xbox360controler`, `windows95`. It looks at part numbers alone. */
export function gluedTokens(cuts: GluedCuts, costs: ProposalCosts, rules: RuleLookup): ProposalSource {
  return {
    name: 'glued number',
    looksAt: 'token',
    propose(context, at, effort) {
      const { token, runs } = context.slots[at]!;
      if (effort.splits === 0) return;
      const maxEdits = effort.respelledSplits === 0 ? 0 : Math.min(effort.maxEdits, context.options.maxEdits);
      const found = cuts.find(token.text, runs, { count: effort.splits, maxEdits, isSparing: effort.isSparing });
      for (const { ids, words, cost, distance } of found) {
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 1,
          kind: 'split',
          ids,
          text: words.join(' '),
          channelCost: costs.missingSpace + costs.furtherMissingSpace * (ids.length - 2) + cost,
          unknownCost: 0,
          distance,
          proposal: NO_PROPOSAL,
          asksFirst: true,
        });
      }
    },
  };
}
