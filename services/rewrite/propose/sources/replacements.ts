import { UNKNOWN_ID } from '../../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import type { Slot } from '../../decode/lattice.ts';
import { isWebOnly } from '../../language/vocabulary.ts';
import type { RuleLookup } from '../../rewriter.ts';
import { knownCost, type ProposalCosts } from '../costs.ts';
import { hasLongRun } from '../long-runs.ts';
import { isListed } from '../misspellings.ts';
import type { Proposer } from '../proposer.ts';
import type { Segmenter } from '../segmentation.ts';
import { isHyphenAfter } from './needless-hyphens.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Shorter words are left alone. */
const MIN_LENGTH = 2;
/** Above this unigram cost even a known word is rare enough to be looked at two edits away. */
const RARE_ABOVE = 16.5;

export interface ReplacementSources {
  readonly proposer: Proposer;
  readonly segmenter: Segmenter;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/** A term near the word by its letters, or one that sounds like it. */
export function replacements({ proposer, segmenter, lexicon, costs, rules }: ReplacementSources): ProposalSource {
  return {
    name: 'replacement',
    looksAt: 'token',
    propose(context, at, effort) {
      const slot = context.slots[at]!;
      const { text } = slot.token;
      if (effort.replacements === 0 || text.length < MIN_LENGTH) return;
      // A letter that was held down explains all: terms two edits away do not.
      if (hasLongRun(text) && context.lattice.arcs[at]!.length > 1) return;
      const maxEdits = isWellKnown(slot, lexicon) ? 1 : Math.min(effort.maxEdits, context.options.maxEdits);
      const penalty = costs.errorCost + knownCost(slot, lexicon, costs);
      const before = isHyphenAfter(context, at - 1) ? context.slots[at - 1]!.token.text : '';
      const first = proposer.find(text, maxEdits, effort.isSparing);
      const last = first + Math.min(proposer.count, effort.replacements);
      for (let proposal = first; proposal < last; proposal++) {
        const id = proposer.ids[proposal]!;
        if (slot.listed.length > 0 && isListed(slot.listed, [id])) continue;
        const meant = lexicon.text(id);
        // What stands before the hyphen would stand there twice: `re-ciprocating` is no `re-reciprocating`.
        if (before !== '' && meant.startsWith(before)) continue;
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 1,
          kind: 'replace',
          ids: [id],
          text: meant,
          channelCost: penalty + proposer.cost(proposal),
          unknownCost: 0,
          distance: proposer.distances[proposal]!,
          proposal,
          // `ilove` is no sure `love` where `i love` explains every letter.
          asksFirst:
            meant.length === text.length - 1 && text.endsWith(meant) && segmenter.segment(text, 2, 1).length > 0,
        });
      }
    },
  };
}

function isWellKnown(slot: Slot, lexicon: Lexicon): boolean {
  if (!slot.known || slot.id === UNKNOWN_ID) return false;
  return !isWebOnly(lexicon, slot.id) && lexicon.unigramCost(slot.id) < RARE_ABOVE;
}
