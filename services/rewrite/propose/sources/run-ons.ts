import { MISS } from '../../../../stores/store.ts';
import { type Arc, NO_PROPOSAL } from '../../decode/lattice.ts';
import type { LanguageModel } from '../../language/language-model.ts';
import type { RuleLookup } from '../../rewriter.ts';
import { MIN_RUN_ON_LENGTH, type RunOnSources, type RunOns } from '../run-ons.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Nats by which respelled words may be less likely than those as they stand: the ranker knows more. */
const SLACK = 6;

/**
 * Three words or more run together, one of them misspelled (`birthdaycakerecpie`): where the words as they stand are not all seen side
 * by side, and the respelled ones are likelier. A cut that shreds the misspelled word (`rec pie`) is then never made unasked.
 */
export function runOnsRespelled(
  runOns: RunOns,
  { costs, languageModel }: RunOnSources,
  rules: RuleLookup,
): ProposalSource {
  return {
    name: 'respelled run-on',
    looksAt: 'token',
    propose(context, at, effort) {
      const slot = context.slots[at]!;
      const { text } = slot.token;
      if (slot.known || effort.respelledSplits === 0 || text.length < MIN_RUN_ON_LENGTH) return;
      const arcs = context.lattice.arcs[at]!;
      if (arcs.some((arc) => isExplained(arc, languageModel))) return;
      const asTyped = Math.min(
        ...arcs.filter(isExactSplit).map(({ ids }) => costs.languageWeight * languageModel.rowCost(ids)),
      );
      const found = runOns
        .find(text, effort.respelledSplits)
        .filter(({ rank }) => rank + costs.errorCost < asTyped + SLACK);
      if (found.length === 0) return;
      if (found[0]!.rank + costs.errorCost < asTyped) {
        for (const arc of arcs.filter(isExactSplit)) context.lattice.replace(arc, { ...arc, asksFirst: true });
      }
      for (const { ids, words, cost } of found) {
        const spaces = costs.missingSpace + costs.furtherMissingSpace * (ids.length - 2);
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 1,
          kind: 'split',
          ids,
          text: words.join(' '),
          channelCost: spaces + costs.errorCost + cost,
          unknownCost: 0,
          distance: 1,
          proposal: NO_PROPOSAL,
          asksFirst: false,
        });
      }
    },
  };
}

function isExactSplit({ kind, distance }: Arc): boolean {
  return kind === 'split' && distance === 0;
}

/** Whether an arc explains a string by one letter, or by two words that are seen side by side. */
function isExplained({ kind, ids, distance }: Arc, languageModel: LanguageModel): boolean {
  if (kind === 'replace') return distance <= 1;
  if (kind !== 'split' || distance > 0 || ids.length > 2) return false;
  return ids.every((id, i) => i === 0 || languageModel.pairValue(ids[i - 1]!, id) !== MISS);
}
