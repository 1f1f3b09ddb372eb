import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import type { Store } from '../../../../stores/store.ts';
import { NO_PROPOSAL } from '../../decode/lattice.ts';
import { isKnownTerm, isProposable, termId } from '../../language/vocabulary.ts';
import type { RuleLookup } from '../../rewriter.ts';
import { knownCost, type ProposalCosts, proposalCost } from '../costs.ts';
import { collapsed, hasLongRun } from '../long-runs.ts';
import type { Proposer } from '../proposer.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** How common words of two and three letters must be to be meant, in nats (`nooo`, `wooow`); single letters never are. */
const SHORT_FORM_BELOW = [0, 0, 8, 10.5] as const;

export interface RepeatedLetterSources {
  readonly terms: Store;
  readonly proposer: Proposer;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/** A letter held down: `happyyyy` for `happy`, `shoeees` for `shoes`, `gooood` for `good`. */
export function repeatedLetters({ terms, proposer, lexicon, costs, rules }: RepeatedLetterSources): ProposalSource {
  return {
    name: 'repeated letter',
    looksAt: 'token',
    propose(context, at, effort) {
      const slot = context.slots[at]!;
      const { text } = slot.token;
      if (effort.replacements === 0 || !hasLongRun(text)) return;
      const penalty = costs.errorCost + costs.repeatedLetter + knownCost(slot, lexicon, costs);
      const add = (id: number, cost: number, distance: number) =>
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 1,
          kind: 'replace',
          ids: [id],
          text: lexicon.text(id),
          channelCost: penalty + cost,
          unknownCost: 0,
          distance,
          proposal: NO_PROPOSAL,
          asksFirst: false,
        });
      const forms = collapsed(text);
      let isFound = false;
      for (const form of forms) {
        const id = termId(terms, form);
        if (!isKnownTerm(lexicon, id) || !isProposable(lexicon, id)) continue;
        if (lexicon.unigramCost(id) > (SHORT_FORM_BELOW[form.length] ?? Number.POSITIVE_INFINITY)) continue;
        add(id, proposalCost(lexicon, costs, id), 1);
        isFound = true;
      }
      if (isFound || Math.min(effort.maxEdits, context.options.maxEdits) < 2) return;
      // Held down and misspelled: the commonest term near the shortest form.
      const first = proposer.find(forms[0] ?? '', 1, true);
      if (proposer.count > 0) add(proposer.ids[first]!, costs.errorCost + proposer.cost(first), 2);
    },
  };
}
