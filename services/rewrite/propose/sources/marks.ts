import { TermFlag } from '../../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import { type Arc, NO_PROPOSAL } from '../../decode/lattice.ts';
import type { LanguageProfile } from '../../language/profile.ts';
import type { RuleLookup } from '../../rewriter.ts';
import { knownCost, type ProposalCosts, proposalCost } from '../costs.ts';
import type { MarkedTerms } from '../marks.ts';
import { isListed } from '../misspellings.ts';
import type { Proposer } from '../proposer.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Shorter words with two letters for one and a slip beside are left alone: they are near too many terms. */
const MIN_RESPELLED_LENGTH = 6;
/** Letters that are tried for two that were typed, in one word. */
const MOST_TRIED = 3;
/** Terms taken for each. */
const MOST_NEAR = 2;

const OWNERS = TermFlag.documents | TermFlag.queries;

export interface MarkSources {
  readonly proposer: Proposer;
  readonly profile: LanguageProfile;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/** A term with other marks: `Munchen` and `Muenchen` for `München`; `Müller` for `Mueller`, where that is how it is known. */
export function otherMarks(marked: MarkedTerms, { lexicon, costs, rules }: MarkSources): ProposalSource {
  return {
    name: 'marks',
    looksAt: 'token',
    propose(context, at, effort) {
      if (effort.replacements === 0) return;
      const slot = context.slots[at]!;
      marked.find(slot.token.text);
      for (let i = 0; i < marked.count; i++) {
        const id = marked.ids[i]!;
        if (slot.listed.length > 0 && isListed(slot.listed, [id])) continue;
        if (slot.known && !isOfBetterStanding(lexicon, slot.id, id)) continue;
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 1,
          kind: 'replace',
          ids: [id],
          text: lexicon.text(id),
          channelCost: costs.marks + knownCost(slot, lexicon, costs) + proposalCost(lexicon, costs, id),
          unknownCost: 0,
          distance: 0,
          proposal: NO_PROPOSAL,
          asksFirst: false,
        });
      }
    },
  };
}

/**
 * A marked letter written out as two, and a slip beside it: `schluesel` for `schlüssel`. Where the letter was left without its marks,
 * the term is two edits away and found by them.
 */
export function otherMarksRespelled(
  marked: MarkedTerms,
  { proposer, profile, lexicon, costs, rules }: MarkSources,
): ProposalSource {
  return {
    name: 'marks and a slip',
    looksAt: 'token',
    propose(context, at, effort) {
      const slot = context.slots[at]!;
      const { text } = slot.token;
      if (slot.known || text.length < MIN_RESPELLED_LENGTH) return;
      if (effort.isSparing || Math.min(effort.maxEdits, context.options.maxEdits) < 2) return;
      if (context.lattice.arcs[at]!.some(isPlain)) return;
      let tried = 0;
      for (const [spelling, letter] of profile.marks.writtenOut) {
        if (!text.includes(spelling) || !marked.hasLetter(letter)) continue;
        const first = proposer.find(text.replaceAll(spelling, letter), 1, false);
        for (let near = first; near < first + Math.min(proposer.count, MOST_NEAR); near++) {
          const id = proposer.ids[near]!;
          const meant = lexicon.text(id);
          // Else the two letters are no other way to write the one.
          if (!meant.includes(letter)) continue;
          addUnlessBlocked(context, rules, {
            from: at,
            to: at + 1,
            kind: 'replace',
            ids: [id],
            text: meant,
            channelCost: costs.marks + costs.errorCost + proposer.cost(near),
            unknownCost: 0,
            distance: 1,
            proposal: NO_PROPOSAL,
            asksFirst: false,
          });
        }
        if (++tried === MOST_TRIED) return;
      }
    },
  };
}

/**
 * Whether a known word may be meant for a term with other marks: for the owner's, else for a dictionary's. Many are written without
 * marks where they are names (`Fluegel`), and lists of names and the web have both.
 */
function isOfBetterStanding(lexicon: Lexicon, typed: number, meant: number): boolean {
  const flags = lexicon.flags(meant);
  if ((flags & OWNERS) !== 0) return true;
  return (flags & TermFlag.dictionary) !== 0 && (lexicon.flags(typed) & OWNERS) === 0;
}

/** Whether an arc explains a word by its marks or by one letter. */
function isPlain({ kind, distance }: Arc): boolean {
  return kind === 'replace' && distance <= 1;
}
