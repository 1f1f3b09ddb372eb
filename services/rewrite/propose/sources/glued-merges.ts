import { NUMBER_ID } from '../../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import { isAsciiDigit, runsOf } from '../../../../stores/text/letter-digit-runs.ts';
import type { RewriteContext } from '../../context.ts';
import { isGlued, joinedText, NO_PROPOSAL, type Slot } from '../../decode/lattice.ts';
import type { RuleLookup } from '../../rewriter.ts';
import { type ProposalCosts, spacesCost } from '../costs.ts';
import type { GluedCut, GluedCuts } from '../glued-cuts.ts';
import { isGapOfSpaces } from './runs.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Ways taken of a pair. */
const MOST_CUTS = 2;
/** Fewer letters beside the number are a code's: `for t5 tube` is no `fort 5 tube`. */
const LEAST_LETTERS = 3;

export interface GluedMergeSources {
  readonly cuts: GluedCuts;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/** A space within a word and none beside the number: `i phone13` for `iphone 13`, `360contro ller`. */
export function gluedMerges({ cuts, lexicon, costs, rules }: GluedMergeSources): ProposalSource {
  return {
    name: 'glued number beside a cut word',
    looksAt: 'tokens',
    propose(context, at, effort) {
      if (effort.movedSpaces === 0 || !isGluedPair(context, at)) return;
      const { slots } = context;
      const isWordFirst = slots[at]!.fixed === '';
      if (lettersAtSpace(slots[isWordFirst ? at + 1 : at]!, isWordFirst) < LEAST_LETTERS) return;
      const text = slots[at]!.token.text + slots[at + 1]!.token.text;
      const runs = runsOf(text);
      if (runs.length === 0) return;
      const typed = joinedText(slots, at, at + 2);
      const channelCost = spacesCost(slots, at, at + 1, lexicon, costs);
      for (const cut of cuts.find(text, runs, { count: MOST_CUTS, maxEdits: 0, isSparing: true })) {
        const meant = cut.words.join(' ');
        if (meant === typed || !joinsWord(cut, runs, isWordFirst)) continue;
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 2,
          kind: 'replace',
          ids: cut.ids,
          text: meant,
          channelCost: channelCost + costs.missingSpace * (cut.ids.length - 1) + cut.cost,
          unknownCost: 0,
          distance: 0,
          proposal: NO_PROPOSAL,
          asksFirst: true,
        });
      }
    },
  };
}

/** Whether a word and a glued token, in either order, stand side by side with their letters at the space. */
function isGluedPair(context: RewriteContext, at: number): boolean {
  const left = context.slots[at]!;
  const right = context.slots[at + 1];
  if (right === undefined || at + 1 >= context.lattice.arcs.length) return false;
  const isPair = (left.fixed === '' && isGlued(right)) || (isGlued(left) && right.fixed === '');
  return isPair && isGapOfSpaces(context, left, right);
}

/** How many letters a glued token begins or ends with. */
function lettersAtSpace({ token, runs }: Slot, isAtStart: boolean): number {
  const run = isAtStart ? 0 : runs.length - 2;
  return isAsciiDigit(token.text, runs[run]!) ? 0 : runs[run + 1]! - runs[run]!;
}

/** Whether the first or the last part of a cut is one word: all letters on both sides of the space. */
function joinsWord({ ids, words }: GluedCut, runs: readonly number[], isFirst: boolean): boolean {
  const part = isFirst ? 0 : ids.length - 1;
  const run = isFirst ? 0 : runs.length - 2;
  return ids[part] !== NUMBER_ID && words[part]!.length === runs[run + 1]! - runs[run]!;
}
