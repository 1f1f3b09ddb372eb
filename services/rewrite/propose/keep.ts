import { TermFlag, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { isAsciiDigit } from '../../../stores/text/letter-digit-runs.ts';
import { type Arc, isGlued, NO_PROPOSAL, type Slot } from '../decode/lattice.ts';
import { isWebOnly } from '../language/vocabulary.ts';
import type { ProposalCosts } from './costs.ts';
import { CODE_LETTER_COST } from './glued-cuts.ts';

/** The arc that leaves a token as it is. The decoder needs one for every slot. */
export function keepArc(slot: Slot, at: number, lexicon: Lexicon, costs: ProposalCosts): Arc {
  const isWord = slot.token.class === 'word';
  const flags = slot.id === UNKNOWN_ID ? 0 : lexicon.flags(slot.id);
  let doubt = 0;
  if ((flags & TermFlag.suspect) !== 0) doubt += costs.suspect;
  if ((flags & TermFlag.runOn) !== 0) doubt += costs.runOn;
  if (isWord && slot.id !== UNKNOWN_ID && isWebOnly(lexicon, slot.id)) {
    const rarity = Math.max(0, lexicon.unigramCost(slot.id) - costs.webRareAbove);
    doubt += costs.keepWeb + costs.keepWebRare * rarity;
  }
  // Beside words, letters that mean nothing are dear; where nothing can be cut, all readings hold this.
  if (isGlued(slot)) doubt += CODE_LETTER_COST * letterCount(slot.token.text);
  const unknown = isWord && slot.id === UNKNOWN_ID;
  return {
    from: at,
    to: at + 1,
    kind: 'keep',
    ids: [slot.id],
    text: slot.token.text,
    channelCost: doubt,
    unknownCost: unknown ? costs.unknownWord + costs.unknownLetter * slot.token.text.length : 0,
    distance: 0,
    proposal: NO_PROPOSAL,
    asksFirst: false,
  };
}

function letterCount(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at++) if (!isAsciiDigit(text, at)) letters++;
  return letters;
}
