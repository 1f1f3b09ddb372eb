import { MAX_INDEXED_LENGTH } from '../../../stores/deletes/format.ts';
import { UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import type { Store } from '../../../stores/store.ts';
import type { LanguageModel } from '../language/language-model.ts';
import { isKnownTerm, isProposable, isWebOnly, termId } from '../language/vocabulary.ts';
import { type ProposalCosts, proposalCost } from './costs.ts';
import type { KnownMisspellings } from './misspellings.ts';
import type { Proposer } from './proposer.ts';
import { MIN_RESPELLED_SPLIT_LENGTH, respelledSplits } from './respelled-split.ts';
import { MIN_RUN_ON_LENGTH, type RunOns } from './run-ons.ts';
import type { Segmenter } from './segmentation.ts';

/** Short letters are a word where they are a common one, by their number; nats. Longer ones as those of four. */
const RARE_ABOVE = [0, 0, 9, 13, 17] as const;
/** Letters from which on they may be words run together, or a word with a slip. */
const MIN_CUT_LENGTH = 5;
const MIN_RESPELLED_LENGTH = 4;
/** Letters from which on two of them may be wrong. */
const MIN_TWICE_LENGTH = 7;
/** Words that one stretch of letters is cut into at most. */
const MOST_WORDS = 4;
/** Readings of each kind. */
const MOST_CUTS = 2;
const MOST_NEAR = 3;

/** What finding them reads. */
export interface LetterReadingSources {
  readonly terms: Store;
  readonly lexicon: Lexicon;
  readonly languageModel: LanguageModel;
  readonly misspellings: KnownMisspellings;
  readonly proposer: Proposer;
  readonly segmenter: Segmenter;
  readonly costs: ProposalCosts;
}

/** What a stretch of letters may mean. */
export interface LetterReading {
  readonly ids: readonly number[];
  readonly words: readonly string[];
  /** What its slips cost, and the words for their standing; in nats. */
  readonly cost: number;
  readonly distance: number;
}

/**
 * What a stretch of letters within a longer token may mean: a word as it stands, words run together, or, where none of these is sure,
 * a word or words with a slip.
 */
export class LetterReadings {
  readonly #sources: LetterReadingSources;
  readonly #runOns: RunOns;
  /** Look-ups of terms so far. Those of the parts it asks are counted there. */
  work = 0;

  constructor(sources: LetterReadingSources, runOns: RunOns) {
    this.#sources = sources;
    this.#runOns = runOns;
  }

  /**
   * The readings of `text`, in no order.
   *
   * @param maxEdits letters that may be wrong: 0 takes words as they stand
   * @param isSparing whether to look at the commonest terms alone
   */
  find(text: string, maxEdits: number, isSparing: boolean): LetterReading[] {
    const { lexicon, segmenter, costs, misspellings } = this.#sources;
    const found: LetterReading[] = [];
    this.work++;
    const id = termId(this.#sources.terms, text);
    const isWord = isKnownTerm(lexicon, id) && isProposable(lexicon, id) && isCommon(lexicon, id, text.length);
    if (isWord) found.push({ ids: [id], words: [text], cost: proposalCost(lexicon, costs, id), distance: 0 });
    if (isWord && !isWebOnly(lexicon, id)) return found;
    if (text.length >= MIN_CUT_LENGTH) {
      for (const { ids, words } of segmenter.segment(text, MOST_WORDS, MOST_CUTS)) {
        const cost = ids.reduce((sum, part) => sum + proposalCost(lexicon, costs, part), 0);
        found.push({ ids, words, cost, distance: 0 });
      }
    }
    if (maxEdits === 0 || text.length < MIN_RESPELLED_LENGTH || text.length > 2 * MAX_INDEXED_LENGTH) return found;
    for (const ids of misspellings.find(text)) {
      const words = ids.map((one) => lexicon.text(one));
      found.push({ ids, words, cost: costs.knownMisspelling, distance: 1 });
    }
    this.#addNear(text, maxEdits, isSparing, found);
    if (isSparing) return found;
    if (text.length >= MIN_RESPELLED_SPLIT_LENGTH) {
      for (const { ids, words, cost } of respelledSplits(text, MOST_CUTS, this.#sources)) {
        found.push({ ids, words, cost: costs.errorCost + cost, distance: 1 });
      }
    }
    if (text.length >= MIN_RUN_ON_LENGTH) {
      for (const { ids, words, cost } of this.#runOns.find(text, 1)) {
        found.push({ ids, words, cost: costs.errorCost + cost, distance: 1 });
      }
    }
    return found;
  }

  #addNear(text: string, maxEdits: number, isSparing: boolean, found: LetterReading[]): void {
    const { proposer, lexicon, costs } = this.#sources;
    if (text.length > MAX_INDEXED_LENGTH) return;
    const first = proposer.find(text, text.length < MIN_TWICE_LENGTH ? 1 : maxEdits, isSparing);
    for (let near = first; near < first + Math.min(proposer.count, MOST_NEAR); near++) {
      const id = proposer.ids[near]!;
      const word = lexicon.text(id);
      if (proposer.distances[near]! > maxEdits || !isCommon(lexicon, id, word.length)) continue;
      found.push({
        ids: [id],
        words: [word],
        cost: costs.errorCost + proposer.cost(near),
        distance: proposer.distances[near]!,
      });
    }
  }
}

function isCommon(lexicon: Lexicon, id: number, length: number): boolean {
  return id !== UNKNOWN_ID && lexicon.unigramCost(id) <= RARE_ABOVE[Math.min(length, RARE_ABOVE.length - 1)]!;
}
