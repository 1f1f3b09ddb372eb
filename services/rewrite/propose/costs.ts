import { TermFlag, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import type { Slot } from '../decode/lattice.ts';
import { isWebOnly } from '../language/vocabulary.ts';

/**
 * The fixed costs of proposals, in nats (-ln of a probability), which the decoder adds up before the ranker weighs the readings
 * found. Each language has its own (`costs` in `language.json`); they are chosen by hand on development sets, not fitted.
 */
export interface ProposalCosts {
  /** That a word contains a spelling error at all, whatever the error. */
  readonly errorCost: number;
  /** Edits by type; see `channel.ts`. */
  readonly substitution: number;
  readonly adjacentKey: number;
  readonly vowelForVowel: number;
  readonly insertion: number;
  readonly deletion: number;
  readonly doubledLetter: number;
  readonly transposition: number;
  /** A letter without its mark, with one too many or with another: `cafe`. */
  readonly diacritic: number;
  /** A term without its marks, with others, or with its marks written out: `Munchen`, `Muenchen`; in total. */
  readonly marks: number;
  /** An apostrophe left out, or put in. */
  readonly apostrophe: number;
  /** Added when the first letter is touched. */
  readonly firstLetter: number;
  /** A correction in a list of known misspellings, in total. */
  readonly knownMisspelling: number;
  /** A missing space, and each further one in the same token. */
  readonly missingSpace: number;
  readonly furtherMissingSpace: number;
  /** A wrong space. */
  readonly extraSpace: number;
  /** A letter typed three times or more for one or two. */
  readonly repeatedLetter: number;
  /** A hyphen within a word. */
  readonly needlessHyphen: number;
  /** Added when what was typed is itself a known word, by its standing. */
  readonly knownDictionary: number;
  readonly knownName: number;
  readonly knownOwner: number;
  readonly knownWeb: number;
  /** Keeping an unknown word: constant and per code unit; takes the place of its language model cost. */
  readonly unknownWord: number;
  readonly unknownLetter: number;
  /** Keeping or proposing a doubtful word. */
  readonly suspect: number;
  readonly runOn: number;
  /** Keeping a word that is known from the web alone, and each nat by which it is rarer than `webRareAbove`. */
  readonly keepWeb: number;
  readonly keepWebRare: number;
  readonly webRareAbove: number;
  /** Proposing a term that is known from the web alone. */
  readonly proposeWeb: number;
  /** What a nat of the language model counts beside all these. */
  readonly languageWeight: number;
}

/** The names of all costs. */
export const COST_NAMES = [
  'errorCost',
  'substitution',
  'adjacentKey',
  'vowelForVowel',
  'insertion',
  'deletion',
  'doubledLetter',
  'transposition',
  'diacritic',
  'marks',
  'apostrophe',
  'firstLetter',
  'knownMisspelling',
  'missingSpace',
  'furtherMissingSpace',
  'extraSpace',
  'repeatedLetter',
  'needlessHyphen',
  'knownDictionary',
  'knownName',
  'knownOwner',
  'knownWeb',
  'unknownWord',
  'unknownLetter',
  'suspect',
  'runOn',
  'keepWeb',
  'keepWebRare',
  'webRareAbove',
  'proposeWeb',
  'languageWeight',
] as const satisfies readonly (keyof ProposalCosts)[];

/** What proposing a term costs because of its standing, in nats. */
export function proposalCost(lexicon: Lexicon, costs: ProposalCosts, id: number): number {
  const flags = lexicon.flags(id);
  let cost = isWebOnly(lexicon, id) ? costs.proposeWeb : 0;
  if ((flags & TermFlag.suspect) !== 0) cost += costs.suspect;
  if ((flags & TermFlag.runOn) !== 0) cost += costs.runOn;
  return cost;
}

/** What changing a word costs because it is a word, by its standing, in nats. */
export function knownCost(slot: Slot, lexicon: Lexicon, costs: ProposalCosts): number {
  if (!slot.known || slot.id === UNKNOWN_ID) return 0;
  const flags = lexicon.flags(slot.id);
  if ((flags & TermFlag.dictionary) !== 0) return costs.knownDictionary;
  if ((flags & TermFlag.name) !== 0) return costs.knownName;
  return (flags & (TermFlag.documents | TermFlag.queries)) !== 0 ? costs.knownOwner : costs.knownWeb;
}

/** What taking out the spaces between slots `from` to `last` (inclusive) costs, and changing the words, by the mean of their standings. */
export function spacesCost(
  slots: readonly Slot[],
  from: number,
  last: number,
  lexicon: Lexicon,
  costs: ProposalCosts,
): number {
  let known = 0;
  for (let i = from; i <= last; i++) known += knownCost(slots[i]!, lexicon, costs);
  return costs.extraSpace * (last - from) + known / (last - from + 1);
}
