import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import type { Store } from '../../../../stores/store.ts';
import { isUnit } from '../../../../stores/text/glued-run.ts';
import { isAsciiDigit } from '../../../../stores/text/letter-digit-runs.ts';
import { NO_PROPOSAL } from '../../decode/lattice.ts';
import { isKnownTerm, isProposable, isWebOnly, termId } from '../../language/vocabulary.ts';
import type { RuleLookup } from '../../rewriter.ts';
import type { ProposalCosts } from '../costs.ts';
import type { Proposer } from '../proposer.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** The letters that each digit looks like; 2 is seldom typed for one. */
const LOOK_ALIKES = ['o', 'il', '', 'e', 'a', 's', 'bg', 't', 'b', 'g'] as const;
/** Shorter words are only meant where the digit is 0, and code units from which on the word may have a slip besides. */
const MIN_LENGTH = 4;
const MIN_SLIP_LENGTH = 6;
/** Above this unigram cost a word of so many letters is not meant; nats, longer ones as those of five. */
const RARE_ABOVE = [0, 0, 0, 10.5, 12, 16] as const;
const MOST_NEAR = 2;

export interface LookAlikeSources {
  readonly terms: Store;
  readonly lexicon: Lexicon;
  readonly proposer: Proposer;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/**
 * One digit within a word for the letter that it looks like: `ph0ne`; in longer words also with a letter wrong, as where the digit was
 * hit beside the right key: `head0hones`. The only source that changes a digit.
 */
export function lookAlikes({ terms, lexicon, proposer, costs, rules }: LookAlikeSources): ProposalSource {
  return {
    name: 'look-alike digit',
    looksAt: 'token',
    propose(context, at, effort) {
      const { token, runs } = context.slots[at]!;
      const { text } = token;
      // Letters, one digit, letters.
      if (effort.replacements === 0 || runs.length !== 4) return;
      const place = runs[1]!;
      if (!isAsciiDigit(text, place) || runs[2] !== place + 1 || isOrdinal(text, place)) return;
      if (text.length < MIN_LENGTH && text[place] !== '0') return;
      const add = (id: number, meant: string, cost: number, distance: number) =>
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 1,
          kind: 'replace',
          ids: [id],
          text: meant,
          channelCost: costs.errorCost + costs.substitution + cost,
          unknownCost: 0,
          distance,
          proposal: NO_PROPOSAL,
          asksFirst: true,
        });
      let isFound = false;
      const letters = LOOK_ALIKES[text.charCodeAt(place) - 0x30]!;
      for (const letter of letters) {
        const meant = text.slice(0, place) + letter + text.slice(place + 1);
        const id = termId(terms, meant);
        if (!isKnownTerm(lexicon, id) || !isMeant(id, meant.length, lexicon)) continue;
        add(id, meant, 0, 1);
        isFound = true;
      }
      const maxEdits = Math.min(effort.maxEdits, context.options.maxEdits);
      if (isFound || maxEdits < 2 || text.length < MIN_SLIP_LENGTH || letters === '') return;
      const meant = text.slice(0, place) + letters[0] + text.slice(place + 1);
      const first = proposer.find(meant, 1, effort.isSparing);
      for (let near = first; near < first + Math.min(proposer.count, MOST_NEAR); near++) {
        const id = proposer.ids[near]!;
        const word = lexicon.text(id);
        // What lacks neither letter nor digit would have a letter wrong and the digit too.
        if (isMeant(id, word.length, lexicon)) add(id, word, proposer.cost(near), 2);
      }
    },
  };
}

/** Whether a digit and what is behind it are one: `m1st`. */
function isOrdinal(text: string, place: number): boolean {
  return text.length - place > 2 && isUnit(text.slice(place + 1));
}

function isMeant(id: number, length: number, lexicon: Lexicon): boolean {
  if (!isProposable(lexicon, id) || isWebOnly(lexicon, id)) return false;
  return lexicon.unigramCost(id) <= RARE_ABOVE[Math.min(length, RARE_ABOVE.length - 1)]!;
}
