import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import type { Store } from '../../../../stores/store.ts';
import type { RewriteContext } from '../../context.ts';
import { NO_PROPOSAL } from '../../decode/lattice.ts';
import type { LanguageModel } from '../../language/language-model.ts';
import { isKnownTerm, isWebOnly, termId } from '../../language/vocabulary.ts';
import type { RuleLookup } from '../../rewriter.ts';
import type { ProposalCosts } from '../costs.ts';
import type { Proposer } from '../proposer.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Shorter words are not put together. */
const MIN_LENGTH = 5;
/** Terms one edit away that are taken. */
const MOST_NEAR = 2;
/** The hyphens that people type within words. */
const HYPHENS = '-\u2010\u2011\u00ad';

export interface NeedlessHyphenSources {
  readonly terms: Store;
  readonly proposer: Proposer;
  readonly lexicon: Lexicon;
  readonly languageModel: LanguageModel;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/**
 * A hyphen within a word, as of a text that was broken at the end of a line: `in-flatable boat`, `re-ciprocating saw`; also with a
 * letter wrong. Where both sides are words of their own the hyphen may be meant, unless the word without it is commoner than both in a
 * row (`com-puter`).
 */
export function needlessHyphens(sources: NeedlessHyphenSources): ProposalSource {
  const { terms, proposer, lexicon, languageModel, costs, rules } = sources;
  return {
    name: 'needless hyphen',
    looksAt: 'tokens',
    propose(context, at, effort) {
      const left = context.slots[at]!;
      const right = context.slots[at + 1];
      if (right === undefined || right.fixed !== '' || !isHyphenAfter(context, at)) return;
      const text = left.token.text + right.token.text;
      if (text.length < MIN_LENGTH) return;
      const add = (id: number, meant: string, cost: number, distance: number, proposal: number) =>
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 2,
          kind: 'merge',
          ids: [id],
          text: meant,
          channelCost: costs.needlessHyphen + cost,
          unknownCost: 0,
          distance,
          proposal,
          asksFirst: false,
        });
      const id = termId(terms, text);
      const isWord = isKnownTerm(lexicon, id) && !isWebOnly(lexicon, id);
      if (left.known && right.known) {
        const isCommoner = isWord && lexicon.unigramCost(id) < languageModel.rowCost([left.id, right.id]);
        if (!isCommoner) return;
      }
      if (isWord) {
        add(id, text, 0, 0, NO_PROPOSAL);
        return;
      }
      if (effort.respelledMerges === 0) return;
      const first = proposer.find(text, 1, effort.isSparing);
      for (let near = first; near < first + Math.min(proposer.count, MOST_NEAR); near++) {
        const nearId = proposer.ids[near]!;
        add(nearId, lexicon.text(nearId), costs.errorCost + proposer.cost(near), proposer.distances[near]!, near);
      }
    },
  };
}

/** Whether one hyphen and nothing else stands between a slot and the next. */
export function isHyphenAfter({ query, slots }: RewriteContext, at: number): boolean {
  const left = slots[at];
  const right = slots[at + 1];
  if (left === undefined || right === undefined) return false;
  const { end } = left.token;
  return right.token.start === end + 1 && HYPHENS.includes(query[end]!);
}
