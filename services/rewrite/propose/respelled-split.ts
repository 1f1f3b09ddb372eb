import { MAX_INDEXED_LENGTH } from '../../../stores/deletes/format.ts';
import { UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import type { Store } from '../../../stores/store.ts';
import type { LanguageModel } from '../language/language-model.ts';
import { isKnownTerm, isProposable, isWebOnly, termId } from '../language/vocabulary.ts';
import type { ProposalCosts } from './costs.ts';
import type { Proposer } from './proposer.ts';

/** What finding them reads. */
export interface RespelledSplitSources {
  readonly terms: Store;
  readonly lexicon: Lexicon;
  readonly languageModel: LanguageModel;
  readonly proposer: Proposer;
  readonly costs: ProposalCosts;
}

/** A way to cut a word in two, one part respelled. */
export interface RespelledSplit {
  readonly ids: readonly [number, number];
  readonly words: readonly [string, string];
  /** What the slip costs by the error model, and proposing the word for its standing; in nats. */
  readonly cost: number;
}

/** Shorter words have parts by chance. */
export const MIN_RESPELLED_SPLIT_LENGTH = 7;
/** The part that is right as it stands, and the one that is not. */
const MIN_RIGHT_LENGTH = 4;
const MIN_WRONG_LENGTH = 3;
/** Right parts tried at either end, the longest: each costs a search for terms one edit away. */
const MOST_RIGHT_PARTS = 3;
/** No longer words: neither index holds their parts. */
const LONGEST = 2 * MAX_INDEXED_LENGTH;
/** Terms one edit away taken of each other part. */
const MOST_NEAR = 3;
/** Above this unigram cost a part is too rare to be one. */
const RARE_ABOVE = 15;

/**
 * The `count` cheapest ways to cut a word of seven letters and more into a word as it stands and one that is one edit away
 * (`wirelesheadphones`, `quarteround`: also where two words share a letter).
 *
 * Work: two look-ups a letter, and at most six searches for terms one edit away.
 */
export function respelledSplits(text: string, count: number, sources: RespelledSplitSources): RespelledSplit[] {
  const { length } = text;
  if (length > LONGEST) return [];
  const found: (RespelledSplit & { readonly rank: number })[] = [];
  let left = 0;
  for (let cut = length - MIN_WRONG_LENGTH; cut >= MIN_RIGHT_LENGTH && left < MOST_RIGHT_PARTS; cut--) {
    const word = text.slice(0, cut);
    const id = rightPart(word, sources);
    if (id === UNKNOWN_ID) continue;
    left++;
    forEachNear(text.slice(cut), sources, (near, meant, cost) => {
      found.push(toSplit(id, near, [word, meant], cost, sources));
    });
  }
  let right = 0;
  for (let cut = MIN_WRONG_LENGTH; cut <= length - MIN_RIGHT_LENGTH && right < MOST_RIGHT_PARTS; cut++) {
    const word = text.slice(cut);
    const id = rightPart(word, sources);
    if (id === UNKNOWN_ID) continue;
    right++;
    forEachNear(text.slice(0, cut), sources, (near, meant, cost) => {
      found.push(toSplit(near, id, [meant, word], cost, sources));
    });
  }
  found.sort((a, b) => a.rank - b.rank);
  const distinct = found.filter(
    (split, i) => found.findIndex((other) => other.words.join() === split.words.join()) === i,
  );
  return distinct.slice(0, count);
}

function toSplit(first: number, second: number, words: [string, string], cost: number, sources: RespelledSplitSources) {
  const { languageModel, costs } = sources;
  const row = languageModel.unigramCost(first) + languageModel.pairCost(first, second);
  return { ids: [first, second] as const, words, cost, rank: cost + costs.languageWeight * row };
}

function rightPart(word: string, sources: RespelledSplitSources): number {
  const { terms, lexicon } = sources;
  const id = termId(terms, word);
  if (!isKnownTerm(lexicon, id) || !isProposable(lexicon, id)) return UNKNOWN_ID;
  return isWebOnly(lexicon, id) || lexicon.unigramCost(id) > RARE_ABOVE ? UNKNOWN_ID : id;
}

function forEachNear(
  part: string,
  { proposer, lexicon }: RespelledSplitSources,
  visit: (id: number, meant: string, cost: number) => void,
): void {
  const first = proposer.find(part, 1, true);
  const last = first + Math.min(proposer.count, MOST_NEAR);
  for (let proposal = first; proposal < last; proposal++) {
    const id = proposer.ids[proposal]!;
    const meant = lexicon.text(id);
    if (meant.length >= MIN_WRONG_LENGTH && lexicon.unigramCost(id) < RARE_ABOVE)
      visit(id, meant, proposer.cost(proposal));
  }
}
