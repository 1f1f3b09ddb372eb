import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import type { Store } from '../../../../stores/store.ts';
import { isKnownBelow, isKnownTerm, termId } from '../../language/vocabulary.ts';
import type { RuleLookup } from '../../rewriter.ts';
import { type ProposalCosts, spacesCost } from '../costs.ts';
import type { Proposer } from '../proposer.ts';
import { endOfRun } from './runs.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Shorter pairs are not put together with a letter changed. */
const MIN_LENGTH = 5;
/** Words this common are not parts of a misspelled word that was cut in two. */
const MIDDLING_BELOW = 11;

export interface RespelledMergeSources {
  readonly terms: Store;
  readonly proposer: Proposer;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/** Two tokens that are one word with a letter changed: `hed phones`. */
export function mergesRespelled({ terms, proposer, lexicon, costs, rules }: RespelledMergeSources): ProposalSource {
  return {
    name: 'respelled merge',
    looksAt: 'tokens',
    propose(context, at, effort) {
      const { slots } = context;
      const first = slots[at]!;
      const second = slots[at + 1];
      if (second === undefined || effort.respelledMerges === 0) return;
      if (isKnownBelow(lexicon, first, MIDDLING_BELOW) && isKnownBelow(lexicon, second, MIDDLING_BELOW)) return;
      if (endOfRun(context, at, 2) !== at + 2) return;
      const joined = first.token.text + second.token.text;
      if (joined.length < MIN_LENGTH) return;
      if (isKnownTerm(lexicon, termId(terms, joined))) return;
      const firstNear = proposer.find(joined, 1, effort.isSparing);
      const lastNear = firstNear + Math.min(proposer.count, effort.respelledMerges);
      const spaces = spacesCost(slots, at, at + 1, lexicon, costs);
      for (let proposal = firstNear; proposal < lastNear; proposal++) {
        const id = proposer.ids[proposal]!;
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 2,
          kind: 'merge',
          ids: [id],
          text: lexicon.text(id),
          channelCost: spaces + (costs.errorCost + proposer.cost(proposal)),
          unknownCost: 0,
          distance: proposer.distances[proposal]!,
          proposal,
          asksFirst: false,
        });
      }
    },
  };
}
