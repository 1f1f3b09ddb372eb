import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import type { Store } from '../../../../stores/store.ts';
import { NO_PROPOSAL } from '../../decode/lattice.ts';
import { isKnownTerm, isProposable, termId } from '../../language/vocabulary.ts';
import type { RuleLookup } from '../../rewriter.ts';
import { knownCost, type ProposalCosts, proposalCost } from '../costs.ts';
import type { Proposer } from '../proposer.ts';
import { addUnlessBlocked, type ProposalSource } from './source.ts';

/** Runs of a letter that are collapsed at most: each may be one letter or two, so a word has as many forms as 2 to this power. */
const MOST_RUNS = 3;
/** Letters from which on a run is no spelling: no word has three of a letter side by side, but a few compounds. */
const LEAST_RUN = 3;

export interface RepeatedLetterSources {
  readonly terms: Store;
  readonly proposer: Proposer;
  readonly lexicon: Lexicon;
  readonly costs: ProposalCosts;
  readonly rules: RuleLookup;
}

/** A letter held down: `happyyyy` for `happy`, `shoeees` for `shoes`, `gooood` for `good`. */
export function repeatedLetters({ terms, proposer, lexicon, costs, rules }: RepeatedLetterSources): ProposalSource {
  return {
    name: 'repeated letter',
    looksAt: 'token',
    propose(context, at, effort) {
      const slot = context.slots[at]!;
      const { text } = slot.token;
      if (effort.replacements === 0 || !hasLongRun(text)) return;
      const penalty = costs.errorCost + costs.repeatedLetter + knownCost(slot, lexicon, costs);
      const add = (id: number, cost: number, distance: number) =>
        addUnlessBlocked(context, rules, {
          from: at,
          to: at + 1,
          kind: 'replace',
          ids: [id],
          text: lexicon.text(id),
          channelCost: penalty + cost,
          unknownCost: 0,
          distance,
          proposal: NO_PROPOSAL,
        });
      const forms = collapsed(text);
      let isFound = false;
      for (const form of forms) {
        const id = termId(terms, form);
        if (!isKnownTerm(lexicon, id) || !isProposable(lexicon, id)) continue;
        add(id, proposalCost(lexicon, costs, id), 1);
        isFound = true;
      }
      if (isFound) return;
      // Held down and misspelled: the commonest term near the shortest form.
      const first = proposer.find(forms[0] ?? '', 1, true);
      if (proposer.count > 0) add(proposer.ids[first]!, costs.errorCost + proposer.cost(first), 2);
    },
  };
}

function hasLongRun(text: string): boolean {
  let run = 1;
  for (let i = 1; i < text.length; i++) {
    run = text.charCodeAt(i) === text.charCodeAt(i - 1) ? run + 1 : 1;
    if (run === LEAST_RUN) return true;
  }
  return false;
}

/** The text with each long run as one letter and as two, the shortest form first. */
function collapsed(text: string): string[] {
  let forms = [''];
  let runs = 0;
  for (let at = 0; at < text.length; ) {
    let end = at + 1;
    while (end < text.length && text[end] === text[at]) end++;
    const letter = text[at]!;
    const count = end - at;
    if (count < LEAST_RUN) forms = forms.map((form) => form + letter.repeat(count));
    else if (++runs <= MOST_RUNS) forms = [1, 2].flatMap((times) => forms.map((form) => form + letter.repeat(times)));
    else forms = forms.map((form) => form + letter);
    at = end;
  }
  return forms;
}
