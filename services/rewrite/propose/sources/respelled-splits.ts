import { FIRST_TERM_ID } from '../../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import { MISS } from '../../../../stores/store.ts';
import { type Arc, NO_PROPOSAL, type Slot } from '../../decode/lattice.ts';
import type { LanguageModel } from '../../language/language-model.ts';
import { isWebOnly } from '../../language/vocabulary.ts';
import type { RuleLookup } from '../../rewriter.ts';
import { MIN_RESPELLED_SPLIT_LENGTH, type RespelledSplitSources, respelledSplits } from '../respelled-split.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/**
 * Two words run together, one of them misspelled (`wirelesheadphones`): where nothing simpler explains the word, and no
 * list but those of the web has it.
 */
export function splitsRespelled(sources: RespelledSplitSources, rules: RuleLookup): ProposalSource {
  const { costs, languageModel } = sources;
  return {
    name: 'respelled split',
    looksAt: 'token',
    propose(context, at, effort) {
      const slot = context.slots[at]!;
      const { text } = slot.token;
      if (
        (slot.known && !isDoubted(slot, sources.lexicon)) ||
        effort.respelledSplits === 0 ||
        text.length < MIN_RESPELLED_SPLIT_LENGTH
      )
        return;
      if (context.lattice.arcs[at]!.some((arc) => isPlain(arc, languageModel))) return;
      for (const { ids, words, cost } of respelledSplits(text, effort.respelledSplits, sources)) {
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 1,
          kind: 'split',
          ids,
          text: words.join(' '),
          channelCost: costs.missingSpace + costs.errorCost + cost,
          unknownCost: 0,
          distance: 1,
          proposal: NO_PROPOSAL,
          asksFirst: false,
        });
      }
    },
  };
}

/** Whether a word is known from the web alone, where words run together look like words. */
function isDoubted({ id }: Slot, lexicon: Lexicon): boolean {
  return id >= FIRST_TERM_ID && isWebOnly(lexicon, id);
}

/** Whether an arc explains a word by one slip: one edit, or spaces left out between words that are seen side by side. */
function isPlain({ kind, ids, distance }: Arc, languageModel: LanguageModel): boolean {
  if (kind === 'replace') return distance <= 1;
  return kind === 'split' && ids.every((id, i) => i === 0 || languageModel.pairValue(ids[i - 1]!, id) !== MISS);
}
