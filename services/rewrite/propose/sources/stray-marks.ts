import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import type { Store } from '../../../../stores/store.ts';
import { NO_PROPOSAL } from '../../decode/lattice.ts';
import { isKnownTerm, isWebOnly, termId } from '../../language/vocabulary.ts';
import type { RuleLookup } from '../../rewriter.ts';
import type { ProposalCosts } from '../costs.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Shorter words are not merged. */
const MIN_LENGTH = 5;
/** Marks that join no words, as hyphens, apostrophes, slashes and the like do. */
const STRAY_MARKS = ';,.[]\\=`';

export interface StrayMarkSources {
  readonly terms: Store;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/** A key beside the right one was hit and divided a word in two: `marbl;e` for `marble`. */
export function strayMarks({ terms, lexicon, costs, rules }: StrayMarkSources): ProposalSource {
  return {
    name: 'stray mark',
    looksAt: 'tokens',
    propose(context, at) {
      const left = context.slots[at]!;
      const right = context.slots[at + 1];
      if (right === undefined || right.fixed !== '' || (left.known && right.known)) return;
      const { end } = left.token;
      if (right.token.start !== end + 1 || !STRAY_MARKS.includes(context.query[end]!)) return;
      const text = left.token.text + right.token.text;
      if (text.length < MIN_LENGTH) return;
      const id = termId(terms, text);
      if (!isKnownTerm(lexicon, id) || isWebOnly(lexicon, id)) return;
      addUnlessBlocked(context, rules, {
        from: at,
        to: at + 2,
        kind: 'merge',
        ids: [id],
        text,
        channelCost: costs.extraSpace + costs.errorCost,
        unknownCost: 0,
        distance: 0,
        proposal: NO_PROPOSAL,
        asksFirst: false,
      });
    },
  };
}
