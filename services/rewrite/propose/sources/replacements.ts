import { UNKNOWN_ID } from '../../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import type { Arc, Slot } from '../../decode/lattice.ts';
import type { LanguageProfile } from '../../language/profile.ts';
import { isWebOnly } from '../../language/vocabulary.ts';
import type { RuleLookup } from '../../rewriter.ts';
import { knownCost, type ProposalCosts } from '../costs.ts';
import { collapsed, hasLongRun } from '../long-runs.ts';
import { isListed } from '../misspellings.ts';
import type { Proposer } from '../proposer.ts';
import { isHyphenAfter } from './needless-hyphens.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Shorter words are left alone. */
const MIN_LENGTH = 2;
/** Below this unigram cost a word is common enough to be what a letter held down leaves. */
const COMMON_BELOW = 11;
/** Above this unigram cost even a known word is rare enough to be looked at two edits away. */
const RARE_ABOVE = 16.5;

export interface ReplacementSources {
  readonly proposer: Proposer;
  readonly profile: LanguageProfile;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/** A term near the word by its letters, or one that sounds like it. */
export function replacements({ proposer, profile, lexicon, costs, rules }: ReplacementSources): ProposalSource {
  return {
    name: 'replacement',
    looksAt: 'token',
    propose(context, at, effort) {
      const slot = context.slots[at]!;
      const { text } = slot.token;
      const arcs = context.lattice.arcs[at]!;
      if (effort.replacements === 0 || text.length < MIN_LENGTH) return;
      if (hasLongRun(text) && arcs.some((arc) => isCommonForm(arc, text, lexicon))) return;
      const maxEdits = isWellKnown(slot, lexicon) ? 1 : Math.min(effort.maxEdits, context.options.maxEdits);
      const penalty = costs.errorCost + knownCost(slot, lexicon, costs);
      const before = isHyphenAfter(context, at - 1) ? context.slots[at - 1]!.token.text : '';
      const hasApostrophe = slot.known && text.includes("'") && !isOnWebAlone(slot, lexicon);
      const first = proposer.find(text, maxEdits, effort.isSparing);
      const last = first + Math.min(proposer.count, effort.replacements);
      for (let proposal = first; proposal < last; proposal++) {
        // A term with other marks is a reading of its own (`marks.ts`).
        if (proposer.isOfMarksAlone(proposal)) continue;
        const id = proposer.ids[proposal]!;
        if (slot.listed.length > 0 && isListed(slot.listed, [id])) continue;
        const meant = lexicon.text(id);
        // What stands before the hyphen would stand there twice: `re-ciprocating` is no `re-reciprocating`.
        if (before.length > 1 && meant.startsWith(before)) continue;
        // `eagle's` is no slip for `eagles`; `could'nt` is one for `couldn't`.
        if (hasApostrophe && bare(text) === bare(meant)) continue;
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
          asksFirst: losesWord(text, meant, profile),
        });
      }
    },
  };
}

function isOnWebAlone(slot: Slot, lexicon: Lexicon): boolean {
  return slot.id !== UNKNOWN_ID && isWebOnly(lexicon, slot.id) && lexicon.text(slot.id) === slot.token.text;
}

function isWellKnown(slot: Slot, lexicon: Lexicon): boolean {
  if (!slot.known || slot.id === UNKNOWN_ID) return false;
  return !isWebOnly(lexicon, slot.id) && lexicon.unigramCost(slot.id) < RARE_ABOVE;
}

/** A letter that was held down explains all where it leaves a common word: what is two edits away is not looked for then. */
function isCommonForm(arc: Arc, text: string, lexicon: Lexicon): boolean {
  return (
    arc.kind === 'replace' && collapsed(text).includes(arc.text) && lexicon.unigramCost(arc.ids[0]!) < COMMON_BELOW
  );
}

/** Whether the letter that was dropped is a word: `ilove` is no sure `love`, as `i love` explains every letter. */
function losesWord(typed: string, meant: string, { singleLetterWords }: LanguageProfile): boolean {
  return typed.length === meant.length + 1 && typed.endsWith(meant) && singleLetterWords.includes(typed[0]!);
}

function bare(text: string): string {
  return text.replaceAll("'", '');
}
